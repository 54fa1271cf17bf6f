// SPDX-License-Identifier: Apache-2.0
//
// A recording that has been opened: its segments as one list of records.
//
// Invariant: positions in `list` are those of `source`, in which the segments stand one behind the
// other.

import InputTapeCore

/// What the readers of one recording share; the list may change once, from the index's to a scan's.
final class RecordingContents: @unchecked Sendable {
  let source: any ByteSource
  let header: FileHeader
  let mode: ReadMode
  let deadline: ReadDeadline
  let byteCount: UInt64
  let log = LossLog()
  private let segments: [SegmentSearch.Found]
  private let missing: [UInt64]
  private let starts: [UInt64]
  private let monitor = Monitor()
  private var opened: OpenedSegment

  init(
    _ sources: [any ByteSource], headers: [FileHeader], missing: [UInt64], scans: Bool,
    mode: ReadMode, budget: ReadBudget
  ) throws(FileError) {
    self.mode = mode
    self.missing = missing
    deadline = ReadDeadline(budget)
    segments = zip(sources, headers).map { SegmentSearch.Found(source: $0, header: $1) }
    var byteCounts: [UInt64] = []
    for source in sources { byteCounts.append(try source.byteCount()) }
    let joined = SegmentedSource(sources, byteCounts: byteCounts)
    starts = joined.starts
    byteCount = starts[sources.count]
    source = sources.count == 1 ? sources[0] : joined
    opened = try Self.open(segments, starts, missing, scans: scans, deadline)
    header = opened.header
    if mode == .strict, let problem = opened.status.firstProblem(at: byteCount) {
      throw .format(problem)
    }
  }

  /// One block by itself.
  init(_ source: any ByteSource, _ header: FileHeader, _ record: RecordEntry) {
    mode = .salvage
    missing = []
    deadline = ReadDeadline()
    segments = [SegmentSearch.Found(source: source, header: header)]
    starts = [0, record.position + record.byteCount]
    byteCount = starts[1]
    self.source = source
    self.header = header
    opened = OpenedSegment(header, record)
  }

  private static func open(
    _ segments: [SegmentSearch.Found], _ starts: [UInt64], _ missing: [UInt64], scans: Bool,
    _ deadline: ReadDeadline
  ) throws(FileError) -> OpenedSegment {
    var parts: [OpenedSegment] = []
    for (index, segment) in segments.enumerated() {
      parts.append(
        try OpenedSegment(
          segment.source, recordLimit: limit(behind: index, segments.map(\.header)), scans: scans,
          deadline: deadline))
    }
    return join(parts, segments.map(\.header), starts, missing)
  }

  /// Segments as one recording.
  static func join(
    _ parts: [OpenedSegment], _ headers: [FileHeader], _ starts: [UInt64], _ missing: [UInt64]
  ) -> OpenedSegment {
    var result = parts[0]
    for index in parts.indices.dropFirst() {
      let next = parts[index]
      let endLoss = parts[index - 1].endLoss(next: headers[index].predecessorRecordCount)
      if endLoss != nil || headers[index].segmentNumber != headers[index - 1].segmentNumber + 1 {
        result.brokenStarts.insert(starts[index])
      }
      result.status.append(next.status, endLoss: endLoss)
      result.list.append(next.list, movedBy: starts[index])
      result.isListedByIndex = result.isListedByIndex || next.isListedByIndex
      // A segment that was just begun says nothing yet.
      if next.metadata != RecordingMetadata() { result.metadata = next.metadata }
    }
    result.status.missingSegments = missing
    if parts[parts.count - 1].isContinued { result.status.isClosed = false }
    return result
  }

  /// How many records of a segment count: all, unless the next one has written some of them again.
  static func limit(behind index: Int, _ headers: [FileHeader]) -> UInt64 {
    guard index + 1 < headers.count,
      headers[index + 1].segmentNumber == headers[index].segmentNumber + 1
    else { return .max }
    return headers[index + 1].predecessorRecordCount
  }

  // MARK: - What is known

  var list: RecordList { monitor.withLock { opened.list } }

  var metadata: RecordingMetadata { monitor.withLock { opened.metadata } }

