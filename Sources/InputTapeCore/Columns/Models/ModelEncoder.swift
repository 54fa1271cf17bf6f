// SPDX-License-Identifier: Apache-2.0
//
// Streams of tokens by statistics of their own (Specs/Encodings.md, section 8).

/// What the tokens of a stream are, so that the encoder knows which contexts to try.
enum TokenKind {
  /// Two halves of four bits, each larger for larger numbers.
  case pairs
  /// Larger for larger numbers.
  case numbers
}

/// Encodes tokens as modelled streams; keeps its memory.
final class ModelEncoder {
  private let lanes = LaneEncoder()
  private var places: [UInt16] = []
  private var words: [UInt32] = []
  private var bits: [UInt8] = []
  private var used: [Int] = []
  private var counts: [UInt32] = []

  /// What was found for the stream at hand, and how many bytes it takes, about.
  struct Plan {
    let rule: ContextRule
    let byteCount: Int
  }

  /// Chooses contexts for tokens, which are then counted by them.
  func plan(_ tokens: Span<UInt8>, kind: TokenKind) -> Plan {
    let ranges = Samples.ranges(of: tokens.count, count: 8, stretch: 1_536)
    count(tokens, ranges, by: .none)
    takeUsed(contexts: 1)
    counts.resize(to: 256, filler: 0)
    for token in 0..<256 { counts[token] = lanes.count(of: token, in: 0) }
    let total = tokens.count
    var best = (rule: ContextRule.none, cost: cost(.none, of: total))
    for rule in ContextChoice.rules(for: total, kind: kind, counts: counts) {
      count(tokens, ranges, by: rule)
      for candidate in candidates(of: rule, total) where candidate.cost < best.cost {
        best = candidate
      }
    }
    lanes.begin(best.rule)
    lanes.count(tokens, places: &places)
    takeUsed(contexts: best.rule.count)
    return Plan(rule: best.rule, byteCount: cost(best.rule, of: total) / 8 + 38)
  }

  private func count(_ tokens: Span<UInt8>, _ ranges: [Range<Int>], by rule: ContextRule) {
    lanes.begin(rule)
    for range in ranges { lanes.count(tokens.extracting(range), places: &places) }
  }

  /// Appends the stream that was planned last.
  func encode(_ plan: Plan, to output: inout [UInt8]) {
    var head = ByteWriter()
    plan.rule.write(to: &head)
    output.append(contentsOf: head.bytes)
    output.append(contentsOf: writeTables(plan.rule))
    // Taken out of the object for the call, as `words` is changed by it.
    let places = places
    lanes.encode(places.span, words: &words, to: &output)
  }

  // MARK: - Costs

  private func takeUsed(contexts: Int) {
    used.removeAll(keepingCapacity: true)
    for token in 0..<256 {
      for context in 0..<contexts where lanes.count(of: token, in: context) > 0 {
        used.append(token)
        break
      }
    }
  }

  /// Bits for so many tokens like those that were counted, and their tables.
  private func cost(_ rule: ContextRule, of total: Int) -> Int {
    var sums = CostSums()
    for context in 0..<rule.count { add(contexts: context...context, step: 1, to: &sums) }
    return sums.cost(of: total)
  }

  /// Entropy of what was counted, how many tokens that were, and how many entries tables have.
  private struct CostSums {
    var entropy = 0
    var tokens = 0
    var cells = 0
    var emptyCells = 0

    /// Bits. What few tokens tell of a table is too good by about 0.72 bits an entry (Miller 1955).
    func cost(of total: Int) -> Int {
      let bits = entropy >> Logarithm.scale + (tokens < total ? cells * 18 / 25 : 0)
      return bits * total / max(tokens, 1) + (9 * cells + 3 * emptyCells) / 2
    }
  }

