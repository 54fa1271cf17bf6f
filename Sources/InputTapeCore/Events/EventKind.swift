// SPDX-License-Identifier: Apache-2.0
//
// The kinds of events and the columns each has (Specs/Registry.md, section 1).

/// The kind of an event: a number of the registry.
///
/// An open set: a number that this version does not know is kept, with its columns, as it came.
@frozen
public struct EventKind: RawRepresentable, Hashable, Comparable, Sendable {
  public var rawValue: UInt8

  @inlinable
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  @inlinable
  public static func < (left: EventKind, right: EventKind) -> Bool {
    left.rawValue < right.rawValue
  }

  /// Absolute position: x, y.
  public static let motion = EventKind(rawValue: 1)
  /// Relative unaccelerated motion: dx, dy.
  public static let rawMotion = EventKind(rawValue: 2)
  /// A pointer button: button, state.
  public static let button = EventKind(rawValue: 3)
  /// Scrolling: dx, dy, phase.
  public static let scroll = EventKind(rawValue: 4)
  /// A key: code, state.
  public static let key = EventKind(rawValue: 5)
  /// Committed text.
  public static let text = EventKind(rawValue: 6)
  /// A touch contact: contact, phase, x, y, pressure.
  public static let touch = EventKind(rawValue: 7)
  /// A pen: x, y, pressure, tiltX, tiltY, phase, buttons.
  public static let pen = EventKind(rawValue: 8)
  /// A gamepad axis or trigger: axis, value.
  public static let axis = EventKind(rawValue: 9)
  /// The focused window: x, y, width, height; application, title.
  public static let focus = EventKind(rawValue: 10)
  /// A video frame: presentation time; media.
  public static let frame = EventKind(rawValue: 11)
  /// A label.
  public static let marker = EventKind(rawValue: 12)
  /// A wall-clock anchor: unix time, uncertainty.
  public static let clock = EventKind(rawValue: 13)
  /// What is missing: cause, exactness; count, first time, last time.
  public static let gap = EventKind(rawValue: 14)
  /// Bytes of a type that the metadata names: type; bytes.
  public static let custom = EventKind(rawValue: 15)

  /// The kinds that this version knows, in the order of their numbers.
  public static let known: [EventKind] = (1...15).map { EventKind(rawValue: $0) }

  /// The columns of a known kind; nil for any other, whose layout travels in the file.
  public var layout: KindLayout? {
    switch self {
    case .motion, .rawMotion, .button, .key, .axis: KindLayout(int32: 2)
    case .scroll: KindLayout(int32: 3)
    case .text, .marker: KindLayout(strings: 1)
    case .touch: KindLayout(int32: 5)
    case .pen: KindLayout(int32: 7)
    case .focus: KindLayout(int32: 4, strings: 2)
    case .frame: KindLayout(int64: 1, strings: 1)
    case .clock: KindLayout(int64: 2)
    case .gap: KindLayout(int32: 2, int64: 3)
    case .custom: KindLayout(int32: 1, strings: 1)
    default: nil
    }
  }
}
