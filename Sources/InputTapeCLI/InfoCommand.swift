// SPDX-License-Identifier: Apache-2.0
//
// `itape info`: the facts of a recording.

import ArgumentParser
import InputTape
import InputTapeInterchange

struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show what a recording is and what it says of itself.",
    discussion: "Reads headers and the index only; `itape verify` reads everything.")

  @Argument(help: "Recordings, or - for standard input.") var files: [String]
  @Flag(help: "Print a JSON object for each.") var json = false

  func run() throws { try CommandFailure.forEach(files, show) }

  private func show(_ file: String) throws {
    let reader = try InputFile.recording(file)
    let files = try InputFile.paths(file)
    let name = CommandFailure.title(file)
    try StandardOutput.write(
      json ? Self.json(reader, files).text : Self.text(reader, name: name, files))
    try CommandFailure.check(
      reader.status, of: file, isShown: !json && StandardOutput.isTerminal)
  }

  private static func deletionTime(_ reader: borrowing RecordingReader) -> DeletionTime? {
    reader.metadata["deleteAfter"].flatMap { DeletionTime($0) }
  }

  private static func duration(_ reader: borrowing RecordingReader) -> UInt64 {
    guard let bounds = reader.timeBounds else { return 0 }
    return UInt64(bitPattern: bounds.upperBound) &- UInt64(bitPattern: bounds.lowerBound)
  }

  private static func bytesPerEvent(_ reader: borrowing RecordingReader) -> Double {
    reader.eventCount == 0 ? 0 : Double(reader.byteCount) / Double(reader.eventCount)
  }

  private static func json(
    _ reader: borrowing RecordingReader, _ files: [String]
  ) -> JSONValue {
    let status = reader.status
    let facts = reader.trackFacts
    let bounds = reader.timeBounds
    return .object([
      ("events", .integer(Int64(reader.eventCount))),
      ("byteCount", .unsigned(reader.byteCount)),
      ("bytesPerEvent", .number(bytesPerEvent(reader))),
      ("blocks", .integer(Int64(reader.blockCount))),
      ("durationNanoseconds", .unsigned(duration(reader))),
      ("firstTimeNanoseconds", bounds.map { .integer($0.lowerBound) } ?? .null),
      ("lastTimeNanoseconds", bounds.map { .integer($0.upperBound) } ?? .null),
      ("tracks", .array(reader.tracks.map { json($0, facts[$0.id]) })),
      ("complete", .bool(status.isComplete)),
      ("status", .string(status.name)),
      ("tornByteCount", .unsigned(status.tornByteCount)),
      ("losses", .array(status.losses.map(json))),
      ("missing", missing(status)),
      ("missingSegments", .array(status.missingSegments.map { .unsigned($0) })),
      ("headerRebuilt", .bool(status.isHeaderRebuilt)),
      ("segments", .integer(Int64(reader.segmentCount))),
      ("files", .array(files.map { .string($0) })),
      ("recordingID", .string(reader.header.recordingID.description)),
      ("segment", .unsigned(reader.header.segmentNumber)),
      ("deletionDue", deletionTime(reader).map { .bool($0.hasPassed) } ?? .null),
      (
        "metadata",
        .object(reader.metadata.values.map { ($0.name, .string($0.value)) })
      ),
    ])
  }

  private static func json(_ track: Track, _ facts: RecordingReader.TrackFacts?) -> JSONValue {
    .object([
      ("id", .integer(Int64(track.id.rawValue))),
      ("class", .string(track.trackClass.name)),
      ("name", .string(track.name)),
      ("device", .string(track.device)),
      ("codeSpace", .string(track.codeSpace)),
      ("coordinateSpace", .string(track.coordinateSpace)),
      ("subpixelBits", .integer(Int64(track.subpixelBits))),
      ("resolution", .integer(Int64(track.resolution))),
      ("events", .integer(Int64(facts?.eventCount ?? 0))),
      ("byteCount", .integer(Int64(facts?.byteCount ?? 0))),
    ])
  }

  /// What of the recording is not there: damage, and what may have been in a torn end.
  static func missing(_ status: ReadStatus) -> JSONValue {
    .array((status.losses + [status.tail].compactMap { $0 }).map(json))
  }

  static func json(_ loss: Loss) -> JSONValue {
    .object([
      ("segment", .unsigned(loss.segment)),
      ("firstSequence", loss.sequences.map { .unsigned($0.lowerBound) } ?? .null),
      (
        "endSequence",
        loss.sequences.flatMap { $0.upperBound == .max ? nil : .unsigned($0.upperBound) } ?? .null
      ),
      ("earliestTimeNanoseconds", loss.earliestTime.map { .integer($0) } ?? .null),
      ("latestTimeNanoseconds", loss.latestTime.map { .integer($0) } ?? .null),
      ("from", .unsigned(loss.range.lowerBound)),
      ("to", .unsigned(loss.range.upperBound)),
      ("events", loss.eventCount.map { .integer(Int64($0)) } ?? .null),
      ("code", .integer(Int64(loss.error.code.rawValue))),
      ("error", .string("\(loss.error.code)")),
      ("position", .unsigned(loss.error.position)),
    ])
  }

  // MARK: - For people

  private static func text(
    _ reader: borrowing RecordingReader, name: String, _ files: [String]
  ) -> String {
    let escape = { (text: String) in TerminalText.escape(text) }
    let each = reader.eventCount == 0 ? "" : ", \(decimals(bytesPerEvent(reader))) an event"
    var lines = [
      "\(escape(name)): \(escape(reader.status.sentence))",
      "  events    \(reader.eventCount) in \(Counted.words(reader.blockCount, "block"))",
      "  size      \(Counted.words(reader.byteCount, "byte"))\(each)",
      "  duration  \(decimals(Double(duration(reader)) / 1e9)) s",
      "  recording \(reader.header.recordingID), segment \(reader.header.segmentNumber)"
        + (reader.segmentCount > 1 ? " of \(reader.segmentCount)" : ""),
    ]
    if files.count > 1, let first = files.first, let last = files.last {
      lines.append("  files     \(files.count), \(escape(first)) to \(escape(last))")
    }
    for track in reader.tracks { lines.append(text(track, reader)) }
    for pair in reader.metadata.values {
      lines.append("  \(escape(pair.name)): \(escape(pair.value))")
    }
    if deletionTime(reader)?.hasPassed == true {
      lines.append("  to be deleted: the day of deleteAfter has passed")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func text(_ track: Track, _ reader: borrowing RecordingReader) -> String {
    let facts = reader.trackFacts[track.id]
    let count = facts?.eventCount ?? 0
    var words = [track.name, track.device, track.codeSpace, track.coordinateSpace]
      .filter { !$0.isEmpty }
    // The recorder's own events are nobody's input.
    let level = track.name == "recorder" ? nil : reader.metadata["policy.\(track.trackClass.name)"]
    if let level, level != "full" { words.append("policy: \(level)") }
    var line = "  track \(track.id.rawValue)   \(track.trackClass.name): "
    line += Counted.words(count, "event")
    if let facts, count > 0 {
      line += ", \(decimals(Double(facts.byteCount) / Double(count))) bytes each"
    }
    if !words.isEmpty { line += " (\(words.joined(separator: ", ")))" }
    return TerminalText.escape(line)
  }

  /// Three decimals.
  static func decimals(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    let thousandths = Int64((value * 1000).rounded())
    let digits = String(thousandths.magnitude % 1000)
    let zeros = String(repeating: "0", count: 3 - digits.count)
    return "\(thousandths < 0 ? "-" : "")\(thousandths.magnitude / 1000).\(zeros)\(digits)"
  }
}
