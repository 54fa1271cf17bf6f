// SPDX-License-Identifier: Apache-2.0
//
// A segment opened by its index, without reading its blocks (Specs/Format.md, section 7).
//
// The index lists every record, so that it cannot leave one out: lengths must add up to where each
// index stands, and sequence numbers follow from the order.

import InputTapeCore

/// Reads the chain of INDEX records from the end.
struct IndexReader {
  private let source: any ByteSource
  private let byteCount: UInt64
  private let header: FileHeader
  private let deadline: ReadDeadline
  private let decoder = RecordDecoder()

  /// Where a record stands.
  struct Place {
    var position = UInt64(FileHeader.byteCount)
    var sequence: UInt32 = 0
  }

  /// What an index tells.
  struct Contents {
    var list: RecordList
    var metadata: RecordingMetadata
    /// Another segment follows.
    var isContinued: Bool
  }

  /// - Returns: nil where there is no usable index; the caller scans.
  static func read(
    source: any ByteSource, header: FileHeader, deadline: ReadDeadline = ReadDeadline()
  ) throws(FileError) -> Contents? {
    let reader = IndexReader(
      source: source, byteCount: try source.byteCount(), header: header, deadline: deadline)
    do {
      return try reader.read()
    } catch {
      guard case .format(let problem) = error else { throw error }
      try deadline.check(at: problem.position, memoryByteCount: 0)
      return nil
    }
  }

  /// For a segment whose index has been read.
  init(_ source: any ByteSource, _ header: FileHeader) throws(FileError) {
    self.init(
      source: source, byteCount: try source.byteCount(), header: header, deadline: ReadDeadline())
  }

  private init(
    source: any ByteSource, byteCount: UInt64, header: FileHeader, deadline: ReadDeadline
  ) {
    self.source = source
    self.byteCount = byteCount
    self.header = header
    self.deadline = deadline
  }

  private func read() throws(FileError) -> Contents {
    let positions = try chain()
    var list = RecordList()
    var rule: RecordEntry?
    for position in positions {
      let place = Place(
        position: UInt64(FileHeader.byteCount) + list.byteCount,
        sequence: UInt32(clamping: list.count))
      try forEachRecord(ofIndex: position, from: place) { entry, sections throws(FileError) in
        list.append(entry, sections: sections)
        if entry.type == .metadata { rule = entry }
        try deadline.check(at: position, memoryByteCount: list.memoryByteCount)
      }
    }
    // The last INDEX record itself, which no index lists.
    guard let end = positions.last else { throw .format(FormatError(.index, at: byteCount)) }
    let (final, _) = try record(at: end)
    guard final.sequence == UInt32(clamping: list.count) else {
      throw .format(FormatError(.index, at: end))
    }
    list.append(RecordEntry(final, position: end))
    try checkEventless(list)
    // The last METADATA record rules.
    guard let rule else { throw .format(FormatError(.index, at: byteCount)) }
    return Contents(
      list: list, metadata: try metadata(rule), isContinued: final.flags.contains(.continued))
  }

  private func metadata(_ entry: RecordEntry) throws(FileError) -> RecordingMetadata {
    let (found, payload) = try record(at: entry.position)
    guard entry.agrees(with: found) else {
      throw .format(FormatError(.index, at: entry.position))
    }
    let decoded = try check { () throws(FormatError) in
      try RecordingMetadata.decode(payload.span, at: entry.payloadPosition)
    }
    guard decoded.header == header else {
      throw .format(FormatError(.index, at: entry.position))
    }
    return decoded.metadata
  }

  /// The positions of all INDEX records, first to last.
  func chain() throws(FileError) -> [UInt64] {
    let leastByteCount =
      FileHeader.byteCount + RecordHeader.leastByteCount + Trailer.byteCount
    guard byteCount >= UInt64(leastByteCount) else {
      throw .format(FormatError(.truncated, at: byteCount))
    }
    let end = byteCount - UInt64(Trailer.byteCount)
    var position = try trailer(at: end)
    var positions: [UInt64] = []
    while position != 0 {
      try deadline.check(at: position, memoryByteCount: 8 * positions.count)
      guard position < (positions.last ?? end) else {
        throw .format(FormatError(.index, at: position))
      }
      let (header, payload) = try record(at: position)
      guard header.type == .index,
        positions.isEmpty == header.flags.contains(.final),
        !positions.isEmpty || position + UInt64(header.recordByteCount) == end
      else { throw .format(FormatError(.index, at: position)) }
      positions.append(position)
      position = try check { () throws(FormatError) in
        var reader = ByteReader(payload.span, at: position)
        return try reader.readVarint()
      }
    }
    return positions.reversed()
  }

  /// Calls `body` with each record that an INDEX record lists, and its sections.
  ///
  /// - Parameters:
  ///   - position: where the INDEX record is.
  ///   - place: where the first of its records must be.
  /// - Throws: `index` where they do not end where the INDEX record begins.
  func forEachRecord(
    ofIndex position: UInt64, from place: Place,
    _ body: (RecordEntry, [SectionEntry]) throws(FileError) -> Void
  ) throws(FileError) {
    let (header, payload) = try record(at: position)
    var end = place.position
    var failure: FileError?
    do {
      _ = try BlockList.readIndex(
        payload.span, at: position + UInt64(header.headByteCount), of: position,
        firstSequence: place.sequence
      ) { entry, sections throws(FormatError) in
        var entry = entry
        entry.position = end
        end = end &+ entry.byteCount
        do throws(FileError) {
          try body(entry, sections)
        } catch {
          failure = error
          throw FormatError(.index, at: position)
        }
      }
    } catch {
      throw failure ?? .format(error)
    }
    guard end == position else { throw .format(FormatError(.index, at: position)) }
  }

  /// Records without events, and sealed ones, are never read again, so that their headers are
  /// looked at now: what an index says to be such might be a block.
  private func checkEventless(_ list: RecordList) throws(FileError) {
    var window = try WindowedSource(source)
    let id = header.recordingID
    try list.forEach { entry throws(FileError) in
      if entry.hasDirectory, entry.eventCount > 0 { return }
      let head = try window.bytes(at: entry.position, count: RecordHeader.mostByteCount)
      try check { () throws(FormatError) in
        let found = try RecordHeader.decode(head.span, id: id, at: entry.position)
        guard entry.agrees(with: found) else { throw FormatError(.index, at: entry.position) }
      }
    }
  }

  private func trailer(at position: UInt64) throws(FileError) -> UInt64 {
    var bytes: [UInt8] = []
    try source.read(at: position, count: Trailer.byteCount, into: &bytes)
    return try check { () throws(FormatError) in
      try Trailer.decode(bytes.span, id: header.recordingID, at: position)
    }
  }

  private func record(
    at position: UInt64
  ) throws(FileError) -> (RecordHeader, payload: [UInt8]) {
    var bytes: [UInt8] = []
    try source.read(at: position, count: RecordHeader.mostByteCount, into: &bytes)
    let header = try check { () throws(FormatError) in
      try RecordHeader.decode(bytes.span, id: self.header.recordingID, at: position)
    }
    let payloadPosition = position + UInt64(header.headByteCount)
    guard payloadPosition + UInt64(header.storedByteCount) <= byteCount else {
      throw .format(FormatError(.truncatedRecord, at: byteCount))
    }
    try source.read(at: payloadPosition, count: Int(header.storedByteCount), into: &bytes)
    let payload = try check { () throws(FormatError) in
      try decoder.payload(bytes.span, of: header, at: payloadPosition)
    }
    return (header, payload)
  }
}
