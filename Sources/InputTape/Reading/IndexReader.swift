// SPDX-License-Identifier: Apache-2.0
//
// A recording opened by its index, without reading its records (Specs/Format.md, section 7).
//
// The index lists every record, so that it cannot leave one out: lengths must add up to where each
// index stands, and sequence numbers follow from the order.

import InputTapeCore

/// Reads the chain of INDEX records from the end.
struct IndexReader {
  private let source: any ByteSource
  private let byteCount: UInt64
  private let header: FileHeader
  private let decoder = RecordDecoder()

  /// - Returns: nil where there is no usable index; the caller scans.
  static func read(
    source: any ByteSource, header: FileHeader
  ) throws(FileError) -> (list: BlockList, metadata: RecordingMetadata)? {
    let reader = IndexReader(
      source: source, byteCount: try source.byteCount(), header: header)
    do {
      return try reader.read()
    } catch {
      guard case .format = error else { throw error }
      return nil
    }
  }

  private func read() throws(FileError) -> (list: BlockList, metadata: RecordingMetadata) {
    var list = try readChain()
    // The last METADATA record rules.
    guard let offset = list.records.lastIndex(where: { $0.type == .metadata }) else {
      throw .format(FormatError(.index, at: byteCount))
    }
    let position = list.records[offset].position
    let (found, payload) = try record(at: position)
    guard list.records[offset].agrees(with: found) else {
      throw .format(FormatError(.index, at: position))
    }
    let decoded = try check { () throws(FormatError) in
      try RecordingMetadata.decode(payload.span, at: position + UInt64(RecordHeader.byteCount))
    }
    guard decoded.header == header else { throw .format(FormatError(.index, at: position)) }
    list = try withLastIndex(list)
    try checkEventless(list)
    return (list, decoded.metadata)
  }

  /// The lists of all INDEX records, first to last.
  private func readChain() throws(FileError) -> BlockList {
    guard byteCount >= UInt64(FileHeader.byteCount + RecordHeader.byteCount + Trailer.byteCount)
    else { throw .format(FormatError(.truncated, at: byteCount)) }
    let end = byteCount - UInt64(Trailer.byteCount)
    var position = try trailer(at: end)
    var parts: [(position: UInt64, list: BlockList)] = []
    while position != 0 {
      guard position < (parts.last?.position ?? end) else {
        throw .format(FormatError(.index, at: position))
      }
      let (header, payload) = try record(at: position)
      guard header.type == .index,
        parts.isEmpty == header.flags.contains(.final),
        !parts.isEmpty || position + UInt64(header.recordByteCount) == end
      else { throw .format(FormatError(.index, at: position)) }
      let decoded = try check { () throws(FormatError) in
        try BlockList.decodeIndex(
          payload.span, at: position + UInt64(RecordHeader.byteCount))
      }
      parts.append((position, decoded.list))
      position = decoded.previousIndex
    }
    return try join(parts)
  }

  private func join(
    _ parts: [(position: UInt64, list: BlockList)]
  ) throws(FileError) -> BlockList {
    var list = BlockList()
    var position = UInt64(FileHeader.byteCount)
    for part in parts.reversed() {
      list.append(part.list, at: position, sequence: UInt32(clamping: list.records.count))
      position += part.list.byteCount
      guard position == part.position else {
        throw .format(FormatError(.index, at: part.position))
      }
    }
    return list
  }

  /// Adds the last INDEX record itself, which no index lists.
  private func withLastIndex(_ list: BlockList) throws(FileError) -> BlockList {
    var list = list
    let position = UInt64(FileHeader.byteCount) + list.byteCount
    let (header, _) = try record(at: position)
    guard header.sequence == UInt32(clamping: list.records.count) else {
      throw .format(FormatError(.index, at: position))
    }
    list.append(RecordEntry(header, position: position), sections: [])
    return list
  }

  /// Records without events are never read again, so that their headers are looked at now: what an
  /// index says to be without events might be a block.
  private func checkEventless(_ list: BlockList) throws(FileError) {
    var bytes: [UInt8] = []
    for entry in list.records where entry.type != .data || entry.eventCount == 0 {
      try source.read(at: entry.position, count: RecordHeader.byteCount, into: &bytes)
      let head = bytes
      try check { () throws(FormatError) in
        let found = try RecordHeader.decode(head.span, id: header.recordingID, at: entry.position)
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
    try source.read(at: position, count: RecordHeader.byteCount, into: &bytes)
    let header = try check { () throws(FormatError) in
      try RecordHeader.decode(bytes.span, id: self.header.recordingID, at: position)
    }
    let payloadPosition = position + UInt64(RecordHeader.byteCount)
    guard payloadPosition + UInt64(header.paddedByteCount) <= byteCount else {
      throw .format(FormatError(.truncatedRecord, at: byteCount))
    }
    try source.read(at: payloadPosition, count: header.paddedByteCount, into: &bytes)
    let payload = try check { () throws(FormatError) in
      try decoder.payload(bytes.span, of: header, at: payloadPosition)
    }
    return (header, payload)
  }
}
