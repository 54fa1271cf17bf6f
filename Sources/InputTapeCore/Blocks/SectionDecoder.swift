// SPDX-License-Identifier: Apache-2.0
//
// Sections to batches, from bytes that nobody has checked yet (Specs/Encodings.md, section 1).
//
// Invariant: any bytes give a batch of `eventCount` events or an error, in bounded memory.

/// Decodes sections into batches; owns its memory.
package final class SectionDecoder {
  /// Made when something compressed comes.
  private lazy var decompressor = Decompressor()
  private let models = ModelDecoder()
  private var columns = IntegerColumnDecoder()
  private var pairs = PairDecoder()
  private var held = HeldDecoder()
  private var times = TimeDecoder()
  /// Made when the first section needs it: its tables are large.
  private lazy var adaptive = AdaptiveSectionDecoder()
  private var kinds = KindDecoder()
  private var lengths: [Int32] = []
  private var text: [UInt8] = []
  private var joined: [UInt8] = []

  package init() {}

  /// Replaces the events of a batch by those of a section; the batch keeps its track.
  ///
  /// - Parameters:
  ///   - form: how the bytes are to be read.
  ///   - eventCount: the number of events that the section must hold.
  ///   - firstTime: that of the first event, for forms that do not say it.
  ///   - kinds: the kinds whose columns are wanted; of others the entries of `columns` have a
  ///     count and empty columns.
  ///   - position: where the section begins in the file, for errors.
  /// - Throws: where the bytes are not a section of so many events; the batch is then empty.
  package func decode(
    _ bytes: Span<UInt8>, form: SectionForm, eventCount: Int, firstTime: Int64, kinds: KindSet,
    at position: UInt64, into batch: inout EventBatch
  ) throws(FormatError) {
    do throws(FormatError) {
      try decodeParts(
        bytes, form: form, eventCount: eventCount, firstTime: firstTime, kinds: kinds,
        at: position, into: &batch)
    } catch {
      batch.removeAll()
      throw error
    }
  }

  private func decodeParts(
    _ bytes: Span<UInt8>, form: SectionForm, eventCount: Int, firstTime: Int64, kinds: KindSet,
    at position: UInt64, into batch: inout EventBatch
  ) throws(FormatError) {
    guard (0...Limits.eventsPerBlock).contains(eventCount) else {
      throw FormatError(.limitExceeded, at: position)
    }
    if form == .adaptive {
      batch.removeAll()
      return try adaptive.decode(
        bytes, eventCount: eventCount, firstTime: firstTime, kinds: kinds, at: position,
        into: &batch)
    }
    var reader = ByteReader(bytes, at: position)
    switch try reader.readUInt8() {
    case 0: try decode(reader, form: form, eventCount: eventCount, kinds: kinds, into: &batch)
    case 1 where form != .plain:
      try decompress(&reader, form: form)
      let bytes = joined
      let inner = ByteReader(bytes.span, at: position)
      do throws(FormatError) {
        try decode(inner, form: .plain, eventCount: eventCount, kinds: kinds, into: &batch)
      } catch {
        // Positions within a compressed section are that of the section.
        throw FormatError(error.code, at: position)
      }
    default: throw FormatError(.malformed, at: position)
    }
  }

  private func decompress(_ reader: inout ByteReader, form: SectionForm) throws(FormatError) {
    let count = try reader.readCount(limit: Limits.rawByteCount)
    joined.removeAll(keepingCapacity: true)
    joined.append(contentsOf: repeatElement(0, count: count))
    let error = reader.error(.decompression)
    let stored = try reader.readSpan(count: reader.remaining)
    let isWhole =
      form == .zstd
      ? decompressor.decompressZstd(stored, into: &joined)
      : decompressor.inflateRaw(stored, into: &joined)
    guard isWhole else { throw error }
  }

  private func decode(
    _ bytes: consuming ByteReader, form: SectionForm, eventCount: Int, kinds: KindSet,
    into batch: inout EventBatch
  ) throws(FormatError) {
    var reader = StreamReader(bytes, form: form, decompressor: decompressor, models: models)
    let offsets = try readKinds(&reader.bytes, eventCount: eventCount, into: &batch)
    // Wanted columns keep their entries, which are all replaced: to clear them first costs time.
    for offset in batch.columns.indices
    where !offsets.contains(offset) || !kinds.contains(batch.columns[offset].kind) {
      batch.columns[offset].removeAll()
    }
    let main = try decodeKinds(&reader, offsets: offsets, eventCount: eventCount, into: &batch)
    for offset in offsets {
      if kinds.contains(batch.columns[offset].kind) {
        try decodeColumns(&reader, of: &batch.columns[offset])
      } else {
        try skipColumns(&reader, of: batch.columns[offset])
      }
    }
    try times.decode(&batch.times, kinds: batch.kinds, main: main, from: &reader)
    guard reader.bytes.remaining == 0 else { throw reader.bytes.error(.malformed) }
  }

  /// Reads the kinds of the section.
  ///
  /// - Returns: the offsets of their columns in the batch.
  private func readKinds(
    _ reader: inout ByteReader, eventCount: Int, into batch: inout EventBatch
  ) throws(FormatError) -> [Int] {
    let count = try reader.readCount(limit: eventCount)
    guard count > 0 || eventCount == 0 else { throw reader.error(.malformed) }
    var kinds: [EventKind] = []
    for _ in 0..<count {
      let error = reader.error(.malformed)
      let kind = EventKind(rawValue: try reader.readUInt8())
      if let last = kinds.last, last >= kind { throw error }
      guard kind.rawValue > 0 else { throw FormatError(.limitExceeded, at: error.position) }
      let layout = if let known = kind.layout { known } else { try readLayout(&reader) }
      if let offset = batch.columnOffset(of: kind), batch.columns[offset].layout != layout {
        batch.columns[offset] = KindColumns(kind: kind, layout: layout)
      }
      _ = batch.ensureColumns(of: kind, layout: layout)
      kinds.append(kind)
    }
    return kinds.compactMap { batch.columnOffset(of: $0) }
  }

  private func readLayout(_ reader: inout ByteReader) throws(FormatError) -> KindLayout {
    KindLayout(
      int32: try reader.readCount(limit: 16), int64: try reader.readCount(limit: 16),
      strings: try reader.readCount(limit: 16))
  }

  /// Reads which events have which kinds.
  ///
  /// - Returns: the main kind, where there are several.
  private func decodeKinds(
    _ reader: inout StreamReader, offsets: [Int], eventCount: Int, into batch: inout EventBatch
  ) throws(FormatError) -> EventKind? {
    guard offsets.count > 1 else {
      batch.kinds.removeAll(keepingCapacity: true)
      guard let first = offsets.first else { return nil }
      batch.kinds.append(
        contentsOf: repeatElement(batch.columns[first].kind, count: eventCount))
      batch.columns[first].count = eventCount
      return nil
    }
    let names = offsets.map { batch.columns[$0].kind }
    let (counts, main) = try kinds.decode(
      &batch.kinds, count: eventCount, names: names, from: &reader)
    for index in offsets.indices { batch.columns[offsets[index]].count = counts[index] }
    return main
  }

  private func decodeColumns(
    _ reader: inout StreamReader, of kind: inout KindColumns
  ) throws(FormatError) {
    if HeldCodes.apply(to: kind.kind) {
      try columns.decode(&kind.int32[1], count: kind.count, from: &reader)
      try held.decode(&kind.int32[0], states: kind.int32[1], from: &reader)
      return
    }
    let place = PairPlace.of(kind.kind)
    for index in kind.int32.indices {
      if index == place?.column, let place {
        try pairs.decode(&kind, place, from: &reader)
      } else if index != place.map({ $0.column + 1 }) {
        try columns.decode(&kind.int32[index], count: kind.count, from: &reader)
      }
    }
    for index in kind.int64.indices {
      try columns.decode(&kind.int64[index], count: kind.count, from: &reader)
    }
    for index in kind.strings.indices {
      try decodeStrings(&kind.strings[index], count: kind.count, from: &reader)
    }
  }

  private func decodeStrings(
    _ strings: inout StringColumn, count: Int, from reader: inout StreamReader
  ) throws(FormatError) {
    let error = reader.bytes.error(.limitExceeded)
    try columns.decode(&lengths, count: count, from: &reader)
    var byteCount = 0
    for length in lengths {
      guard length >= 0, Int(length) <= Limits.textByteCount else { throw error }
      byteCount += Int(length)
    }
    try reader.readStream(count: byteCount, into: &text)
    strings.replace(lengths: lengths, bytes: text)
  }

  private func skipColumns(
    _ reader: inout StreamReader, of kind: KindColumns
  ) throws(FormatError) {
    if HeldCodes.apply(to: kind.kind) {
      try IntegerColumnDecoder.skip(count: kind.count, from: &reader)
      try HeldDecoder.skip(from: &reader)
      return
    }
    let place = PairPlace.of(kind.kind)
    for index in kind.int32.indices {
      if index == place?.column {
        try PairDecoder.skip(from: &reader)
      } else if index != place.map({ $0.column + 1 }) {
        try IntegerColumnDecoder.skip(count: kind.count, from: &reader)
      }
    }
    for _ in kind.int64 { try IntegerColumnDecoder.skip(count: kind.count, from: &reader) }
    for _ in kind.strings {
      try IntegerColumnDecoder.skip(count: kind.count, from: &reader)
      try reader.skipStream()
    }
  }
}

@available(*, unavailable)
extension SectionDecoder: Sendable {}  // Owns scratch memory: one owner at a time.
