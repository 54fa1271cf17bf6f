// SPDX-License-Identifier: Apache-2.0
//
// Which contexts are worth a trial for a stream of tokens (Specs/Design/0004-models.md).

/// Finds context rules for tokens.
enum ContextChoice {
  /// Rules to try; short streams have one.
  ///
  /// - Parameters:
  ///   - total: how many tokens there are.
  ///   - counts: how often each comes, in a sample.
  static func rules(for total: Int, kind: TokenKind, counts: [UInt32]) -> [ContextRule] {
    let order = counts.indices.filter { counts[$0] > 0 }
      .sorted { (counts[$1], $0) < (counts[$0], $1) }
    guard total >= 256, order.count > 1 else { return [.none] }
    let isLong = total >= 24_576
    switch kind {
    case .pairs:
      // Names tell most where a few tokens are most of the stream.
      guard isConcentrated(counts, order) else {
        return isLong
          ? [halves(counts, high: 4, low: 3), steps(counts, high: 4, low: 3)]
          : [total >= 6_144 ? halves(counts, high: 3, low: 3) : halves(counts, high: 2, low: 2)]
      }
      guard isLong else { return [ranks(order, high: 3, low: 3)] }
      return [
        ranks(order, high: 5, low: 3), ranks(order, high: 16, low: 1),
        steps(counts, high: 4, low: 3),
      ]
    case .numbers:
      guard isLong else {
        return [total >= 6_144 ? steps(counts, high: 5, low: 2) : steps(counts, high: 3, low: 1)]
      }
      return [steps(counts, high: 6, low: 3), ranks(order, high: 16, low: 1)]
    }
  }

  /// Whether the four most frequent tokens are two thirds of all.
  private static func isConcentrated(_ counts: [UInt32], _ order: [Int]) -> Bool {
    let top = order.prefix(4).reduce(0) { $0 + counts[$1] }
    return 3 * top >= 2 * counts.reduce(0, +)
  }

  /// Contexts by the halves of the token before, each half's values in equal parts.
  private static func halves(_ counts: [UInt32], high: Int, low: Int) -> ContextRule {
    var highs = [Int](repeating: 0, count: 16)
    var lows = highs
    for (token, count) in counts.enumerated() {
      highs[token >> 4] += Int(count)
      lows[token & 15] += Int(count)
    }
    return ContextRule(
      form: .halves, highCount: high, lowCount: low,
      marks: bounds(of: highs, parts: high) + bounds(of: lows, parts: low))
  }

  /// Contexts by how large the two tokens before are.
  private static func steps(_ counts: [UInt32], high: Int, low: Int) -> ContextRule {
    let histogram = counts.map { Int($0) }
    return ContextRule(
      form: .steps, highCount: high, lowCount: low,
      marks: bounds(of: histogram, parts: high) + bounds(of: histogram, parts: low))
  }

  /// Contexts by which of the most frequent tokens the two before are.
  private static func ranks(_ order: [Int], high: Int, low: Int) -> ContextRule {
    let (high, low) = (min(high, order.count), min(low, order.count))
    return ContextRule(
      form: .ranks, highCount: high, lowCount: low,
      marks: order.prefix(max(high, low) - 1).map { UInt8($0) })
  }

  /// Bounds that part a histogram's mass into equal parts, about.
  private static func bounds(of histogram: [Int], parts: Int) -> [UInt8] {
    let total = histogram.reduce(0, +)
    var result: [UInt8] = []
    var sum = 0
    for (value, count) in histogram.enumerated() where count > 0 {
      // The value belongs to the part that its middle is in.
      let part = (2 * sum + count) * parts / (2 * max(total, 1))
      while result.count < min(part, parts - 1) { result.append(UInt8(value)) }
      sum += count
    }
    while result.count < parts - 1 { result.append(255) }
    return result
  }
}
