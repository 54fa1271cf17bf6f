// SPDX-License-Identifier: Apache-2.0
//
// Which contexts are worth a trial for a stream of tokens (Specs/Design/0004-models.md).

/// Finds a context rule for tokens.
enum ContextChoice {
  /// A rule to try, beside its features alone and none.
  ///
  /// - Parameters:
  ///   - total: how many tokens there are.
  ///   - counts: how often each comes, in a sample.
  static func rule(for total: Int, kind: TokenKind, counts: [UInt32]) -> ContextRule {
    let distinct = counts.count { $0 > 0 }
    guard total >= 256, distinct > 1 else { return .none }
    let isLong = total >= 24_576
    switch kind {
    case .pairs:
      // Names tell most where a few tokens are most of the stream.
      return isConcentrated(counts)
        ? ranks(counts, count: min(distinct, isLong ? 4 : 3))
        : halves(counts, side: isLong ? 3 : total >= 6_144 ? 3 : 2)
    case .numbers:
      let (high, low) = isLong ? (6, 3) : total >= 6_144 ? (5, 2) : (3, 1)
      return steps(counts, high: high, low: low)
    }
  }

  /// Whether the four most frequent tokens are two thirds of all.
  private static func isConcentrated(_ counts: [UInt32]) -> Bool {
    let top = counts.sorted(by: >).prefix(4).reduce(0, +)
    return 3 * top >= 2 * counts.reduce(0, +)
  }

  /// Contexts by the halves of the token before, each half's values in equal parts.
  private static func halves(_ counts: [UInt32], side: Int) -> ContextRule {
    var high = [Int](repeating: 0, count: 16)
    var low = high
    for (token, count) in counts.enumerated() {
      high[token >> 4] += Int(count)
      low[token & 15] += Int(count)
    }
    let marks = bounds(of: high, parts: side) + bounds(of: low, parts: side)
    return ContextRule(form: .halves, highCount: side, lowCount: side, marks: marks)
  }

  /// Contexts by how large the two tokens before are.
  private static func steps(_ counts: [UInt32], high: Int, low: Int) -> ContextRule {
    let histogram = counts.map { Int($0) }
    return ContextRule(
      form: .steps, highCount: high, lowCount: low,
      marks: bounds(of: histogram, parts: high) + bounds(of: histogram, parts: low))
  }

  /// Contexts by which of the most frequent tokens the two before are.
  private static func ranks(_ counts: [UInt32], count: Int) -> ContextRule {
    let order = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
    return ContextRule(
      form: .ranks, highCount: count, lowCount: count,
      marks: order.prefix(count - 1).map { UInt8($0) })
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
