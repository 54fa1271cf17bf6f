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
}

/// Encodes tokens as modelled streams; keeps its memory.
final class ModelEncoder {
  private let counter = ContextCounter()
  private let lanes = LaneEncoder()
  private var places: [UInt16] = []
  private var words: [UInt32] = []
  private var bits: [UInt8] = []
  private var used: [Int] = []
  /// How often tokens come in a context, their frequencies, and the classes of all contexts.
  private var sums: [UInt32] = []
  private var frequencies: [Int32] = []
  private var classes: [UInt8] = []
  private var sample: [UInt8] = []

  /// What was found for the stream at hand, and how many bytes it takes, about.
  struct Plan {
    let rule: ContextRule
    let byteCount: Int
    /// For each context, those that were counted and are taken together.
    fileprivate let parts: [StrideTo<Int>]

    fileprivate init(_ rule: ContextRule, _ parts: [StrideTo<Int>], bits: Int) {
      self.rule = rule
      self.parts = parts
      byteCount = bits / 8 + 38
    }
  }

  /// Chooses contexts for tokens, which are counted by them.
  func plan(_ tokens: [UInt8], kind: TokenKind) -> Plan {
    let (rule, bits) = chooseRule(for: tokens, kind: kind)
    counter.count(tokens.span, by: rule, places: &places)
    used = counter.usedTokens(contexts: rule.count)
    guard let bits else { return bestPlan(rule) }
    return Plan(rule, Self.singles(rule.count), bits: bits)
  }

  /// Appends the stream that was planned last.
  func encode(_ plan: Plan, to output: inout [UInt8]) {
    var head = ByteWriter()
    plan.rule.write(to: &head)
    output.append(contentsOf: head.bytes)
    output.append(contentsOf: writeTables(plan))
    // Taken out of the object for the call, as `words` is changed by it.
    let places = places
    lanes.encode(places.span, words: &words, to: &output)
  }

  // MARK: - Choice

  /// The rule that is best for some stretches of tokens; where there are others, with what all
  /// tokens take by it, about.
  private func chooseRule(
    for tokens: [UInt8], kind: TokenKind
  ) -> (rule: ContextRule, bits: Int?) {
    guard tokens.count >= ContextChoice.shortest else { return (.none, nil) }
    let ranges = Samples.ranges(of: tokens.count, count: 64, stretch: 32)
    let counts = TokenCounts(TokenSplit.sample(tokens.span, ranges, into: &sample))
    let rules = ContextChoice.rules(for: tokens.count, kind: kind, counts: counts)
    guard rules.count > 1 else { return (rules[0], nil) }
    var best = (rule: rules[0], bits: Int?.none)
    let used = counts.used
    for rule in rules {
      let bits = trialBits(rule, of: tokens.count, used)
      if bits < best.bits ?? .max { best = (rule, bits) }
    }
    return best
  }

  /// What all tokens would take by a rule, from what the sample does.
  private func trialBits(_ rule: ContextRule, of total: Int, _ used: [Int]) -> Int {
    let (entropy, filled) = counter.weigh(sample.span, by: rule, used: used, places: &places)
    // A sample flatters: by half a natural unit for each cell (Miller 1955).
    let bits = entropy >> Logarithm.scale + filled * 739 >> 10
    return bits * total / sample.count + Self.tableBits(rule.count, used.count, filled: filled)
  }

  /// The size of tables, about: a cell that is filled takes 5 bits, another half a bit.
  private static func tableBits(_ contexts: Int, _ distinct: Int, filled: Int) -> Int {
    (9 * filled + contexts * distinct) / 2
  }

  /// Contexts one by one.
  private static func singles(_ count: Int) -> [StrideTo<Int>] {
    (0..<count).map { stride(from: $0, to: $0 + 1, by: 1) }
  }

