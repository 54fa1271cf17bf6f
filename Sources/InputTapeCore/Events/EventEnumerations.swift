// SPDX-License-Identifier: Apache-2.0
//
// The named values of fields (Specs/Registry.md, section 3).

/// The state of a button.
@frozen
public struct ButtonState: RawRepresentable, Hashable, Sendable {
  public var rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
  public static let up = ButtonState(rawValue: 0)
  public static let down = ButtonState(rawValue: 1)
}

/// The state of a key.
@frozen
public struct KeyState: RawRepresentable, Hashable, Sendable {
  public var rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
  public static let up = KeyState(rawValue: 0)
  public static let down = KeyState(rawValue: 1)
  public static let `repeat` = KeyState(rawValue: 2)
}

/// The phase of a contact, a pen, or a scroll gesture.
@frozen
public struct Phase: RawRepresentable, Hashable, Sendable {
  public var rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
  public static let began = Phase(rawValue: 0)
  public static let moved = Phase(rawValue: 1)
  public static let ended = Phase(rawValue: 2)
  public static let cancelled = Phase(rawValue: 3)
  /// A scroll that goes on by itself after the fingers have left.
  public static let momentum = Phase(rawValue: 4)
  /// A pen near the surface, not on it.
  public static let hovering = Phase(rawValue: 5)
}

/// Why events are missing.
@frozen
public struct GapCause: RawRepresentable, Hashable, Sendable {
  public var rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
  public static let unknown = GapCause(rawValue: 0)
  public static let queueFull = GapCause(rawValue: 1)
  public static let kernelDropped = GapCause(rawValue: 2)
  public static let tapDisabled = GapCause(rawValue: 3)
  public static let diskFull = GapCause(rawValue: 4)
  public static let ioError = GapCause(rawValue: 5)
  public static let syncFailed = GapCause(rawValue: 6)
  public static let paused = GapCause(rawValue: 7)
  public static let secureInput = GapCause(rawValue: 8)
  public static let policy = GapCause(rawValue: 9)
  public static let clockStep = GapCause(rawValue: 10)
  public static let limit = GapCause(rawValue: 11)

  /// The registry's names, by number.
  public static let names = [
    "unknown", "queueFull", "kernelDropped", "tapDisabled", "diskFull", "ioError", "syncFailed",
    "paused", "secureInput", "policy", "clockStep", "limit",
  ]

  /// The registry's name; nil for numbers that it does not have.
  public var name: String? {
    Int(exactly: rawValue).flatMap { Self.names.indices.contains($0) ? Self.names[$0] : nil }
  }
}
