// SPDX-License-Identifier: Apache-2.0
//
// What privacy policy and keys attach to (Specs/Registry.md, section 2).

/// The class of a track: what privacy policy and keys attach to.
///
/// An open set of the registry's numbers, 0 to 15.
@frozen
public struct TrackClass: RawRepresentable, Hashable, Comparable, Sendable {
  public var rawValue: UInt8

  @inlinable
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  @inlinable
  public static func < (left: TrackClass, right: TrackClass) -> Bool {
    left.rawValue < right.rawValue
  }

  public static let pointer = TrackClass(rawValue: 0)
  public static let keyboard = TrackClass(rawValue: 1)
  public static let text = TrackClass(rawValue: 2)
  public static let context = TrackClass(rawValue: 3)
  public static let touch = TrackClass(rawValue: 4)
  public static let pen = TrackClass(rawValue: 5)
  public static let gamepad = TrackClass(rawValue: 6)
  public static let custom = TrackClass(rawValue: 7)

  /// The names of the classes, by number.
  public static let names = [
    "pointer", "keyboard", "text", "context", "touch", "pen", "gamepad", "custom",
  ]

  /// The registry's name, or the number where the registry has none.
  public var name: String {
    let index = Int(rawValue)
    return index < Self.names.count ? Self.names[index] : String(rawValue)
  }

  /// The class of a registry name or number.
  public init?(name: some StringProtocol) {
    if let index = Self.names.firstIndex(where: { $0 == name }) {
      self.init(rawValue: UInt8(index))
    } else if let number = UInt8(name), number < 16 {
      self.init(rawValue: number)
    } else {
      return nil
    }
  }

  /// The class of a track that nobody declared, by the kind of its first event.
  public static func standard(for kind: EventKind) -> TrackClass {
    switch kind {
    case .motion, .rawMotion, .button, .scroll: .pointer
    case .key: .keyboard
    case .text: .text
    case .focus, .frame, .marker, .clock, .gap: .context
    case .touch: .touch
    case .pen: .pen
    case .axis: .gamepad
    default: .custom
    }
  }
}
