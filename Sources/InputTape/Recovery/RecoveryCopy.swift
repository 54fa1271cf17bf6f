// SPDX-License-Identifier: Apache-2.0
//
// The walk of a recovery: all that is readable, and gaps for what is not.

import InputTapeCore

/// Copies records one after another, in the order of the file.
final class RecoveryCopy {
  private let contents: RecordingContents
  private let source: any ByteSource
  private let loader: SectionLoader
  private let decoder = RecordDecoder()
  private let progress: ((UInt64, UInt64) -> Void)?
  /// What the scan has found missing, from the next on.
  private var losses: ArraySlice<Loss>
  private let tracks: [TrackID]
  /// Of each track what is missing since the last block that could be read: a file that was made
  /// for it has millions of losses in a row, and a gap for each would take longer than all else.
  private var untold: [TrackID: Gap] = [:]
  private var batches: [EventBatch] = []
  private var lastTime: Int64 = 0
  private(set) var digest = EventDigest()
  var report = RecoveryReport()

  init(_ contents: RecordingContents, progress: ((UInt64, UInt64) -> Void)?) throws(FileError) {
    self.contents = contents
    self.progress = progress
    source = try BufferedSource(contents.source)
    loader = SectionLoader(source: source, id: contents.header.recordingID)
    let status = contents.status
    let missing = status.missingSegments.map { number in
      var loss = Loss(range: 0..<0, error: FormatError(.truncated, at: 0))
      loss.segment = number
      return loss
    }
    losses =
      (status.losses + missing)
      .sorted { ($0.segment, $0.range.lowerBound) < ($1.segment, $1.range.lowerBound) }[...]
    tracks = contents.tracks.map(\.id)
  }

  func run(to writer: borrowing RecordingWriter) throws(FileError) {
    var cursor = RecordCursor(contents.list)
    while let record = cursor.next() {
      try contents.deadline.check(at: record.position, memoryByteCount: 0)
      progress?(record.position, contents.byteCount)
      if record.type == .data {
        try copyBlock(record, to: writer)
      } else if record.type.isSkippable {
        try copyExtra(record, to: writer)
      }
    }
    tellGaps(to: writer)
    // What is missing at the end has nothing behind it that a gap could mislead.
    report.lostEventCount += losses.reduce(0) { $0 + ($1.eventCount ?? 0) }
    losses = []
  }

  private func copyBlock(
    _ record: RecordEntry, to writer: borrowing RecordingWriter
  ) throws(FileError) {
    noteLosses(before: record)
    let places: [SectionPlace]
    do {
      places = try loader.sections(of: record)
    } catch {
      guard case .format(let problem) = error else { throw error }
      return try lose(Loss(record, problem))
    }
    var count = 0
    var budget = BlockBudget()
    for place in places where place.entry.content == .events {
      if count == batches.count { batches.append(EventBatch(track: .first)) }
      do {
        try loader.load(place, kinds: .all, into: &batches[count])
        try budget.take(&batches[count], of: place)
        count += 1
      } catch {
        guard case .format(let problem) = error else { throw error }
        try lose(place.loss(problem))
      }
    }
    batches.removeLast(batches.count - count)
    let needsState = writer.needsState(before: batches)
    guard count > 0 || needsState else { return }
    tellGaps(to: writer)
    for batch in batches { digest.add(batch) }
    report.eventCount += batches.reduce(0) { $0 + $1.count }
    if needsState, let state = try? loader.keyframe(of: record) { writer.begin(with: state) }
    writer.append(batches)
    lastTime = max(lastTime, record.lastTime)
  }

  private func copyExtra(
    _ record: RecordEntry, to writer: borrowing RecordingWriter
  ) throws(FileError) {
    var bytes: [UInt8] = []
    try source.read(at: record.position, count: Int(record.byteCount), into: &bytes)
    let (read, id, decoder) = (bytes, contents.header.recordingID, self.decoder)
    do throws(FormatError) {
      let header = try RecordHeader.decode(read.span, id: id, at: record.position)
      let payload = try decoder.payload(
        read.span.extracting(header.headByteCount..<read.count), of: header,
        at: record.payloadPosition)
      writer.append(ExtraRecord(type: record.type.rawValue, payload: payload))
    } catch {
      try contents.note(Loss(record, error))
    }
  }

  // MARK: - What is missing

  private func noteLosses(before record: RecordEntry) {
    let (segment, position) = contents.place(of: record.position)
    while let loss = losses.first, (loss.segment, loss.range.lowerBound) < (segment, position) {
      losses.removeFirst()
      addGaps(for: loss)
    }
  }

  private func lose(_ loss: Loss) throws(FileError) {
    try contents.note(loss)
    addGaps(for: loss)
  }

  /// Remembers of each track that may miss something that it does.
  private func addGaps(for loss: Loss) {
    report.lostEventCount += loss.eventCount ?? 0
    guard loss.eventCount != 0 else { return }
    let first = loss.earliestTime ?? loss.latestTime ?? lastTime
    let last = max(loss.latestTime ?? first, first)
    let concerned = loss.track.map { [$0] } ?? tracks
    for (index, track) in concerned.enumerated() {
      // How many are missing is said once; of other tracks nobody knows.
      let count = index == 0 ? loss.eventCount : nil
      var gap = Gap(
        cause: .unknown, count: Int64(count ?? 0), isLowerBound: count == nil,
        firstTime: first, lastTime: last)
      if let before = untold[track] {
        gap.count += before.count
        gap.isLowerBound = gap.isLowerBound || before.isLowerBound
        gap.firstTime = min(gap.firstTime, before.firstTime)
        gap.lastTime = max(gap.lastTime, before.lastTime)
      }
      untold[track] = gap
    }
  }

  /// Says what is missing before what follows.
  private func tellGaps(to writer: borrowing RecordingWriter) {
    for (track, gap) in untold.sorted(by: { $0.key < $1.key }) {
      let event = Event(time: gap.lastTime, track: track, body: .gap(gap))
      writer.append(event)
      digest.add(event)
      report.addedGapCount += 1
    }
    untold.removeAll(keepingCapacity: true)
  }
}
