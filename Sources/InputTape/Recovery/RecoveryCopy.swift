// SPDX-License-Identifier: Apache-2.0
//
// The walk of a recovery: all that is readable, and gaps for what is not.

import InputTapeCore

/// Copies records one after another, in the order of the file.
final class RecoveryCopy {
  private let contents: RecordingContents
  private let loader: SectionLoader
  private let decoder = RecordDecoder()
  private let progress: ((UInt64, UInt64) -> Void)?
  /// What the scan has found missing, from the next on.
  private var losses: ArraySlice<Loss>
  private let tracks: [TrackID]
  private var batches: [EventBatch] = []
  private var lastTime: Int64 = 0
  private(set) var digest = EventDigest()
  var report = RecoveryReport()

  init(_ contents: RecordingContents, progress: ((UInt64, UInt64) -> Void)?) {
    self.contents = contents
    self.progress = progress
    loader = SectionLoader(source: contents.source, id: contents.header.recordingID)
    let status = contents.status
    let missing = status.missingSegments.map { number in
      var loss = Loss(range: 0..<0, error: FormatError(.truncated, at: 0))
      loss.segment = number
      return loss
    }
    losses =
      (status.losses + missing)
      .sorted { ($0.segment, $0.range.lowerBound) < ($1.segment, $1.range.lowerBound) }[...]
    let declared = contents.metadata.tracks.map(\.id)
    tracks = Set(declared + contents.list.facts.keys).sorted()
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
    // What is missing at the end has nothing behind it that a gap could mislead.
    report.lostEventCount += losses.reduce(0) { $0 + ($1.eventCount ?? 0) }
    losses = []
  }

  private func copyBlock(
    _ record: RecordEntry, to writer: borrowing RecordingWriter
  ) throws(FileError) {
    noteLosses(before: record, to: writer)
    let places: [SectionPlace]
    do {
      places = try loader.sections(of: record)
    } catch {
      guard case .format(let problem) = error else { throw error }
      return try lose(Loss(record, problem), to: writer)
    }
    var count = 0
    for place in places where place.entry.content == .events {
      if count == batches.count { batches.append(EventBatch(track: .first)) }
      do {
        try loader.load(place, kinds: .all, into: &batches[count])
        count += 1
      } catch {
        guard case .format(let problem) = error else { throw error }
        try lose(place.loss(problem), to: writer)
      }
    }
    for batch in batches[..<count] { digest.add(batch) }
    report.eventCount += batches[..<count].reduce(0) { $0 + $1.count }
    if writer.needsState(before: batches[..<count]), let state = try? loader.keyframe(of: record) {
      writer.begin(with: state)
    }
    writer.append(Array(batches[..<count]))
    lastTime = max(lastTime, record.lastTime)
  }

  private func copyExtra(
    _ record: RecordEntry, to writer: borrowing RecordingWriter
  ) throws(FileError) {
    var bytes: [UInt8] = []
    try contents.source.read(at: record.position, count: Int(record.byteCount), into: &bytes)
    let (read, id, decoder) = (bytes, contents.header.recordingID, self.decoder)
    do throws(FormatError) {
      let header = try RecordHeader.decode(read.span, id: id, at: record.position)
      let payload = try decoder.payload(
        read.span.extracting(RecordHeader.byteCount..<read.count), of: header,
        at: record.position + UInt64(RecordHeader.byteCount))
      writer.append(ExtraRecord(type: record.type.rawValue, payload: payload))
    } catch {
      try contents.note(Loss(record, error))
    }
  }

  // MARK: - What is missing

  private func noteLosses(before record: RecordEntry, to writer: borrowing RecordingWriter) {
    let (segment, position) = contents.place(of: record.position)
    while let loss = losses.first, (loss.segment, loss.range.lowerBound) < (segment, position) {
      losses.removeFirst()
      addGaps(for: loss, to: writer)
    }
  }

  private func lose(_ loss: Loss, to writer: borrowing RecordingWriter) throws(FileError) {
    try contents.note(loss)
    addGaps(for: loss, to: writer)
  }

  /// Says on each track that may miss something that it does.
  private func addGaps(for loss: Loss, to writer: borrowing RecordingWriter) {
    report.lostEventCount += loss.eventCount ?? 0
    guard loss.eventCount != 0 else { return }
    let first = loss.earliestTime ?? loss.latestTime ?? lastTime
    let last = max(loss.latestTime ?? first, first)
    let concerned = loss.track.map { [$0] } ?? tracks
    for (index, track) in concerned.enumerated() {
      // How many are missing is said once; of other tracks nobody knows.
      let count = index == 0 ? loss.eventCount : nil
      let gap = Gap(
        cause: .unknown, count: Int64(count ?? 0), isLowerBound: count == nil,
        firstTime: first, lastTime: last)
      let event = Event(time: last, track: track, body: .gap(gap))
      writer.append(event)
      digest.add(event)
      report.addedGapCount += 1
    }
  }
}
