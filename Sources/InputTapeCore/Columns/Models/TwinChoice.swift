// SPDX-License-Identifier: Apache-2.0
//
// Which tokens are worth names of half a byte (Specs/Design/0004-models.md).

/// Finds names for tokens that stand two by two.
enum TwinChoice {
  /// Streams of fewer tokens are not worth two tables.
  private static let shortest = ContextChoice.many
  /// No more names: each makes tables longer by twice as many entries as there are.
  private static let nameLimit = 7
  private static let leastNames = 3

  /// Whether so many tokens may be worth it; values of four a token are not.
  static func isPossible(_ count: Int, _ kind: TokenKind) -> Bool {
    kind != .packed && count >= shortest
  }

  /// The most frequent tokens, as many as are fifteen of sixteen of a sample; nil where the limit
  /// is less than seven of eight.
  static func names(_ counts: TokenCounts) -> TokenTwins? {
    guard counts.distinct > 1 else { return nil }
    var named: [UInt8] = []
    var total: UInt32 = 0
    for token in counts.mostFrequent(nameLimit) {
      named.append(token)
      total += counts.counts[Int(token)]
      if named.count >= leastNames, 16 * total >= 15 * counts.total { break }
    }
    return 8 * total >= 7 * counts.total ? TokenTwins(named: named) : nil
  }
}
