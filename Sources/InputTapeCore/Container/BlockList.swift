// SPDX-License-Identifier: Apache-2.0
//
// Where the records of a segment are: what a scan finds and what the index holds
// (Specs/Format.md, section 7).
//
// Invariant: records are sorted by position and sequence number; a record's sections are
// `sections[sectionStarts[i]..<sectionStarts[i + 1]]`.

/// One record of a segment, as its header describes it.
package struct RecordEntry: Hashable, Sendable {
  package var type: RecordType
  package var flags: RecordFlags
  package var directoryByteCount: UInt16
  package var sequence: UInt32
  package var storedByteCount: UInt32
  package var eventCount: UInt32
  package var position: UInt64
  package var firstTime: Int64
  package var span: UInt64

  package init(_ header: RecordHeader, position: UInt64) {
    type = header.type
    flags = header.flags
    directoryByteCount = header.directoryByteCount
    sequence = header.sequence
    storedByteCount = header.storedByteCount
    eventCount = header.eventCount
    self.position = position
    firstTime = header.firstTime
    span = header.span
  }

  /// The latest time in the block.
  package var lastTime: Int64 { firstTime &+ Int64(bitPattern: span) }

  /// Header, payload and padding.
  package var byteCount: UInt64 {
    UInt64(RecordHeader.byteCount) + (UInt64(storedByteCount) + 7) & ~7
  }

  /// Whether a header is the one that this entry describes.
  package func agrees(with header: RecordHeader) -> Bool {
    var other = RecordEntry(header, position: position)
    other.sequence = sequence
    return self == other && sequence == header.sequence
  }
}

/// The records of a segment and the sections of its blocks.
package struct BlockList: Hashable, Sendable {
  package private(set) var records: [RecordEntry] = []
  package private(set) var sections: [SectionEntry] = []
  package private(set) var sectionStarts: [Int32] = [0]

  package init() {}

  package mutating func append(_ record: RecordEntry, sections more: [SectionEntry]) {
    records.append(record)
    sections += more
    sectionStarts.append(Int32(clamping: sections.count))
  }

  package func sectionRange(of record: Int) -> Range<Int> {
    Int(sectionStarts[record])..<Int(sectionStarts[record + 1])
  }

  /// Keeps the memory.
  package mutating func removeAll() {
    records.removeAll(keepingCapacity: true)
    sections.removeAll(keepingCapacity: true)
    sectionStarts.removeAll(keepingCapacity: true)
    sectionStarts.append(0)
  }

  // MARK: - Index payload

  /// The payload of an INDEX record over these records, before compression.
  package func encodeIndex(previousIndex: UInt64) -> [UInt8] {
    var writer = ByteWriter(reserving: 24 * records.count + 16)
    writer.append(previousIndex)
    writer.appendVarint(records.count)
    var time: Int64 = 0
    for (offset, record) in records.enumerated() {
      writer.append(record.type.rawValue)
      writer.append(record.flags.rawValue)
      guard record.type == .data else {
        writer.appendVarint(UInt64(record.storedByteCount))
        continue
      }
      writer.appendVarint(UInt64(record.directoryByteCount))
      writer.appendSignedVarint(record.firstTime &- time)
      writer.appendVarint(record.span)
      time = record.lastTime
      let range = sectionRange(of: offset)
      writer.appendVarint(range.count)
      for section in sections[range] {
        SectionDirectory.encode(section, firstTime: record.firstTime, into: &writer)
      }
    }
    return writer.bytes
  }

  /// Reads an INDEX payload. Positions and sequence numbers are counted from 0: the caller adds
  /// where the first record stands.
  package static func decodeIndex(
    _ bytes: Span<UInt8>, at position: UInt64
  ) throws(FormatError) -> (previousIndex: UInt64, list: BlockList) {
    var list = BlockList()
    let previousIndex = try readIndex(bytes, at: position) { record, sections in
      list.append(record, sections: sections)
    }
    return (previousIndex, list)
  }

  /// Reads an INDEX payload record by record, and keeps none of them.
  ///
  /// - Parameter body: is given each record and its sections; positions and sequence numbers are
  ///   counted from 0.
  /// - Returns: the position of the INDEX record before this one; 0 for the first.
  package static func readIndex(
    _ bytes: Span<UInt8>, at position: UInt64,
    _ body: (RecordEntry, [SectionEntry]) throws(FormatError) -> Void
  ) throws(FormatError) -> UInt64 {
    var reader = ByteReader(bytes, at: position)
    let previousIndex = try reader.readUInt64()
    // All records that an index lists stand between the index before it, or the file header, and
    // itself: no more of them than fit there, whatever the payload claims.
    let start = previousIndex == 0 ? UInt64(FileHeader.byteCount) : previousIndex
    let end = position &- UInt64(RecordHeader.byteCount)
    guard start <= end else { throw reader.error(.index) }
    let room = end - start
    let count = try reader.readCount(
      limit: Int(min(room / UInt64(RecordHeader.byteCount), UInt64(Limits.rawByteCount))))
    var time: Int64 = 0
    var offset: UInt64 = 0
    for sequence in 0..<count {
      guard offset < room else { throw reader.error(.index) }
      let (record, sections) = try decodeRecord(
        &reader, sequence: sequence, offset: offset, time: time)
      if record.type == .data { time = record.lastTime }
      offset += record.byteCount
      try body(record, sections)
    }
    guard reader.remaining == 0 else { throw reader.error(.malformed) }
    return previousIndex
  }

  private static func decodeRecord(
    _ reader: inout ByteReader, sequence: Int, offset: UInt64, time: Int64
  ) throws(FormatError) -> (RecordEntry, [SectionEntry]) {
    var header = RecordHeader(
      type: RecordType(rawValue: try reader.readUInt8()),
      flags: RecordFlags(rawValue: try reader.readUInt8()), sequence: UInt32(clamping: sequence),
      storedByteCount: 0, rawByteCount: 0, payloadChecksum: 0)
    guard header.type == .data else {
      header.storedByteCount = UInt32(try reader.readCount(limit: Limits.storedByteCount))
      return (RecordEntry(header, position: offset), [])
    }
    header.directoryByteCount = UInt16(try reader.readCount(limit: Int(UInt16.max)))
    header.firstTime = time &+ (try reader.readSignedVarint())
    let spanError = reader.error(.malformed)
    header.span = try reader.readVarint()
    guard header.hasLastTime else { throw spanError }
    // A section takes nine bytes of its directory at least.
    let count = try reader.readCount(
      limit: min(SectionDirectory.sectionLimit, Int(header.directoryByteCount) / 9))
    var sections: [SectionEntry] = []
    var storedByteCount = Int(header.directoryByteCount)
    var eventCount = 0
    for _ in 0..<count {
      let section = try SectionDirectory.decodeEntry(&reader, firstTime: header.firstTime)
      storedByteCount += section.storedByteCount
      if section.content == .events { eventCount += section.eventCount }
      sections.append(section)
    }
    guard storedByteCount <= Limits.storedByteCount, eventCount <= Limits.eventsPerBlock else {
      throw reader.error(.limitExceeded)
    }
    header.storedByteCount = UInt32(storedByteCount)
    header.eventCount = UInt32(eventCount)
    return (RecordEntry(header, position: offset), sections)
  }
}

extension BlockList {
  /// The bytes that these records take.
  package var byteCount: UInt64 { records.reduce(0) { $0 + $1.byteCount } }
}
