// SPDX-License-Identifier: Apache-2.0
//
// Streams of tokens by statistics of their own (Specs/Encodings.md, section 8).

/// What the tokens of a stream are, so that the encoder knows which contexts to try.
enum TokenKind {
  /// Two halves of four bits, each larger for larger numbers.
  case pairs
  /// Larger for larger numbers.
  case numbers
  /// Four values each.
  case packed
  /// Two halves of four bits, the names of two tokens of another stream.
  case twins
}

/// Encodes tokens as modelled streams; keeps its memory.
final class ModelEncoder {
  private let counter = ContextCounter()
  private let lanes = LaneEncoder()
  private var places: [UInt16] = []
  private var words: [UInt32] = []
  private var used: [UInt8] = []
  private var sums: [UInt32] = []
  private var tables = TableEncoder()
  private var sample: [UInt8] = []
  /// Memory for tokens two by two, and for those without a name there.
  var twins = SpareBytes()
  var others = SpareBytes()

  /// What was found for the stream at hand, and how many bytes it takes, about.
  struct Plan {
    let rule: ContextRule
    let byteCount: Int
    fileprivate let tokenCount: Int
    /// For each context, those that were counted and are taken together.
    fileprivate let parts: [StrideTo<Int>]

    fileprivate init(_ rule: ContextRule, _ parts: [StrideTo<Int>], _ tokenCount: Int, bits: Int) {
      self.rule = rule
      self.tokenCount = tokenCount
      self.parts = parts
      byteCount = bits / 8 + 6 + Lanes(of: tokenCount).count * 8
    }
  }

  /// Chooses contexts for tokens, which are counted by them.
  ///
  /// - Parameter counts: those of the sample, if the last one that was taken is of these tokens.
  func plan(_ tokens: [UInt8], kind: TokenKind, counts: TokenCounts? = nil) -> Plan {
    let (rule, bits) = chooseRule(for: tokens, kind: kind, counts: counts)
    counter.count(tokens.span, by: rule, places: &places)
    used = counter.usedTokens(contexts: rule.count)
    guard let bits else { return bestPlan(rule, tokens.count) }
    return Plan(rule, Self.singles(rule.count), tokens.count, bits: bits)
  }

  /// Appends the stream that was planned last.
  func encode(_ plan: Plan, to output: inout [UInt8]) {
    var head = ByteWriter()
    plan.rule.write(to: &head)
    output.append(contentsOf: head.bytes)
    let cells = cells(contexts: plan.parts.reduce(0) { $0 + $1.underestimatedCount })
    tables.append(plan.rule, plan.parts, cells, lanes, to: &output)
    // Taken out of the object for the call, as `words` is changed by it.
    let places = places
    lanes.encode(places.span.extracting(first: plan.tokenCount), words: &words, to: &output)
  }

  /// What was counted last, by so many contexts.
  private func cells(contexts: Int) -> ContextCells {
    ContextCells(used: used, counts: counter.counts(of: used, contexts: contexts))
  }

  // MARK: - Choice

  /// The rule that is best for some stretches of tokens; where there are others, with what all
  /// tokens of a long stream take by it, about.
  private func chooseRule(
    for tokens: [UInt8], kind: TokenKind, counts: TokenCounts?
  ) -> (rule: ContextRule, bits: Int?) {
    guard tokens.count >= ContextChoice.shortest else { return (.none, nil) }
    let counts = counts ?? takeSample(of: tokens)
    let rules = ContextChoice.rules(for: tokens.count, kind: kind, counts: counts)
    guard rules.count > 1 else { return (rules[0], nil) }
    var best = (rule: rules[0], bits: Int?.none)
    let used = counts.used
    for rule in rules {
      let (bits, filled) = trial(rule, of: tokens.count, used)
      if kind == .numbers, ContextChoice.isThin(sample.count, filled: filled) {
        return (ContextChoice.turns(counts), nil)
      }
      if bits < best.bits ?? .max { best = (rule, bits) }
    }
    // Shorter streams may be better off without contexts.
    return tokens.count >= ContextChoice.long ? best : (best.rule, nil)
  }

  /// Takes some stretches of tokens as the sample, and counts them.
  func takeSample(of tokens: [UInt8]) -> TokenCounts {
    let ranges = Samples.ranges(of: tokens.count, count: 64, stretch: 32)
    return TokenCounts(TokenSplit.sample(tokens.span, ranges, into: &sample))
  }

  /// About how many bits a sample's tokens take by the first rule that is tried for so many,
  /// tables aside.
  func bits(of tokens: [UInt8], kind: TokenKind, of total: Int) -> Int {
    let counts = TokenCounts(TokenSplit.sample(tokens.span, [tokens.indices], into: &sample))
    let rule = ContextChoice.rules(for: total, kind: kind, counts: counts)[0]
    return bits(of: tokens.span, by: rule, counts.used).bits
  }

  /// What a sample's tokens take by a rule, and how many cells that fills.
  private func bits(
    of tokens: Span<UInt8>, by rule: ContextRule, _ used: [UInt8]
  ) -> (bits: Int, filled: Int) {
    let (entropy, filled) = counter.weigh(tokens, by: rule, used: used, places: &places)
    // A sample flatters: by half a natural unit for each cell (Miller 1955).
    return (entropy >> Logarithm.scale + filled * 739 >> 10, filled)
  }

  /// What all tokens would take by a rule, from what the sample does, and how many cells that
  /// fills.
  private func trial(
    _ rule: ContextRule, of total: Int, _ used: [UInt8]
  ) -> (bits: Int, filled: Int) {
    let (bits, filled) = bits(of: sample.span, by: rule, used)
    let tableBits = ContextCells.tableBits(rule.count, used.count, filled: filled)
    return (bits * total / sample.count + tableBits, filled)
  }

  /// Contexts one by one.
  private static func singles(_ count: Int) -> [StrideTo<Int>] {
    (0..<count).map { stride(from: $0, to: $0 + 1, by: 1) }
  }

  /// The best of the rule that was counted, its features alone, and none.
  private func bestPlan(_ rule: ContextRule, _ tokenCount: Int) -> Plan {
    let (high, low, count) = (rule.highCount, rule.lowCount, rule.count)
    let cells = cells(contexts: count)
    func plan(_ rule: ContextRule, _ parts: [StrideTo<Int>]) -> Plan {
      Plan(rule, parts, tokenCount, bits: cells.bits(of: parts, &sums))
    }
    var best = plan(rule, Self.singles(count))
    var others: [Plan] = []
    if rule.form != .ranks, low > 1, high > 1 {
      let rows = (0..<high).map { stride(from: $0 * low, to: ($0 + 1) * low, by: 1) }
      others.append(plan(rule.part(high: high, low: 1), rows))
      let columns = (0..<low).map { stride(from: $0, to: count, by: low) }
      others.append(plan(rule.part(high: 1, low: low), columns))
    }
    if rule != .none {
      others.append(plan(.none, [stride(from: 0, to: count, by: 1)]))
    }
    for other in others where other.byteCount < best.byteCount { best = other }
    return best
  }
}

@available(*, unavailable)
extension ModelEncoder: Sendable {}  // Owns scratch memory: one owner at a time.
