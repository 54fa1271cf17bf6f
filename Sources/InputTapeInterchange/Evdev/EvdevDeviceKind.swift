// SPDX-License-Identifier: Apache-2.0
//
// What sort of thing an input device is: decides what its absolute axes mean.

/// The sort of an input device.
public enum EvdevDeviceKind: String, Hashable, Sendable, CaseIterable {
  /// By what the device can send or, where nobody knows that, by what it sends.
  case auto
  case mouse
  case keyboard
  case touch
  case pen
  case gamepad
}

/// What an input device says of itself, as far as it matters here.
public struct EvdevDevice: Hashable, Sendable {
  public var name = ""
  /// Vendor and product, as in `046d:c08b`.
  public var identity = ""
  public var kind = EvdevDeviceKind.auto
  /// Whether contacts come in slots.
  public var hasSlots = false
  /// Whether wheels report parts of a detent too.
  public var hasFineWheel = false
  /// Units of tilt for a radian; 0 where unknown.
  public var tiltResolution = 0
  /// Units of the first axis for a millimetre; 0 where unknown.
  public var resolution = 0

  public init() {}

  /// A device by what it can send.
  ///
  /// - Parameter can: whether it can send a type and a code.
  public mutating func setCapabilities(_ can: (UInt16, UInt16) -> Bool) {
    func any(_ codes: ClosedRange<UInt16>) -> Bool { codes.contains { can(EvdevType.key, $0) } }
    hasSlots = can(EvdevType.absolute, EvdevCode.slot)
    hasFineWheel =
      can(EvdevType.relative, EvdevCode.fineWheel)
      || can(EvdevType.relative, EvdevCode.fineHorizontalWheel)
    let isAbsolute = can(EvdevType.absolute, EvdevCode.x)
    if isAbsolute, any(EvdevCode.penTools) {
      kind = .pen
    } else if hasSlots || isAbsolute && can(EvdevType.key, EvdevCode.touching) {
      kind = .touch
    } else if any(EvdevCode.gamepadButtons) {
      kind = .gamepad
    } else if can(EvdevType.relative, EvdevCode.relativeX) || any(EvdevCode.mouseButtons) {
      kind = .mouse
    } else if isAbsolute {
      kind = .gamepad
    } else {
      kind = .keyboard
    }
  }
}
