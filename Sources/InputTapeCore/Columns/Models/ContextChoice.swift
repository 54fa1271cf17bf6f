// SPDX-License-Identifier: Apache-2.0
//
// Which contexts are worth a trial for a stream of tokens (Specs/Design/0004-models.md).

/// Finds context rules for tokens.
enum ContextChoice {
  /// Rules to try, beside none.
  static func rules(for tokens: Span<UInt8>, kind: TokenKind, counts: [UInt32]) -> [ContextRule] {
    let distinct = counts.count { $0 > 0 }
    guard tokens.count >= 256, distinct > 1 else { return [] }
    switch kind {
    case .pairs:
      let side = tokens.count >= 24_576 ? 4 : tokens.count >= 6_144 ? 3 : 2
      return [nibbles(tokens, side: side)]
    case .numbers:
      let (high, low) = tokens.count >= 16_384 ? (8, 4) : tokens.count >= 4_096 ? (5, 2) : (3, 1)
      return [steps(counts, high: high, low: low)]
        + [ranks(counts, count: min(distinct, tokens.count >= 16_384 ? 5 : 3))]
    }
  }

  /// Contexts by the halves of the two tokens before, each feature's values in equal parts.
  private static func nibbles(_ tokens: Span<UInt8>, side: Int) -> ContextRule {
    var high = [Int](repeating: 0, count: ContextRule.featureRange)
    var low = high
    for range in Samples.ranges(of: tokens.count) {
      for index in range.dropFirst() {
        let (last, before) = (Int(tokens[index]), Int(tokens[index - 1]))
        high[2 * (last >> 4) + before >> 4] += 1
        low[2 * (last & 15) + before & 15] += 1
      }
    }
    let marks = bounds(of: high, parts: side) + bounds(of: low, parts: side)
    return ContextRule(form: .nibbles, highCount: side, lowCount: side, marks: marks)
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
    let order = counts.indices.sorted { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1 }
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