  /// The best of the rule that was counted, its features alone, and none.
  private func bestPlan(_ rule: ContextRule) -> Plan {
    let (high, low, count) = (rule.highCount, rule.lowCount, rule.count)
    let cells = counter.counts(of: used, contexts: count)
    func plan(_ rule: ContextRule, _ parts: [StrideTo<Int>]) -> Plan {
      Plan(rule, parts, bits: bits(of: parts, cells))
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

  /// What tokens and tables take where contexts are taken together so.
  private func bits(of parts: [StrideTo<Int>], _ cells: [UInt32]) -> Int {
    var (entropy, filled) = (0, 0)
    for part in parts {
      Self.replace(&sums, byThoseOf: part, cells.span, count: used.count)
      var total = 0
      let source = sums.span
      for place in source.indices where source[place] > 0 {
        let count = Int(source[place])
        total += count
        filled += 1
        entropy -= Logarithm.product(count)
      }
      entropy += Logarithm.product(total)
    }
    return entropy >> Logarithm.scale
      + Self.tableBits(parts.count, used.count, filled: filled)
  }

  /// Replaces sums by those of some contexts, of which each has so many cells.
  private static func replace(
    _ sums: inout [UInt32], byThoseOf contexts: StrideTo<Int>, _ cells: Span<UInt32>, count: Int
  ) {
    sums.resize(to: count, filler: 0)
    var target = sums.mutableSpan
    var isFirst = true
    for context in contexts {
      let row = cells.extracting(context * count..<(context + 1) * count)
      for place in 0..<target.count {
        target[place] = (isFirst ? 0 : target[place]) &+ row[place]
      }
      isFirst = false
    }
  }

  // MARK: - Tables

  /// The tables of all contexts as bits; also tells the lanes.
  private func writeTables(_ plan: Plan) -> ArraySlice<UInt8> {
    let rule = plan.rule
    let cells = counter.counts(
      of: used, contexts: plan.parts.reduce(0) { $0 + $1.underestimatedCount })
    let room = BitWriter.byteCount(fields: 64 + rule.count * (2 * used.count + 1))
    if bits.count < room { bits.resize(to: room, filler: 0) }
    // The classes of all contexts, one after another.
    classes.resize(to: rule.count * used.count, filler: 0)
    var writer = BitWriter()
    var target = bits.mutableSpan
    writeUsed(&writer, &target)
    for context in 0..<rule.count {
      let part = plan.parts[context]
      Self.replace(&sums, byThoseOf: part, cells.span, count: used.count)
      let places = context * used.count..<(context + 1) * used.count
      let model = FrequencyTable.predecessor(of: context, rule).map { $0 * used.count }
      guard sums.contains(where: { $0 > 0 }) else {
        writer.appendShort(0, count: 1, to: &target)
        var all = classes.mutableSpan
        for place in 0..<used.count {
          all[places.lowerBound + place] = if let model { all[model + place] } else { 0 }
        }
        continue
      }
      writer.appendShort(1, count: 1, to: &target)
      let rest = FrequencyTable.take(sums.span, into: &frequencies)
      var all = classes.mutableSpan
      FrequencyTable.putClasses(
        of: frequencies.span, rest: rest, into: &all, from: places.lowerBound)
      Self.write(classes.span, places, after: model, &writer, &target)
      Self.writeDetails(
        frequencies.span, classes.span.extracting(places), rest: rest, &writer, &target)
      lanes.set(used, in: part, frequencies)
    }
    let count = writer.finish(&target)
    return bits[..<count]
  }

  /// Which tokens are used: 16 bits for rows of 16, then 16 bits for each row.
  private func writeUsed(_ writer: inout BitWriter, _ target: inout MutableSpan<UInt8>) {
    var rows = [UInt64](repeating: 0, count: 16)
    for token in used { rows[token >> 4] |= 1 << UInt64(token & 15) }
    var all: UInt64 = 0
    for row in 0..<16 where rows[row] != 0 { all |= 1 << UInt64(row) }
    writer.appendShort(all, count: 16, to: &target)
    for row in rows where row != 0 { writer.appendShort(row, count: 16, to: &target) }
  }

  /// Writes the classes of a context, which have some places, after those from `model` on.
  private static func write(
    _ classes: Span<UInt8>, _ places: Range<Int>, after model: Int?, _ writer: inout BitWriter,
    _ target: inout MutableSpan<UInt8>
  ) {
    var last: UInt8 = 0
    let own = classes.extracting(places)
    let others = classes.extracting((model ?? 0)..<((model ?? 0) + places.count))
    for place in own.indices {
      let number = own[place]
      let difference = Int(number) &- Int(model == nil ? last : others[place])
      last = number
      let value = UInt64(difference < 0 ? -2 &* difference : 2 &* difference &+ 1)
      // Elias's gamma code of 1 for 0, 2 for −1, 3 for 1, …: zeros, then the number.
      let count = UInt64.bitWidth &- 1 &- value.leadingZeroBitCount
      let low = value ^ 1 &<< UInt64(count)
      writer.appendShort((1 | low &<< 1) &<< UInt64(count), count: 2 &* count &+ 1, to: &target)
    }
  }

  private static func writeDetails(
    _ frequencies: Span<Int32>, _ classes: Span<UInt8>, rest: Int, _ writer: inout BitWriter,
    _ target: inout MutableSpan<UInt8>
  ) {
    for place in classes.indices where place != rest {
      let number = Int(classes[place])
      let count = FrequencyTable.detailCount(number)
      let detail = Int(frequencies[place]) &>> max(number &- 3, 0) & ((1 &<< count) &- 1)
      writer.appendShort(UInt64(truncatingIfNeeded: detail), count: count, to: &target)
    }
  }
}

@available(*, unavailable)
extension ModelEncoder: Sendable {}  // Owns scratch memory: one owner at a time.
