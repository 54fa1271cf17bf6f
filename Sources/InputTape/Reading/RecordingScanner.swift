// SPDX-License-Identifier: Apache-2.0
//
// A recording read from its start, record by record, and past damage (Specs/Format.md, section 10).
//
// Invariant: `list` holds records whose headers and directories have passed their checks, in the
// order of positions and sequence numbers. Time is linear in the bytes.

import InputTapeCore

/// Walks over all records of a recording.
struct RecordingScanner {
  private var source: WindowedSource
  private(set) var header: FileHeader
  private(set) var list = BlockList()
  private(set) var status = ReadStatus()
  private(set) var metadata = RecordingMetadata()
  private var isFinalSeen = false
  private var endOfRecords: UInt64 = UInt64(FileHeader.byteCount)
  private let recordDecoder = RecordDecoder()

  /// Opens a recording; where its header is destroyed, by the copy in a METADATA record.
  init(source: any ByteSource) throws(FileError) {
    var window = try WindowedSource(source)
    let head = Array(try window.bytes(at: 0, count: FileHeader.byteCount))
    do {
      header = try FileHeader.decode(head.span, at: 0)
    } catch {
      guard error.code != .unsupportedVersion,
        let copy = try Self.findHeader(in: &window)
      else { throw .format(error) }
      header = copy
      status.isHeaderRebuilt = true
    }
    self.source = window
  }

  /// Looks for a copy of the file header at multiples of 8.
  private static func findHeader(
    in window: inout WindowedSource
  ) throws(FileError) -> FileHeader? {
    var position: UInt64 = 8
    let first = FileHeader.magic[0]
    while position + UInt64(FileHeader.byteCount) <= window.byteCount {
      let bytes = try window.bytes(at: position, count: FileHeader.byteCount)
      if bytes.first == first, let header = try? FileHeader.decode(Array(bytes).span, at: 0) {
        return header
      }
      position += 8
    }
    return nil
  }

  // MARK: - Walk

  /// Walks to the end.
  mutating func scan() throws(FileError) {
    var position = UInt64(FileHeader.byteCount)
    while position < source.byteCount {
      do {
        position = try record(at: position)
      } catch {
        guard case .format(let problem) = error else { throw error }
        position = try recover(from: problem, at: position)
      }
      if isFinalSeen { break }
    }
    try checkEnd()
  }

  /// Takes the record at a position.
  ///
  /// - Returns: where the next one begins.
  private mutating func record(at position: UInt64) throws(FileError) -> UInt64 {
    let bytes = Array(try source.bytes(at: position, count: RecordHeader.byteCount))
    let header = try check { () throws(FormatError) in
      try RecordHeader.decode(bytes.span, id: self.header.recordingID, at: position)
    }
    let end = position + UInt64(header.recordByteCount)
    guard end <= source.byteCount else {
      throw .format(FormatError(.truncatedRecord, at: source.byteCount))
    }
    if let last = list.records.last {
      guard header.sequence > last.sequence else {
        try lose(position..<end, FormatError(.sequence, at: position + 12), header)
        return end
      }
      if header.sequence != last.sequence + 1, endOfRecords == position {
        status.losses.append(
          Loss(range: position..<position, error: FormatError(.sequence, at: position + 12)))
      }
    }
    do {
      try take(header, at: position)
    } catch {
      guard case .format(let problem) = error else { throw error }
      try lose(position..<end, problem, header)
    }
    endOfRecords = end
    return end
  }

