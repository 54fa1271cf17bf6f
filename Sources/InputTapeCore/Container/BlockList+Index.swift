// SPDX-License-Identifier: Apache-2.0
//
// The payload of an INDEX record (Specs/Format.md, section 7).

extension BlockList {
  /// The payload of an INDEX record over these records, before compression.
  package func encodeIndex(previousIndex: UInt64) -> [UInt8] {
    var writer = ByteWriter(reserving: 12 * records.count + 16)
    writer.appendVarint(previousIndex)
    writer.appendVarint(records.count)
    let decades = records.filter(\.hasDirectory).map(\.flags.decade)
    var row = IndexRow(decade: decades.min() ?? 0)
    writer.append(row.decade)
    let shapes = records.indices.map { shape(of: $0) }
    var next = 0
    for (offset, record) in records.enumerated() {
      if offset == next {
        next = shapes[offset...].firstIndex { $0 != shapes[offset] } ?? records.count
        writer.appendVarint(next - offset)
        shapes[offset].encode(into: &writer)
      }
      row.encode(record, sections[sectionRange(of: offset)], into: &writer)
    }
    return writer.bytes
  }

  private func shape(of offset: Int) -> RecordShape {
    let record = records[offset]
    let range = record.hasDirectory ? sectionRange(of: offset) : 0..<0
    return RecordShape(
      type: record.type, flags: record.flags,
      sections: sections[range].map { SectionShape($0, blockTime: record.firstTime) })
  }

  /// Reads an INDEX payload and keeps what it lists. Positions and sequence numbers are counted
  /// from 0: the caller adds where the first record stands.
  package static func decodeIndex(
    _ bytes: Span<UInt8>, of position: UInt64, firstSequence: UInt32 = 0
  ) throws(FormatError) -> (previousIndex: UInt64, list: BlockList) {
    var list = BlockList()
    let previousIndex = try readIndex(
      bytes, at: position, of: position, firstSequence: firstSequence
    ) { record, sections in
      list.append(record, sections: sections)
    }
    return (previousIndex, list)
  }

  /// Reads an INDEX payload record by record, and keeps none of them.
  ///
  /// - Parameters:
  ///   - payloadPosition: where the payload begins, for errors.
  ///   - position: where the INDEX record stands.
  ///   - firstSequence: the sequence number of the first record that is listed.
  ///   - body: is given each record and its sections; positions are counted from 0.
  /// - Returns: the position of the INDEX record before this one; 0 for the first.
  package static func readIndex(
    _ bytes: Span<UInt8>, at payloadPosition: UInt64, of position: UInt64, firstSequence: UInt32,
    _ body: (RecordEntry, [SectionEntry]) throws(FormatError) -> Void
  ) throws(FormatError) -> UInt64 {
    var reader = ByteReader(bytes, at: payloadPosition)
    let previousIndex = try reader.readVarint()
    // All records that an index lists stand between the index before it, or the file header, and
    // itself: no more of them than fit there, whatever the payload claims.
    let start = previousIndex == 0 ? UInt64(FileHeader.byteCount) : previousIndex
    guard start <= position else { throw reader.error(.index) }
    let room = position - start
    let count = try reader.readCount(
      limit: Int(min(room / UInt64(RecordHeader.leastByteCount), UInt64(Limits.rawByteCount))))
    let decadeError = reader.error(.malformed)
    var row = IndexRow(decade: try reader.readUInt8())
    var shape: RecordShape?
    var left = 0
    var offset: UInt64 = 0
    for index in 0..<count {
      guard offset < room else { throw reader.error(.index) }
      if left == 0 {
        let error = reader.error(.malformed)
        left = try reader.readCount(limit: count - index)
        let next = try RecordShape.decode(&reader)
        // One form for one list: a run goes on as long as the shape does.
        guard left > 0, next != shape, next.decade >= row.decade else { throw error }
        shape = next
      }
      guard let shape else { break }
      left -= 1
      let sequence = firstSequence &+ UInt32(clamping: index)
      var (record, sections) = try row.decode(&reader, shape, sequence: sequence)
      record.position = offset
      offset += record.byteCount
      try body(record, sections)
    }
    guard reader.remaining == 0 else { throw reader.error(.malformed) }
    guard row.decade == row.leastDecade ?? 0 else { throw decadeError }
    return previousIndex
  }
}
