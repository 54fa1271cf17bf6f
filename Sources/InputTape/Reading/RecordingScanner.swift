// SPDX-License-Identifier: Apache-2.0
//
// A segment read from its start, record by record, and past damage (Specs/Format.md, section 10).
//
// Invariant: `list` holds records whose headers and directories have passed their checks, in the
// order of positions and sequence numbers. Time is linear in the bytes.

import InputTapeCore

/// Walks over all records of a segment.
struct RecordingScanner {
  private var source: WindowedSource
  private let deadline: ReadDeadline
  /// Blocks and unknown records from this sequence number on do not count: the next segment has
  /// them.
  private let recordLimit: UInt64
  private(set) var header: FileHeader
  private(set) var list = RecordList()
  private(set) var status = ReadStatus()
  private(set) var metadata = RecordingMetadata()
  /// The payload of the last good METADATA record, which rules, and where it begins.
  private var metadataPayload: (bytes: [UInt8], position: UInt64)?
  /// The last record says that another segment follows.
  private(set) var isContinued = false
  private var losses = LossList()
  /// The newest loss awaits what the next records tell of its end.
  private var isLossOpen = false
  private var isFinalSeen = false
  private var lastPosition: UInt64 = 0
  private var lastTime: Int64?
  /// The number that the next record should have, and where the last one ended that was believed.
  private(set) var expected: UInt64 = 0
  private var believedEnd = UInt64(FileHeader.byteCount)
  private var endOfRecords = UInt64(FileHeader.byteCount)
  private let recordDecoder = RecordDecoder()

