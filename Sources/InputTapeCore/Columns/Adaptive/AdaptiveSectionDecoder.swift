// SPDX-License-Identifier: Apache-2.0
//
// Sections of the adaptive coder to batches, from bytes that nobody has checked yet
// (Specs/Adaptive.md).
//
// Invariant: any bytes give a batch of `eventCount` events or an error, in bounded memory.

/// Decodes sections of the adaptive coder; owns its memory, about two megabytes and the events.
package final class AdaptiveSectionDecoder {
  private var section = AdaptiveSection(coder: BitDecoder())

  package init() {}

  /// Replaces the events of a batch by those of a section; the batch keeps its track.
  ///
  /// - Parameters:
  ///   - eventCount: the number of events that the section must hold.
  ///   - firstTime: that of the first event.
  ///   - kinds: the kinds whose columns are wanted; of others the entries of `columns` have a
  ///     count and empty columns.
  ///   - position: where the section begins in the file, for errors.
  /// - Throws: where the bytes are not a section of so many events; the batch is then undefined.
  /// - Complexity: O(*events* + *bytes*).
  package func decode(
    _ bytes: Span<UInt8>, eventCount: Int, firstTime: Int64, kinds: KindSet,
    at position: UInt64, into batch: inout EventBatch
  ) throws(FormatError) {
    batch.removeAll()
    guard (0...Limits.eventsPerBlock).contains(eventCount) else {
      throw FormatError(.limitExceeded, at: position)
    }
    guard eventCount > 0 else {
      if bytes.count > 0 { throw FormatError(.malformed, at: position) }
      return
    }
    section.model.coder.reset(bytes)
    section.reset(eventCount: eventCount)
    try section.codeKinds(eventCount: eventCount, at: position)
    section.prepare()
    section.codeMotion(false)
    try section.codeClock(
      AdaptiveClock(first: firstTime), eventCount: eventCount, at: position)
    section.makeRoom(eventCount)
    try section.codeEvents(at: position)
    if let code = section.model.coder.endingError() { throw FormatError(code, at: position) }
    guard section.scatter(kinds, into: &batch) else { throw FormatError(.malformed, at: position) }
  }
}

@available(*, unavailable)
extension AdaptiveSectionDecoder: Sendable {}  // Owns scratch memory: one owner at a time.

extension AdaptiveSection where Coder == BitDecoder {
  /// Makes room for the events.
  mutating func makeRoom(_ eventCount: Int) {
    times.fill(eventCount, with: 0)
    kindNumbers.fill(eventCount, with: 0)
  }

  /// Gives the events to an empty batch.
  ///
  /// - Returns: whether every kind has an event.
  func scatter(_ wanted: KindSet, into batch: inout EventBatch) -> Bool {
    var rows = AdaptiveRows()
    rows.arrange(kindNumbers, kinds)
    times.append(to: &batch.times)
    var target = batch.times.mutableSpan
    TimeOffsets.restore(&target, clock: clock, start: start, shifts: shifts, offsets: offsets)
    for index in 0..<kindNumbers.count { batch.kinds.append(kinds[Int(kindNumbers[index])].kind) }
    for (offset, kind) in kinds.enumerated() {
      let range = rows.ranges[offset]
      guard !range.isEmpty else { return false }
      if let old = batch.columnOffset(of: kind.kind), batch.columns[old].layout != kind.layout {
        batch.columns[old] = KindColumns(kind: kind.kind, layout: kind.layout)
      }
      let place = batch.ensureColumns(of: kind.kind, layout: kind.layout)
      batch.columns[place].count = range.count
      if wanted.contains(kind.kind) { scatter(rows.starts[range], into: &batch.columns[place]) }
    }
    return true
  }

  /// Takes the columns of a kind from the rows of its events.
  private func scatter(_ rows: ArraySlice<Int32>, into columns: inout KindColumns) {
    var offset = 0
    for index in columns.int32.indices {
      values.gather(rows, offset, into: &columns.int32[index])
      offset += 1
    }
    for index in columns.int64.indices {
      values.gather(rows, offset, into: &columns.int64[index])
      offset += 1
    }
    for index in columns.strings.indices {
      for row in rows {
        let start = Int(values[Int(row) + offset] >> 32)
        let length = Int(values[Int(row) + offset] & 0xFFFF_FFFF)
        columns.strings[index].append(text[start..<(start + length)])
      }
      offset += 1
    }
  }
}
