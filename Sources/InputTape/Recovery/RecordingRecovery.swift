// SPDX-License-Identifier: Apache-2.0
//
// Damaged recordings made whole: what is readable, written anew (Specs/Format.md, section 10.6).
//
// Invariant: the input is never touched, and the output has its name only when it has been read
// back and is sound.

import InputTapeCore

/// Writes what can be read of a recording into a new one.
public enum RecordingRecovery {
  /// Recovers a recording: the file of its first segment, or the folder that holds it alone.
  ///
  /// The new recording is one file and has the same ID, events, metadata and unknown records.
  /// Where events are missing, a gap of cause `unknown` says so. A recovery of a recovered
  /// recording gives the same bytes again.
  ///
  /// - Parameters:
  ///   - path: the file of the first segment, or its folder.
  ///   - output: the new file; takes the place of one of this name when it is complete.
  ///   - options: how the new recording is written.
  ///   - budget: how much memory and time may be used.
  ///   - environment: where files are, and what time it is.
  ///   - progress: is told positions of the input.
  /// - Throws: `notARecording` where there is nothing to go by; errors of the system. Then there is
  ///   no output.
  public static func recover(
    path: String, to output: String, options: WriterOptions = WriterOptions(),
    budget: ReadBudget = ReadBudget(), environment: WriterEnvironment = WriterEnvironment(),
    progress: ((UInt64, UInt64) -> Void)? = nil
  ) throws(FileError) -> RecoveryReport {
    let reader = try RecordingReader(
      path: path, opening: .scan, mode: .salvage, budget: budget, storage: environment.storage)
    return try recover(reader, to: output, options, environment, progress)
  }

  /// Recovers a recording from any source of bytes.
  public static func recover(
    source: any ByteSource, to output: String, options: WriterOptions = WriterOptions(),
    budget: ReadBudget = ReadBudget(), environment: WriterEnvironment = WriterEnvironment(),
    progress: ((UInt64, UInt64) -> Void)? = nil
  ) throws(FileError) -> RecoveryReport {
    let reader = try RecordingReader(
      source: source, opening: .scan, mode: .salvage, budget: budget)
    return try recover(reader, to: output, options, environment, progress)
  }

  private static func recover(
    _ reader: borrowing RecordingReader, to output: String, _ options: WriterOptions,
    _ environment: WriterEnvironment, _ progress: ((UInt64, UInt64) -> Void)?
  ) throws(FileError) -> RecoveryReport {
    let storage = environment.storage
    let workingPath = output + ".recovering"
    let options = options.forWholeCopy
    try SegmentSearch.refuseOthers(
      beside: output, options: options, id: reader.header.recordingID, storage)
    do throws(FileError) {
      let copy = try RecoveryCopy(reader.contents, progress: progress)
      // What is missing is known in the end, and stands there in a second recovery too.
      var metadata = reader.metadata
      let note = metadata["recovered"]
      metadata["recovered"] = nil
      // Where metadata was lost, blocks still tell which tracks there are.
      for track in reader.tracks where metadata.track(track.id) == nil && metadata.accepts(track) {
        metadata.setTrack(track)
      }
      let writer = try RecordingWriter(
        path: workingPath,
        header: FileHeader(
          recordingID: reader.header.recordingID, segmentNumber: reader.header.segmentNumber),
        metadata: metadata, options: options, environment: environment)
      if reader.header.segmentNumber > 0 { writer.begin(with: try? reader.initialState()) }
      try copy.run(to: writer)
      copy.report.status = reader.status
      if let note = copy.report.note ?? note {
        // Behind the last block, whatever cut that: so that a second recovery gives the same bytes.
        try writer.flush()
        writer.setMetadata("recovered", note)
      }
      try writer.finish()
      copy.report.byteCount = try check(workingPath, copy.digest, storage)
      try storage.rename(workingPath, to: output)
      try storage.syncFolder(storage.folder(of: output))
      return copy.report
    } catch {
      try? storage.remove(workingPath)
      throw error.naming(output, insteadOf: workingPath)
    }
  }

  /// Reads the new file back: it is sound, and its events are those that were written.
  ///
  /// - Returns: its size.
  private static func check(
    _ path: String, _ expected: EventDigest, _ storage: any Storage
  ) throws(FileError) -> UInt64 {
    let source = try storage.open(path)
    var found = EventDigest()
    let reader = try RecordingReader(source: source, mode: .strict)
    try reader.forEachBlock { batches in
      for batch in batches { found.add(batch) }
    }
    let report = try RecordingVerifier.verify(source)
    guard found.isSame(as: expected), report.isSound else {
      throw .system(operation: "read back what was written to", path: path, code: EIO)
    }
    return report.byteCount
  }
}

extension RecoveryReport {
  /// One line for the new recording's metadata; nil where nothing was missing.
  var note: String? {
    guard !isWhole else { return nil }
    var words: [String] = []
    if !status.losses.isEmpty { words.append(Counted.words(status.losses.count, "part") + " lost") }
    if lostEventCount > 0 { words.append(Counted.words(lostEventCount, "event") + " or more") }
    if status.tornByteCount > 0 {
      words.append(Counted.words(status.tornByteCount, "byte") + " torn")
    }
    if !status.missingSegments.isEmpty {
      words.append(Counted.words(status.missingSegments.count, "segment") + " missing")
    }
    if status.isHeaderRebuilt { words.append("file header rebuilt") }
    if !status.isClosed { words.append("not closed") }
    return words.joined(separator: ", ")
  }
}
