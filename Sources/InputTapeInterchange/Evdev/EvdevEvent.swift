// SPDX-License-Identifier: Apache-2.0
//
// One event of a Linux input device, as the kernel numbers it.

/// Type, code and value of an input device's event, and its time in nanoseconds.
public struct EvdevEvent: Hashable, Sendable {
  public var time: Int64
  public var type: UInt16
  public var code: UInt16
  public var value: Int32

  public init(time: Int64, type: UInt16, code: UInt16, value: Int32) {
    self.time = time
    self.type = type
    self.code = code
    self.value = value
  }
}

/// The kernel's numbers of types, as far as they matter here.
public enum EvdevType {
  public static let synchronize: UInt16 = 0
  public static let key: UInt16 = 1
  public static let relative: UInt16 = 2
  public static let absolute: UInt16 = 3
}

/// The kernel's numbers of codes, as far as they matter here.
public enum EvdevCode {
  public static let report: UInt16 = 0
  /// The end of one contact in a list of them.
  public static let contactEnd: UInt16 = 2
  public static let dropped: UInt16 = 3

  static let relativeX: UInt16 = 0x00
  static let relativeY: UInt16 = 0x01
  static let horizontalWheel: UInt16 = 0x06
  static let wheel: UInt16 = 0x08
  static let fineWheel: UInt16 = 0x0B
  static let fineHorizontalWheel: UInt16 = 0x0C

  static let x: UInt16 = 0x00
  static let y: UInt16 = 0x01
  static let pressure: UInt16 = 0x18
  static let distance: UInt16 = 0x19
  static let tiltX: UInt16 = 0x1A
  static let tiltY: UInt16 = 0x1B
  /// The last axis of gamepads and the like: hats.
  static let lastHat: UInt16 = 0x17
  public static let slot: UInt16 = 0x2F
  public static let contactX: UInt16 = 0x35
  public static let contactY: UInt16 = 0x36
  public static let contactID: UInt16 = 0x39
  public static let contactPressure: UInt16 = 0x3A
  static let firstContactAxis: UInt16 = 0x2F

  static let mouseButtons: ClosedRange<UInt16> = 0x110...0x117
  static let gamepadButtons: ClosedRange<UInt16> = 0x120...0x13F
  static let digitizerKeys: ClosedRange<UInt16> = 0x140...0x14F
  /// Pens, erasers, brushes, pencils, airbrushes.
  static let penTools: ClosedRange<UInt16> = 0x140...0x144
  static let eraser: UInt16 = 0x141
  static let touching: UInt16 = 0x14A
  static let thirdStylus: UInt16 = 0x149
  static let stylus: UInt16 = 0x14B
  static let secondStylus: UInt16 = 0x14C
}
