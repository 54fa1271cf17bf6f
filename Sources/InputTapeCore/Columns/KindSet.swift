// SPDX-License-Identifier: Apache-2.0
//
// A set of event kinds, for projection.

/// A set of event kinds.
public struct KindSet: Hashable, Sendable {
  private var words = InlineWords()

  private struct InlineWords: Hashable, Sendable {
    var w0: UInt64 = 0
    var w1: UInt64 = 0
    var w2: UInt64 = 0
    var w3: UInt64 = 0
  }

  /// The empty set.
  public init() {}

  /// The set of some kinds.
  public init(_ kinds: some Sequence<EventKind>) {
    for kind in kinds { insert(kind) }
  }

  /// Every kind, known or not.
  public static var all: KindSet {
    var set = KindSet()
    set.words = InlineWords(w0: .max, w1: .max, w2: .max, w3: .max)
    return set
  }

  public mutating func insert(_ kind: EventKind) {
    let bit: UInt64 = 1 << UInt64(kind.rawValue & 63)
    switch kind.rawValue >> 6 {
    case 0: words.w0 |= bit
    case 1: words.w1 |= bit
    case 2: words.w2 |= bit
    default: words.w3 |= bit
    }
  }

  public func contains(_ kind: EventKind) -> Bool {
    let bit: UInt64 = 1 << UInt64(kind.rawValue & 63)
    return switch kind.rawValue >> 6 {
    case 0: words.w0 & bit != 0
    case 1: words.w1 & bit != 0
    case 2: words.w2 & bit != 0
    default: words.w3 & bit != 0
    }
  }
}
