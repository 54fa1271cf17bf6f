// SPDX-License-Identifier: Apache-2.0
//
// Tables of frequencies to bits (Specs/Encodings.md, section 8).

/// Writes the tables of a stream's contexts; keeps its memory.
struct TableEncoder {
  private var bits: [UInt8] = []
  /// How often tokens come in a context, and their frequencies.
  private var sums: [UInt32] = []
  private var frequencies: [Int32] = []
  /// A class of 0, which the first context's first token stands behind, then the classes of all
  /// contexts.
  private var classes: [UInt8] = []

  /// Appends the tables of all contexts; also tells the lanes.
  ///
  /// - Parameter parts: for each context, those that were counted and are taken together.
  mutating func append(
    _ rule: ContextRule, _ parts: [StrideTo<Int>], _ cells: ContextCells,
    _ lanes: borrowing LaneEncoder, to output: inout [UInt8]
  ) {
    let count = cells.used.count
    let room = BitWriter.byteCount(fields: 64 + rule.count * (2 * count + 1))
    // Taken out for the call, in which other memory is changed beside it.
    var bits = bits
    self.bits = []
    if bits.count < room { bits.resize(to: room, filler: 0) }
    classes.resize(to: 1 + rule.count * count, filler: 0)
    var writer = BitWriter()
    var target = bits.mutableSpan
    Self.write(cells.used, &writer, &target)
    for context in 0..<rule.count {
      let start = 1 + context * count
      let model = FrequencyTable.predecessor(of: context, rule).map { 1 + $0 * count }
      guard cells.replace(&sums, byThoseOf: parts[context]) else {
        writer.appendShort(0, count: 1, to: &target)
        for place in 0..<count {
          classes[start + place] = if let model { classes[model + place] } else { 0 }
        }
        continue
      }
      writer.appendShort(1, count: 1, to: &target)
      let rest = FrequencyTable.take(sums, into: &frequencies)
      FrequencyTable.putClasses(of: frequencies, rest: rest, into: &classes, from: start)
      let others = model ?? start - 1
      TableLoops.write(
        classes.span.extracting(start..<start + count),
        after: classes.span.extracting(others..<others + count), &writer, to: &target)
      TableLoops.write(
        detailsOf: frequencies.span.extracting(first: rest), &writer, to: &target)
      TableLoops.write(
        detailsOf: frequencies.span.extracting(droppingFirst: rest + 1), &writer, to: &target)
      lanes.set(cells.used, in: parts[context], frequencies)
    }
    let used = writer.finish(&target)
    output.append(bits.span.extracting(first: used))
    self.bits = bits
  }

  /// Writes which tokens are used: 16 bits for rows of 16, then 16 bits for each row.
  private static func write(
    _ used: [UInt8], _ writer: inout BitWriter, _ target: inout MutableSpan<UInt8>
  ) {
    var (rows, row, last): (UInt64, UInt64, UInt8) = (0, 0, 0)
    for token in used { rows |= 1 << UInt64(token >> 4) }
    writer.appendShort(rows, count: 16, to: &target)
    for token in used {
      if token >> 4 != last >> 4, row != 0 {
        writer.appendShort(row, count: 16, to: &target)
        row = 0
      }
      row |= 1 << UInt64(token & 15)
      last = token
    }
    if row != 0 { writer.appendShort(row, count: 16, to: &target) }
  }
}
