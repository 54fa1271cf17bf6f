// SPDX-License-Identifier: Apache-2.0
//
// The walk of a verification over all payloads.

import InputTapeCore

/// Checks record after record; the state goes on from one segment into the next.
final class VerifyPass {
  private var source: any ByteSource
  private var id: RecordingID
  private var segment: UInt64 = 0
  private var loader: SectionLoader
  private let decoder = RecordDecoder()
  private var state = RecordingState()
  private var batch = EventBatch(track: .first)
  private var buffer: [UInt8] = []
  /// After a loss, the state is unknown until the next keyframe.
  private var isStateKnown = true
  private var nextSequence: UInt64 = 0
  private(set) var report = VerifyReport()

  init(source: any ByteSource, header: FileHeader) throws(FileError) {
    let source = try BufferedSource(source)
    self.source = source
    id = header.recordingID
    loader = SectionLoader(source: source, id: header.recordingID)
    isStateKnown = header.segmentNumber == 0
  }

  /// Goes on in another segment.
  ///
  /// - Parameter isWhole: whether nothing is missing in between.
  func begin(
    _ source: any ByteSource, _ header: FileHeader, isWhole: Bool
  ) throws(FileError) {
    let source = try BufferedSource(source)
    self.source = source
    id = header.recordingID
    segment = header.segmentNumber
    loader = SectionLoader(source: source, id: id)
    nextSequence = 0
    if !isWhole { isStateKnown = false }
  }

  /// Of very many problems, those that are only counted are not put into words.
  func add(_ words: @autoclosure () -> Problem) {
    guard report.isKeepingProblems else { return report.countProblem() }
    var problem = words()
    problem.segment = segment
    report.add(problem)
  }

  /// Changes the figures.
  func update(_ body: (inout VerifyReport) -> Void) { body(&report) }

  func check(_ entry: RecordEntry, isLast: Bool) throws(FileError) {
    if UInt64(entry.sequence) != nextSequence { isStateKnown = false }
    nextSequence = UInt64(entry.sequence) + 1
    report.recordCount += 1
    do {
      try checkHeader(entry, isLast: isLast)
      if entry.hasDirectory {
        try checkSections(entry)
      } else {
        try checkPayload(entry)
      }
    } catch {
      guard case .format(let problem) = error else { throw error }
      isStateKnown = false
      add(
        Problem(
          problem, record: UInt64(entry.sequence),
          expected: "a record at position \(entry.position) whose checks succeed",
          found: problem.code.sentence))
    }
  }

  /// The flags of the last record.
  private func checkHeader(_ entry: RecordEntry, isLast: Bool) throws(FileError) {
    try source.read(at: entry.position, count: RecordHeader.mostByteCount, into: &buffer)
    let (bytes, id) = (buffer, self.id)
    let header = try InputTape.check { () throws(FormatError) in
      try RecordHeader.decode(bytes.span, id: id, at: entry.position)
    }
    guard !header.type.isSkippable else { return }
    let mayBeFinal = header.type == .index && isLast
    let hasWrongFlag =
      (header.flags.contains(.final) && !mayBeFinal)
      || (header.type == .index && header.flags.contains(.continued)
        && !header.flags.contains(.final))
    if hasWrongFlag {
      add(
        Problem(
          FormatError(.malformed, at: entry.position + 9), record: UInt64(entry.sequence),
          expected: "flags that its type and place allow", found: "\(header.flags.rawValue)"))
    }
  }

  private func checkSections(_ entry: RecordEntry) throws(FileError) {
    var keyframes = RecordingState()
    var batches: [EventBatch] = []
    var budget = BlockBudget()
    for place in try loader.sections(of: entry) {
      let section = place.entry
      do {
        try loader.load(place, kinds: .all, into: &batch)
        try budget.take(&batch, of: place)
      } catch {
        guard case .format(let problem) = error else { throw error }
        isStateKnown = false
        let name = section.content == .state ? "state keyframe" : "section"
        add(
          Problem(
            problem, record: UInt64(entry.sequence),
            expected:
              "a \(name) of track \(section.track.rawValue) with \(section.eventCount) events",
            found: problem.code.sentence))
        continue
      }
      report.sectionCount += 1
      if section.content == .state {
        keyframes.apply(batch)
      } else {
        report.eventCount += section.eventCount
        checkTimes(batch, entry)
        batches.append(batch)
      }
    }
    checkState(entry, batches, keyframes)
    for batch in batches { state.apply(batch) }
  }

  private func checkState(
    _ entry: RecordEntry, _ batches: [EventBatch], _ keyframes: RecordingState
  ) {
    // What a lost block did to the state, only the writer knows.
    if batches.contains(where: \.tellsOfLostBlock) { isStateKnown = false }
    guard entry.flags.contains(.stateKeyframe) else { return }
    if isStateKnown, keyframes != state {
      add(
        Problem(
          FormatError(.malformed, at: entry.position), record: UInt64(entry.sequence),
          expected: "a state keyframe of \(state.tracks.count) tracks as events leave them",
          found: "another one, of \(keyframes.tracks.count) tracks"))
    }
    state = keyframes
    isStateKnown = true
  }

  private func checkTimes(_ batch: EventBatch, _ entry: RecordEntry) {
    let bounds = entry.timeBounds
    guard let time = batch.times.first(where: { !bounds.contains($0) }) else { return }
    add(
      Problem(
        FormatError(.malformed, at: entry.position), record: UInt64(entry.sequence),
        expected: "times from \(bounds.lowerBound) to \(bounds.upperBound)", found: "\(time)"))
  }

  private func checkPayload(_ entry: RecordEntry) throws(FileError) {
    try source.read(at: entry.position, count: Int(entry.byteCount), into: &buffer)
    let (bytes, id, decoder) = (buffer, self.id, self.decoder)
    try InputTape.check { () throws(FormatError) in
      let header = try RecordHeader.decode(bytes.span, id: id, at: entry.position)
      let payload = bytes.span.extracting(header.headByteCount..<bytes.count)
      _ = try decoder.payload(payload, of: header, at: entry.payloadPosition)
    }
  }
}