  /// Opens a segment; where its header is destroyed, by the copy in a METADATA record.
  init(
    source: any ByteSource, recordLimit: UInt64 = .max, deadline: ReadDeadline = ReadDeadline()
  ) throws(FileError) {
    var window = try WindowedSource(source)
    self.recordLimit = recordLimit
    self.deadline = deadline
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

  /// Looks for a copy of the file header.
  private static func findHeader(
    in window: inout WindowedSource
  ) throws(FileError) -> FileHeader? {
    var position: UInt64 = 1
    while position + UInt64(FileHeader.byteCount) <= window.byteCount {
      let (place, isFound) = try window.search(for: FileHeader.firstWord, from: position)
      position = place
      guard isFound else { continue }
      let bytes = try window.bytes(at: place, count: FileHeader.byteCount)
      if FileHeader.mayBegin(with: bytes),
        let header = try? FileHeader.decode(bytes.span, at: 0)
      {
        return header
      }
      position += 1
    }
    return nil
  }

  // MARK: - Walk

  /// Walks to the end.
  mutating func scan() throws(FileError) {
    var position = UInt64(FileHeader.byteCount)
    while position < source.byteCount, !isFinalSeen {
      try deadline.check(at: position, memoryByteCount: list.memoryByteCount)
      do {
        position = try record(at: position)
      } catch {
        guard case .format(let problem) = error else { throw error }
        position = try recover(from: problem, at: position)
      }
    }
    try checkEnd()
    status.losses = losses.losses
    try readMetadata()
  }

  /// Only the last record that was good is taken apart.
  private mutating func readMetadata() throws(FileError) {
    guard let payload = metadataPayload else { return }
    metadata = try check { () throws(FormatError) in
      try RecordingMetadata.decode(payload.bytes.span, at: payload.position).metadata
    }
    metadataPayload = nil
  }

  /// Takes the record at a position.
  ///
  /// - Returns: where the next one begins.
  private mutating func record(at position: UInt64) throws(FileError) -> UInt64 {
    let header = try self.header(at: position)
    let entry = RecordEntry(header, position: position)
    let end = position + entry.byteCount
    guard end <= source.byteCount else {
      throw .format(FormatError(.truncatedRecord, at: source.byteCount))
    }
    endOfRecords = end
    guard try isInOrder(header, at: position, end: end) else {
      note(Loss(entry, Self.sequenceError(at: position)))
      return end
    }
    if UInt64(header.sequence) > expected { noteJump(to: header, at: position) }
    closeLoss(before: header)
    expected = UInt64(header.sequence) + 1
    believedEnd = end
    do {
      try take(header, entry)
    } catch {
      guard case .format(let problem) = error else { throw error }
      note(Loss(entry, problem))
    }
    if header.type == .data { lastTime = max(lastTime ?? .min, header.lastTime) }
    return end
  }

  private mutating func header(at position: UInt64) throws(FileError) -> RecordHeader {
    let bytes = try source.bytes(at: position, count: RecordHeader.mostByteCount)
    let id = header.recordingID
    return try check { () throws(FormatError) in
      try RecordHeader.decode(bytes.span, id: id, at: position)
    }
  }

  /// Whether a record may stand where it does: its number is the next one, or as much higher as
  /// records could have been in the bytes that are lost; or the record behind it goes on from it.
  private mutating func isInOrder(
    _ header: RecordHeader, at position: UInt64, end: UInt64
  ) throws(FileError) -> Bool {
    let sequence = UInt64(header.sequence)
    guard sequence >= expected else { return false }
    if isPlausible(sequence, at: position) { return true }
    do {
      return try self.header(at: end).sequence == header.sequence &+ 1
    } catch {
      guard case .format = error else { throw error }
      return true
    }
  }

  private func isPlausible(_ sequence: UInt64, at position: UInt64) -> Bool {
    sequence >= expected
      && sequence - expected <= (position - believedEnd) / UInt64(RecordHeader.leastByteCount)
  }

  private static func sequenceError(at position: UInt64) -> FormatError {
    FormatError(.sequence, at: position + RecordHeader.sequenceOffset)
  }

  private mutating func take(
    _ header: RecordHeader, _ entry: RecordEntry
  ) throws(FileError) {
    let position = entry.position
    let payloadPosition = entry.payloadPosition
    var sections: [SectionEntry] = []
    switch header.type {
    case .data where header.hasDirectory:
      let bytes = try source.bytes(
        at: position, count: header.headByteCount + Int(header.directoryByteCount))
      sections = try check { () throws(FormatError) in
        try SectionDirectory.decode(record: bytes.span, header: header, at: position)
      }
      if UInt64(header.sequence) >= recordLimit { return }
    case .metadata:
      let payload = try payload(of: header, at: payloadPosition)
      let copy = try check { () throws(FormatError) in
        try RecordingMetadata.check(payload.span, at: payloadPosition)
      }
      guard copy.recordingID == self.header.recordingID else {
        throw .format(FormatError(.malformed, at: payloadPosition + 16))
      }
      metadataPayload = (payload, payloadPosition)
    default:
      if header.type.isSkippable, UInt64(header.sequence) >= recordLimit { return }
    }
    if header.type == .index, header.flags.contains(.final) {
      isFinalSeen = true
      isContinued = header.flags.contains(.continued)
      lastPosition = position
    }
    list.append(entry, sections: sections)
  }

  /// The payload of a record that is not a block.
  private mutating func payload(
    of header: RecordHeader, at position: UInt64
  ) throws(FileError) -> [UInt8] {
    let bytes = try source.bytes(at: position, count: Int(header.storedByteCount))
    return try check { () throws(FormatError) in
      try recordDecoder.payload(bytes.span, of: header, at: position)
    }
  }

  // MARK: - Losses

  private mutating func note(_ loss: Loss) {
    var loss = loss
    loss.segment = header.segmentNumber
    losses.append(loss)
  }

  /// Records are missing before a record that is believed.
  private mutating func noteJump(to header: RecordHeader, at position: UInt64) {
    if !isLossOpen {
      note(Loss(range: position..<position, error: Self.sequenceError(at: position)))
      losses.updateLast { $0.earliestTime = lastTime }
      isLossOpen = true
    }
    losses.updateLast { $0.sequences = expected..<UInt64(header.sequence) }
  }

  /// What was lost ended before this record.
  private mutating func closeLoss(before header: RecordHeader) {
    guard isLossOpen, header.type == .data else { return }
    losses.updateLast { $0.latestTime = header.firstTime }
    isLossOpen = false
  }

  // MARK: - Damage

  /// Looks for the next record behind damage.
  ///
  /// - Returns: where it begins, or the end.
  private mutating func recover(
    from problem: FormatError, at start: UInt64
  ) throws(FileError) -> UInt64 {
    var position = start + 1
    let sync = header.recordingID.sync
    var loss = Loss(range: start..<source.byteCount, error: problem)
    loss.earliestTime = lastTime
    while position + UInt64(RecordHeader.leastByteCount) <= source.byteCount {
      let (place, isFound) = try source.search(for: sync, from: position)
      position = place
      guard isFound else {
        try deadline.check(at: position, memoryByteCount: 0)
        continue
      }
      if try isRecord(at: place) {
        loss.range = start..<place
        note(loss)
        isLossOpen = true
        return place
      }
      position += 1
    }
    status.tornByteCount = source.byteCount - start
    loss.sequences = expected..<(.max)
    loss.segment = header.segmentNumber
    status.tail = loss
    endOfRecords = source.byteCount
    return source.byteCount
  }

  private mutating func isRecord(at position: UInt64) throws(FileError) -> Bool {
    let bytes = try source.bytes(at: position, count: RecordHeader.mostByteCount)
    guard
      let found = try? RecordHeader.decode(bytes.span, id: header.recordingID, at: position),
      position + UInt64(found.recordByteCount) <= source.byteCount
    else { return false }
    return isPlausible(UInt64(found.sequence), at: position)
  }

  /// What stands behind the last record must be the trailer.
  private mutating func checkEnd() throws(FileError) {
    guard isFinalSeen else { return }
    status.isClosed = true
    let start = endOfRecords
    guard start + UInt64(Trailer.byteCount) <= source.byteCount else {
      status.isClosed = false
      status.tornByteCount = source.byteCount - start
      return
    }
    let bytes = Array(try source.bytes(at: start, count: Trailer.byteCount))
    do throws(FormatError) {
      let indexPosition = try Trailer.decode(bytes.span, id: header.recordingID, at: start)
      guard indexPosition == lastPosition else { throw FormatError(.index, at: start) }
      let end = start + UInt64(Trailer.byteCount)
      if end < source.byteCount {
        note(Loss(range: end..<source.byteCount, error: FormatError(.malformed, at: end)))
      }
    } catch {
      note(Loss(range: start..<source.byteCount, error: error))
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