  /// All tracks that are described or are in a block, by number.
  var tracks: [Track] {
    let described = metadata.tracks
    let known = Set(described.map(\.id))
    let others = list.facts.filter { !known.contains($0.key) }
      .map { Track(id: $0.key, class: $0.value.trackClass) }
    return (described + others).sorted { $0.id < $1.id }
  }

  var segmentCount: Int { segments.count }

  var sources: [any ByteSource] { segments.map(\.source) }

  var status: ReadStatus {
    var status = monitor.withLock { opened.status }
    status.losses += log.all
    return status
  }

  /// The list as it is now, for a walk to its end.
  var listing: RecordListing {
    monitor.withLock { RecordListing(records: opened.list, isByIndex: opened.isListedByIndex) }
  }

  /// Whether something is missing between two records that stand in different segments; nil for two
  /// of one segment.
  func isMissing(between first: UInt64, and second: UInt64) -> Bool? {
    let (before, behind) = (
      SegmentedSource.segment(of: first, starts), SegmentedSource.segment(of: second, starts)
    )
    guard before != behind else { return nil }
    let broken = monitor.withLock { opened.brokenStarts }
    return broken.contains { $0 > first && $0 <= second }
  }

  /// Leaves the index, which has said something that is not so, unless another walk has.
  func switchToScan() throws(FileError) {
    guard listing.isByIndex else { return }
    let scanned = try Self.open(segments, starts, missing, scans: true, deadline)
    monitor.withLock { opened = scanned }
  }

  /// Leaves the index in the middle of a walk over its blocks.
  ///
  /// Those that have been given stand where the index says, and are not given again. Between them
  /// others may stand that it hides, whose turn has passed: they are losses.
  ///
  /// - Parameters:
  ///   - listing: what was walked.
  ///   - filter: of the walk.
  ///   - position: where the index has a block that is not there.
  func walkByScan(
    insteadOf listing: RecordListing, _ filter: EventFilter, from position: UInt64
  ) throws(FileError) -> BlockWalk {
    var given = BlockWalk(listing, filter: filter)
    try switchToScan()
    let scanned = self.listing
    var found = BlockWalk(scanned, filter: filter)
    var next = found.next()
    var end: UInt64 = 0
    while let block = given.next(), block.position < position {
      end = block.position + block.byteCount
      while let other = next, other.position < end {
        if other.position != block.position {
          try note(Loss(other, FormatError(.index, at: other.position)))
        }
        next = found.next()
      }
    }
    return BlockWalk(scanned, filter: filter, from: end)
  }

  /// The segment that a position of `source` is in, and the position in its file.
  func place(of position: UInt64) -> (segment: UInt64, position: UInt64) {
    guard segments.count > 1 else { return (header.segmentNumber, position) }
    let index = SegmentedSource.segment(of: position, starts)
    return (segments[index].header.segmentNumber, position - starts[index])
  }

  /// Notes a loss at positions of `source`, and throws where reading must not go on.
  func note(_ loss: Loss) throws(FileError) {
    var loss = loss
    if segments.count > 1 {
      let index = SegmentedSource.segment(of: loss.range.lowerBound, starts)
      let start = starts[index]
      loss.segment = segments[index].header.segmentNumber
      loss.range = (loss.range.lowerBound - start)..<(loss.range.upperBound - start)
      loss.error = FormatError(loss.error.code, at: loss.error.position - start)
    } else {
      loss.segment = header.segmentNumber
    }
    log.note(loss)
    if mode == .strict { throw .format(loss.error) }
  }

  /// Says at the end of what is readable that it was not all, unless the caller looks for himself.
  func checkEnd() throws(FileError) {
    guard mode != .salvage, let loss = status.losses.first else { return }
    throw .format(loss.error)
  }
}

extension ReadStatus {
  /// Adds the status of the segment behind.
  ///
  /// - Parameter endLoss: what this segment lacks at its end.
  mutating func append(_ next: ReadStatus, endLoss: Loss?) {
    if let endLoss { losses.append(endLoss) }
    tail = next.tail
    tornByteCount = next.tornByteCount
    isClosed = next.isClosed
    isHeaderRebuilt = isHeaderRebuilt || next.isHeaderRebuilt
    usedIndex = usedIndex && next.usedIndex
    losses += next.losses
  }
}
