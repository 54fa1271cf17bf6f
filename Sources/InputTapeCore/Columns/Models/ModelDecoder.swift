// SPDX-License-Identifier: Apache-2.0
//
// Modelled streams from bytes that nobody has checked yet (Specs/Encodings.md, section 8).

/// Decodes modelled streams; keeps its memory.
final class ModelDecoder {
  private let lanes = LaneDecoder()
  private var used: [Int] = []
  private var classes: [[Int]] = []

  /// Fills `tokens`.
  ///
  /// - Returns: whether the bytes are a stream of so many tokens.
  func decode(
    _ stored: Span<UInt8>, at position: UInt64, into tokens: inout [UInt8]
  ) throws(FormatError) {
    var bytes = ByteReader(stored, at: position)
    let malformed = bytes.error(.malformed)
    let rule: ContextRule
    do throws(FormatError) {
      rule = try ContextRule.read(from: &bytes)
    } catch {
      throw error.code == .truncated ? malformed : error
    }
    let rest = try bytes.readSpan(count: bytes.remaining)
    var bits = BitReader(rest)
    guard readTables(rule, &bits), let offset = bits.nextByteOffset else { throw malformed }
    let coded = rest.extracting(offset..<rest.count)
    guard lanes.decode(coded, by: rule, into: &tokens) else { throw malformed }
  }

  /// Reads the tables of all contexts; false where they are none.
  private func readTables(_ rule: ContextRule, _ bits: inout BitReader) -> Bool {
    readUsed(&bits)
    classes.removeAll(keepingCapacity: true)
    for context in 0..<rule.count {
      let predicted = FrequencyTable.predecessor(of: context, rule).map { classes[$0] }
      guard bits.readShort(1) == 1 else {
        lanes.set(0, in: context, start: 0, frequency: FrequencyTable.total)
        classes.append(predicted ?? [Int](repeating: 0, count: used.count))
        continue
      }
      guard !used.isEmpty, let numbers = readClasses(after: predicted, &bits),
        readDetails(numbers, in: context, &bits)
      else { return false }
      classes.append(numbers)
    }
    return true
  }

  private func readUsed(_ bits: inout BitReader) {
    used.removeAll(keepingCapacity: true)
    let all = bits.readShort(16)
    for row in 0..<16 where all >> UInt64(row) & 1 == 1 {
      let tokens = bits.readShort(16)
      for place in 0..<16 where tokens >> UInt64(place) & 1 == 1 { used.append(row << 4 | place) }
    }
  }

  private func readClasses(after predicted: [Int]?, _ bits: inout BitReader) -> [Int]? {
    var result: [Int] = []
    result.reserveCapacity(used.count)
    for place in used.indices {
      var count = 0
      while bits.readShort(1) == 0 {
        count += 1
        guard count <= 5 else { return nil }
      }
      let value = 1 << count | Int(bits.readShort(count))
      let difference = value & 1 == 1 ? value >> 1 : -(value >> 1)
      let number = (predicted?[place] ?? result.last ?? 0) + difference
      guard (0..<FrequencyTable.classLimit).contains(number) else { return nil }
      result.append(number)
    }
    return result
  }

  /// Reads the details of a context, and tells the lanes; false where shares are more than all.
  private func readDetails(_ classes: [Int], in context: Int, _ bits: inout BitReader) -> Bool {
    let rest = FrequencyTable.restPlace(classes)
    var frequencies: [Int] = []
    frequencies.reserveCapacity(classes.count)
    var left = FrequencyTable.total
    for (place, number) in classes.enumerated() {
      guard place != rest else {
        frequencies.append(0)
        continue
      }
      let detail = Int(bits.readShort(FrequencyTable.detailCount(number)))
      let frequency = FrequencyTable.frequency(number, detail: detail)
      guard frequency < left else { return false }
      left -= frequency
      frequencies.append(frequency)
    }
    frequencies[rest] = left
    var start = 0
    for (place, frequency) in frequencies.enumerated() where frequency > 0 {
      lanes.set(used[place], in: context, start: start, frequency: frequency)
      start += frequency
    }
    return true
  }
}

@available(*, unavailable)
extension ModelDecoder: Sendable {}  // Owns scratch memory: one owner at a time.
