// SPDX-License-Identifier: Apache-2.0
//
// Which contexts are worth a trial for a stream of tokens (Specs/Design/0004-models.md).

/// Finds context rules for tokens.
enum ContextChoice {
  /// Streams of fewer tokens have no contexts.
  static let shortest = 256
  /// Streams of so many have some, of so many more, and of so many most.
  static let some = 1_536
  static let many = 6_144
  static let long = 24_576

  /// Rules to try; only streams of many tokens have more than one.
  ///
  /// - Parameters:
  ///   - total: how many tokens there are, at least `shortest`.
  ///   - counts: how often each comes, in a sample.
  static func rules(for total: Int, kind: TokenKind, counts: TokenCounts) -> [ContextRule] {
    guard counts.distinct > 1 else { return [.none] }
    let isLong = total >= long
    switch kind {
    case .pairs:
      // Names tell most where a few tokens are most of the stream.
      let order = counts.mostFrequent(15)
      guard isConcentrated(counts, order) else {
        return isLong
          ? [
            halves(counts, high: 4, low: 3), steps(counts, high: 4, low: 3),
            steps(counts, high: 12, low: 1), ranks(order, counts, high: 12, low: 1),
          ]
          : [total >= many ? halves(counts, high: 3, low: 3) : halves(counts, high: 2, low: 2)]
      }
      guard total >= many else {
        let (high, low) = total >= some ? (6, 1) : (3, 3)
        return [ranks(order, counts, high: high, low: low)]
      }
      guard isLong else {
        return [ranks(order, counts, high: 3, low: 3), ranks(order, counts, high: 5, low: 2)]
      }
      return [ranks(order, counts, high: 5, low: 3), ranks(order, counts, high: 16, low: 1)]
    case .twins:
      return [twins(counts, low: isLong ? 3 : 1)]
    case .packed:
      return [ranks(counts.mostFrequent(15), counts, high: total >= many ? 16 : 8, low: 1)]
    case .numbers:
      guard isLong else {
        return [total >= many ? steps(counts, high: 5, low: 2) : steps(counts, high: 3, low: 1)]
      }
      let steps = steps(counts, high: 6, low: 3)
      // Where there are so few tokens, how large the last two are tells which they are.
      guard counts.distinct > 3 else { return [steps] }
      return [steps, ranks(counts.mostFrequent(15), counts, high: 16, low: 1)]
    }
  }

  /// Whether a sample fills so many cells that it does not tell what a rule is worth.
  static func isThin(_ count: Int, filled: Int) -> Bool { 5 * filled > 2 * count }

  /// Contexts for numbers of which a sample is thin. Mostly two kinds of them take turns, as how
  /// long keys are down and how long they are not: the last but one tells most.
  static func turns(_ counts: TokenCounts) -> ContextRule { steps(counts, high: 1, low: 6) }

  /// Whether the four most frequent tokens are two thirds of all.
  private static func isConcentrated(_ counts: TokenCounts, _ order: [UInt8]) -> Bool {
    let top = order.prefix(4).reduce(0) { $0 + counts.counts[Int($1)] }
    return 3 * top >= 2 * counts.total
  }

  /// Contexts by the halves of the token before, each half's values in equal parts.
  private static func halves(_ counts: TokenCounts, high: Int, low: Int) -> ContextRule {
    var highs = [UInt32](repeating: 0, count: 16)
    var lows = highs
    for token in counts.used {
      let count = counts.counts[Int(token)]
      highs[Int(token >> 4)] += count
      lows[Int(token & 15)] += count
    }
    return ContextRule(
      form: .halves, highCount: high, lowCount: low,
      marks: bounds(of: highs, 0..<16, counts, parts: high)
        + bounds(of: lows, 0..<16, counts, parts: low))
  }

  /// Contexts by which the token before is, a twin's second one, and which of some the one before
  /// that is.
  private static func twins(_ counts: TokenCounts, low: Int) -> ContextRule {
    let names = 1 + (counts.used.map { max($0 & 15, $0 >> 4) }.max() ?? 0)
    let low = min(low, Int(names))
    return ContextRule(
      form: .halves, highCount: Int(names), lowCount: low,
      marks: Array(1..<names) + Array(1..<UInt8(low)))
  }

  /// Contexts by how large the two tokens before are.
  private static func steps(_ counts: TokenCounts, high: Int, low: Int) -> ContextRule {
    ContextRule(
      form: .steps, highCount: high, lowCount: low,
      marks: bounds(of: counts.counts, counts.used, counts, parts: high)
        + bounds(of: counts.counts, counts.used, counts, parts: low))
  }

  /// Contexts by which of the most frequent tokens the two before are.
  private static func ranks(
    _ order: [UInt8], _ counts: TokenCounts, high: Int, low: Int
  ) -> ContextRule {
    let (high, low) = (min(high, counts.distinct), min(low, counts.distinct))
    return ContextRule(
      form: .ranks, highCount: high, lowCount: low, marks: Array(order.prefix(max(high, low) - 1)))
  }

  /// Bounds that part a histogram of all tokens into equal parts, about.
  ///
  /// - Parameter values: those that come, ascending, and maybe others.
  private static func bounds(
    of histogram: [UInt32], _ values: some Sequence<UInt8>, _ counts: TokenCounts, parts: Int
  ) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(parts)
    var sum: UInt32 = 0
    for value in values where histogram[Int(value)] > 0 {
      let count = histogram[Int(value)]
      // The value belongs to the part that its middle is in.
      let middle = (2 * sum + count) * UInt32(parts)
      while result.count < parts - 1, middle >= UInt32(result.count + 1) * 2 * counts.total {
        result.append(value)
      }
      sum += count
    }
    while result.count < parts - 1 { result.append(255) }
    return result
  }
}
