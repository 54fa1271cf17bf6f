// SPDX-License-Identifier: Apache-2.0
//
// Every check there is, on every byte (Specs/Format.md, section 10.5).

import InputTapeCore

/// Verifies recordings.
public enum RecordingVerifier {
  /// Scans a recording, checks every checksum and padding, decodes every column, computes every
  /// state keyframe again, and compares the index with the scan.
  ///
  /// - Parameter progress: is called with the bytes done and all bytes.
  /// - Throws: an error of the system, or that the source is no recording.
  public static func verify(
    _ source: any ByteSource, progress: ((UInt64, UInt64) -> Void)? = nil
  ) throws(FileError) -> VerifyReport {
    var scanner = try RecordingScanner(source: source)
    try scanner.scan()
    var report = VerifyReport()
    report.byteCount = try source.byteCount()
    report.status = scanner.status
    report.recordCount = scanner.list.records.count
    for loss in scanner.status.losses {
      report.problems.append(Problem(loss.error, describe(loss)))
    }
    let pass = VerifyPass(source: source, list: scanner.list, id: scanner.header.recordingID)
    for record in scanner.list.records.indices {
      try pass.check(record, report: &report)
      progress?(scanner.list.records[record].position, report.byteCount)
    }
    try compareIndex(source, scanner, report: &report)
    return report
  }

  private static func describe(_ loss: Loss) -> String {
    let count = loss.range.upperBound - loss.range.lowerBound
    return "\(count) bytes from position \(loss.range.lowerBound) cannot be read"
  }

  private static func compareIndex(
    _ source: any ByteSource, _ scanner: RecordingScanner, report: inout VerifyReport
  ) throws(FileError) {
    guard scanner.status.isClosed, !scanner.status.isHeaderRebuilt else { return }
    let end = report.byteCount
    guard let opened = try IndexReader.read(source: source, header: scanner.header) else {
      report.problems.append(
        Problem(
          FormatError(.index, at: end), "expected an index that can be read; a scan is needed"))
      return
    }
    report.comparedIndex = true
    let (index, scan) = (opened.list, scanner.list)
    guard index.records == scan.records else {
      let differing = zip(index.records, scan.records).first { $0 != $1 }
      let position = differing?.1.position ?? end
      report.problems.append(
        Problem(
          FormatError(.index, at: position),
          "expected the \(scan.records.count) records that were found, "
            + "the index has \(index.records.count) and differs at position \(position)"))
      return
    }
    let stripped = scan.sections.map { section in
      var section = section
      section.checksum = 0
      return section
    }
    if index.sections != stripped {
      report.problems.append(
        Problem(FormatError(.index, at: end), "the index describes other sections than there are"))
    }
  }
}

/// The walk over all payloads.
private final class VerifyPass {
  private let source: any ByteSource
  private let list: BlockList
  private let id: RecordingID
  private let loader: SectionLoader
  private let decoder = RecordDecoder()
  private var state = RecordingState()
  private var batch = EventBatch(track: .first)
  private var buffer: [UInt8] = []
  /// After a loss, the state is unknown until the next keyframe.
  private var isStateKnown = true
  private var lastSequence: UInt32?

  init(source: any ByteSource, list: BlockList, id: RecordingID) {
    self.source = source
    self.list = list
    self.id = id
    loader = SectionLoader(source: source, list: list, id: id)
  }

  func check(_ record: Int, report: inout VerifyReport) throws(FileError) {
    let entry = list.records[record]
    if let lastSequence, entry.sequence != lastSequence + 1 { isStateKnown = false }
    lastSequence = entry.sequence
    if entry.type == .data, !entry.flags.contains(.sealed) {
      try checkSections(record, report: &report)
      try checkPadding(entry, report: &report)
    } else {
      try checkPayload(entry, report: &report)
    }
  }

  private func checkSections(_ record: Int, report: inout VerifyReport) throws(FileError) {
    let entry = list.records[record]
    var keyframes = RecordingState()
    var batches: [EventBatch] = []
    for (number, index) in list.sectionRange(of: record).enumerated() {
      let section = list.sections[index]
      do {
        try loader.load(number, of: record, kinds: .all, into: &batch)
      } catch {
        guard case .format(let problem) = error else { throw error }
        isStateKnown = false
        let name = section.content == .state ? "state keyframe" : "section"
        report.problems.append(
          Problem(
            problem,
            "\(name) of track \(section.track.rawValue) with \(section.eventCount) events in "
              + "record \(entry.sequence) at position \(entry.position) cannot be read"))
        continue
      }
      report.sectionCount += 1
      if section.content == .state {
        keyframes.apply(batch)
      } else {
        report.eventCount += section.eventCount
        checkTimes(batch, entry, report: &report)
        batches.append(batch)
      }
    }
    // What a lost block did to the state, only the writer knows.
    if batches.contains(where: Self.tellsOfLostBlock) { isStateKnown = false }
    if entry.flags.contains(.stateKeyframe) {
      if isStateKnown, keyframes != state {
        report.problems.append(
          Problem(
            FormatError(.malformed, at: entry.position),
            "expected a state keyframe of \(state.tracks.count) tracks as the events before it "
              + "leave them, found another"))
      }
      state = keyframes
      isStateKnown = true
    }
    for batch in batches { state.apply(batch) }
  }

  private static func tellsOfLostBlock(_ batch: EventBatch) -> Bool {
    guard let offset = batch.columnOffset(of: .gap) else { return false }
    let columns = batch.columns[offset]
    return (0..<columns.count).contains { index in
      guard case .gap(let gap) = Event.Body(kind: .gap, fields: columns.fields(at: index)) else {
        return false
      }
      return !gap.isForgetful
    }
  }

  private func checkTimes(
    _ batch: EventBatch, _ entry: RecordEntry, report: inout VerifyReport
  ) {
    let bounds = entry.firstTime...entry.lastTime
    if let time = batch.times.first(where: { !bounds.contains($0) }) {
      report.problems.append(
        Problem(
          FormatError(.malformed, at: entry.position + 32),
          "expected times from \(bounds.lowerBound) to \(bounds.upperBound), found \(time)"))
    }
  }

  private func checkPadding(_ entry: RecordEntry, report: inout VerifyReport) throws(FileError) {
    let end = entry.position + UInt64(RecordHeader.byteCount) + UInt64(entry.storedByteCount)
    try source.read(at: end, count: -Int(entry.storedByteCount) & 7, into: &buffer)
    if let offset = buffer.firstIndex(where: { $0 != 0 }) {
      report.problems.append(
        Problem(
          FormatError(.reservedNotZero, at: end + UInt64(offset)),
          "expected padding of 0, found \(buffer[offset])"))
    }
  }

  private func checkPayload(_ entry: RecordEntry, report: inout VerifyReport) throws(FileError) {
    try source.read(at: entry.position, count: Int(entry.byteCount), into: &buffer)
    let (bytes, id, decoder) = (buffer, self.id, self.decoder)
    do {
      try InputTape.check { () throws(FormatError) in
        let header = try RecordHeader.decode(bytes.span, id: id, at: entry.position)
        let payload = bytes.span.extracting(RecordHeader.byteCount..<bytes.count)
        let position = entry.position + UInt64(RecordHeader.byteCount)
        _ = try decoder.payload(payload, of: header, at: position)
      }
    } catch {
      guard case .format(let problem) = error else { throw error }
      report.problems.append(
        Problem(
          problem,
          "the payload of record \(entry.sequence) at position \(entry.position) cannot be read"))
    }
  }
}