  /// Adds some contexts taken as one.
  private func add(contexts: ClosedRange<Int>, step: Int, to sums: inout CostSums) {
    var sum = 0
    for token in used {
      var count = 0
      for context in stride(from: contexts.lowerBound, through: contexts.upperBound, by: step) {
        count += Int(lanes.count(of: token, in: context))
      }
      sum += count
      sums.entropy -= Logarithm.product(count)
      if count > 0 { sums.cells += 1 } else { sums.emptyCells += 1 }
    }
    sums.entropy += Logarithm.product(sum)
    sums.tokens += sum
  }

  /// The rule and each of its features alone.
  private func candidates(of rule: ContextRule, _ total: Int) -> [(rule: ContextRule, cost: Int)] {
    var result = [(rule: rule, cost: cost(rule, of: total))]
    let (high, low) = (rule.highCount, rule.lowCount)
    guard rule.form != .ranks, low > 1, high > 1 else { return result }
    var sums = CostSums()
    for context in 0..<high {
      add(contexts: (context * low)...(context * low + low - 1), step: 1, to: &sums)
    }
    result.append((rule.part(high: high, low: 1), sums.cost(of: total)))
    sums = CostSums()
    for context in 0..<low {
      add(contexts: context...(context + low * (high - 1)), step: low, to: &sums)
    }
    result.append((rule.part(high: 1, low: low), sums.cost(of: total)))
    return result
  }

  // MARK: - Tables

  /// The tables of all contexts as bits; also tells the lanes.
  private func writeTables(_ rule: ContextRule) -> ArraySlice<UInt8> {
    let room = BitWriter.byteCount(fields: 64 + rule.count * (2 * used.count + 1))
    if bits.count < room { bits.resize(to: room, filler: 0) }
    var writer = BitWriter()
    var target = bits.mutableSpan
    writeUsed(&writer, &target)
    var classes: [[Int]] = []
    for context in 0..<rule.count {
      let counts = used.map { lanes.count(of: $0, in: context) }
      let predicted = FrequencyTable.predecessor(of: context, rule).map { classes[$0] }
      guard counts.contains(where: { $0 > 0 }) else {
        writer.appendShort(0, count: 1, to: &target)
        classes.append(predicted ?? [Int](repeating: 0, count: used.count))
        continue
      }
      writer.appendShort(1, count: 1, to: &target)
      let (frequencies, rest) = FrequencyTable.frequencies(of: counts)
      let numbers = FrequencyTable.classes(of: frequencies, rest: rest)
      Self.write(numbers, after: predicted, &writer, &target)
      Self.writeDetails(frequencies, numbers, rest: rest, &writer, &target)
      classes.append(numbers)
      var start = 0
      for (place, frequency) in frequencies.enumerated() where frequency > 0 {
        lanes.set(used[place], in: context, start: start, frequency: frequency)
        start += frequency
      }
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

  private static func write(
    _ classes: [Int], after predicted: [Int]?, _ writer: inout BitWriter,
    _ target: inout MutableSpan<UInt8>
  ) {
    var last = 0
    for (place, number) in classes.enumerated() {
      let difference = number - (predicted?[place] ?? last)
      last = number
      let value = UInt64(difference < 0 ? -2 * difference : 2 * difference + 1)
      // Elias's gamma code of 1 for 0, 2 for −1, 3 for 1, …: zeros, then the number.
      let count = UInt64.bitWidth - 1 - value.leadingZeroBitCount
      writer.appendShort(1 << UInt64(count), count: count + 1, to: &target)
      writer.appendShort(value & ((1 << UInt64(count)) - 1), count: count, to: &target)
    }
  }

  private static func writeDetails(
    _ frequencies: [Int], _ classes: [Int], rest: Int, _ writer: inout BitWriter,
    _ target: inout MutableSpan<UInt8>
  ) {
    for place in frequencies.indices where place != rest {
      let number = classes[place]
      let count = FrequencyTable.detailCount(number)
      guard count > 0 else { continue }
      let detail = frequencies[place] >> (number - 1 - count) & ((1 << count) - 1)
      writer.appendShort(UInt64(detail), count: count, to: &target)
    }
  }
}

@available(*, unavailable)
extension ModelEncoder: Sendable {}  // Owns scratch memory: one owner at a time.