  private mutating func take(_ header: RecordHeader, at position: UInt64) throws(FileError) {
    let payloadPosition = position + UInt64(RecordHeader.byteCount)
    var sections: [SectionEntry] = []
    switch header.type {
    case .data where !header.flags.contains(.sealed):
      let bytes = Array(
        try source.bytes(at: payloadPosition, count: Int(header.directoryByteCount)))
      sections = try check { () throws(FormatError) in
        guard CRC32C.checksum(bytes) == header.payloadChecksum else {
          throw FormatError(.payloadChecksum, at: payloadPosition)
        }
        return try SectionDirectory.decode(bytes.span, header: header, at: payloadPosition)
      }
    case .metadata:
      let payload = try payload(of: header, at: payloadPosition)
      let decoded = try check { () throws(FormatError) in
        try RecordingMetadata.decode(payload.span, at: payloadPosition)
      }
      guard decoded.header.recordingID == self.header.recordingID else {
        throw .format(FormatError(.malformed, at: payloadPosition + 16))
      }
      metadata = decoded.metadata
    default: break
    }
    if header.type == .index, header.flags.contains(.final) {
      isFinalSeen = true
      status.isClosed = true
    }
    list.append(RecordEntry(header, position: position), sections: sections)
  }

  /// The payload of a record that is not a block.
  private mutating func payload(
    of header: RecordHeader, at position: UInt64
  ) throws(FileError) -> [UInt8] {
    let bytes = Array(try source.bytes(at: position, count: header.paddedByteCount))
    return try check { () throws(FormatError) in
      try recordDecoder.payload(bytes.span, of: header, at: position)
    }
  }

  private mutating func lose(
    _ range: Range<UInt64>, _ error: FormatError, _ header: RecordHeader
  ) throws(FileError) {
    status.losses.append(
      Loss(
        range: range, error: error,
        eventCount: header.type == .data ? Int(header.eventCount) : nil))
  }

  // MARK: - Damage

  /// Looks for the next record behind damage.
  ///
  /// - Returns: where it begins, or the end.
  private mutating func recover(
    from problem: FormatError, at start: UInt64
  ) throws(FileError) -> UInt64 {
    var position = (start &+ 8) & ~7
    let sync = header.recordingID.sync
    let mark = (0..<4).map { UInt8(truncatingIfNeeded: sync >> UInt32(8 * $0)) }
    while position + UInt64(RecordHeader.byteCount) <= source.byteCount {
      let bytes = try source.bytes(at: position, count: RecordHeader.byteCount)
      if bytes.starts(with: mark), isRecord(Array(bytes), at: position) {
        status.losses.append(Loss(range: start..<position, error: problem))
        return position
      }
      position += 8
    }
    status.tornByteCount = source.byteCount - start
    endOfRecords = source.byteCount
    return source.byteCount
  }

  private func isRecord(_ bytes: [UInt8], at position: UInt64) -> Bool {
    guard
      let found = try? RecordHeader.decode(bytes.span, id: header.recordingID, at: position),
      position + UInt64(found.recordByteCount) <= source.byteCount
    else { return false }
    return list.records.last.map { found.sequence > $0.sequence } ?? true
  }

  /// What stands behind the last record must be the trailer.
  private mutating func checkEnd() throws(FileError) {
    guard isFinalSeen, let last = list.records.last else { return }
    let start = endOfRecords
    guard start + UInt64(Trailer.byteCount) <= source.byteCount else {
      status.isClosed = false
      status.tornByteCount = source.byteCount - start
      return
    }
    let bytes = Array(try source.bytes(at: start, count: Trailer.byteCount))
    do throws(FormatError) {
      let indexPosition = try Trailer.decode(bytes.span, id: header.recordingID, at: start)
      guard indexPosition == last.position else { throw FormatError(.index, at: start) }
      let end = start + UInt64(Trailer.byteCount)
      if end < source.byteCount {
        status.losses.append(
          Loss(range: end..<source.byteCount, error: FormatError(.malformed, at: end)))
      }
    } catch {
      status.losses.append(Loss(range: start..<source.byteCount, error: error))
    }
  }
}

/// Runs checks of bytes where errors of the system are thrown too.
func check<R>(_ body: () throws(FormatError) -> R) throws(FileError) -> R {
  do {
    return try body()
  } catch {
    throw .format(error)
  }
}
