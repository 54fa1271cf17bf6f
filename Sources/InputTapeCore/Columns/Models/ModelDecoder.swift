// SPDX-License-Identifier: Apache-2.0
//
// Modelled streams from bytes that nobody has checked yet (Specs/Encodings.md, section 8).

/// Decodes modelled streams; keeps its memory.
final class ModelDecoder {
  private let lanes = LaneDecoder()
  private var used: [UInt8] = []
  /// By context and place in `used`.
  private var classes: [Int] = []
  private var frequencies: [Int] = []
  /// Memory for tokens two by two, for those without a name there, and for a lot.
  var twins = SpareBytes()
  var others = SpareBytes()
  var lot = SpareBytes()

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
    lanes.begin(rule)
    var bits = BitReader(rest)
    guard readTables(rule, &bits), let offset = bits.nextByteOffset else { throw malformed }
    let coded = rest.extracting(offset..<rest.count)
    guard lanes.decode(coded, isShort: rule.isShort, into: &tokens) else { throw malformed }
  }

  /// Reads the tables of all contexts; false where they are none.
  private func readTables(_ rule: ContextRule, _ bits: inout BitReader) -> Bool {
    readUsed(&bits)
    // Taken out of the object, so that its entries need no exclusivity checks.
    var classes = classes
    self.classes = []
    defer { self.classes = classes }
    if classes.count < rule.count * used.count {
      classes.resize(to: rule.count * used.count, filler: 0)
    }
    for context in 0..<rule.count {
      let start = context * used.count
      let model = FrequencyTable.predecessor(of: context, rule).map { $0 * used.count }
      if bits.readShort(1) == 0 {
        lanes.setEmpty(context)
        for place in used.indices {
          classes[start + place] = model.map { classes[$0 + place] } ?? 0
        }
        continue
      }
      guard !used.isEmpty, let rest = readClasses(&classes, start, after: model, &bits) else {
        return false
      }
      let own = classes.span.extracting(start..<(start + used.count))
      guard readDetails(own, rest: rest, in: context, &bits) else { return false }
    }
    return true
  }

  private func readUsed(_ bits: inout BitReader) {
    used.removeAll(keepingCapacity: true)
    let all = bits.readShort(16)
    for row in 0..<16 where all >> UInt64(row) & 1 == 1 {
      var tokens = bits.readShort(16)
      while tokens != 0 {
        used.append(UInt8(row << 4 | tokens.trailingZeroBitCount))
        tokens &= tokens - 1
      }
    }
  }

  /// Reads the classes of a context.
  ///
  /// - Returns: the place of the token that gets what is left, the first of the highest class; nil
  ///   where a class is none.
  private func readClasses(
    _ classes: inout [Int], _ start: Int, after model: Int?, _ bits: inout BitReader
  ) -> Int? {
    let count = used.count
    var target = classes.mutableSpan
    var last = 0
    var highest = (place: 0, number: -1)
    var areClasses = true
    let areNumbers = bits.readGammas(limit: 5) { place, value in
      let difference = value & 1 == 1 ? value &>> 1 : 0 &- value &>> 1
      if let model { last = target[model &+ place] }
      last &+= difference
      areClasses = (0..<FrequencyTable.classLimit).contains(last)
      guard areClasses else { return false }
      target[start &+ place] = last
      if last > highest.number { highest = (place, last) }
      return place &+ 1 < count
    }
    guard areNumbers, areClasses else { return nil }
    return highest.place
  }

  /// Reads the details of a context, and tells the lanes; false where shares are more than all.
  private func readDetails(
    _ classes: Span<Int>, rest: Int, in context: Int, _ bits: inout BitReader
  ) -> Bool {
    var frequencies = frequencies
    self.frequencies = []
    defer { self.frequencies = frequencies }
    frequencies.resize(forAll: classes.count)
    var left = FrequencyTable.total
    var target = frequencies.mutableSpan
    bits.readFields(
      count: classes.count, limit: 2,
      width: { $0 == rest ? 0 : FrequencyTable.detailCount(classes[$0]) },
      body: { place, width, detail in
        let frequency = FrequencyTable.frequency(classes[place], width, detail: detail)
        // 256 frequencies of 16 bits do not overflow.
        left &-= frequency
        target[place] = frequency
      })
    left &+= target[rest]
    guard left > 0 else { return false }
    target[rest] = left
    lanes.set(used.span, frequencies.span, in: context)
    return true
  }
}

@available(*, unavailable)
extension ModelDecoder: Sendable {}  // Owns scratch memory: one owner at a time.
