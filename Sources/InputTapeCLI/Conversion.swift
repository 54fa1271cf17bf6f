// SPDX-License-Identifier: Apache-2.0
//
// What `itape convert` does, once its words have been understood.

import InputTape
import InputTapeInterchange

/// One conversion.
final class Conversion {
  private let inputName: String
  private let inputForm: FileForm
  private let outputForm: FileForm
  private let file: OutputFile
  private let options: WriterOptions
  private let threads: Int
  private let writesMetadata: Bool
  private var progress: Progress
  /// Whether some events have been read, so that what there is of the output is worth keeping.
  private(set) var hasOutput = false

  init(
    inputName: String, inputForm: FileForm, outputForm: FileForm, file: OutputFile,
    options: WriterOptions, threads: Int, writesMetadata: Bool
  ) {
    self.inputName = inputName
    self.inputForm = inputForm
    self.outputForm = outputForm
    self.file = file
    self.options = options
    self.threads = threads
    self.writesMetadata = writesMetadata
    progress = Progress("converting")
  }

  func run() throws {
    defer { progress.finish() }
    switch (inputForm, outputForm) {
    case (.itape, .itape): try rewriteRecording()
    case (.itape, _): try exportRecording()
    case (_, .itape): try importText()
    default: try rewriteText()
    }
  }

  // MARK: - Text to a recording

  private func importText() throws {
    let input = try FileInput(path: inputName == "-" ? nil : inputName)
    let isLive = options.isLive
    guard var reader = inputForm.reader(input, isLive: isLive) else { return }
    let limit = options.eventsPerBlock
    var group = EventGroup()
    var problem: (any Error)?
    func fill() -> Bool {
      do {
        _ = try reader.read(into: &group, limit: limit)
      } catch {
        problem = error
      }
      return !group.isEmpty
    }
    var isMore = fill()
    if !isMore, let problem { throw CommandFailure(problem, in: inputName) }
    var isParallel = threads > 1 && !isLive && reader is JSONLReader
    var options = options
    // Beside reading lines, encoding is little; but not with the adaptive coder.
    if isParallel, options.encoding.preset != .compact { options.threads = 1 }
    let writer = try makeWriter(try metadata(of: reader.header), options)
    while isMore {
      hasOutput = true
      writer.append(group.batches)
      group.removeAll()
      progress.update(done: input.count, of: input.byteCount)
      // Once: lines behind one that must be read in order are likely to be like it.
      if isParallel, problem == nil, var lines = reader as? JSONLReader {
        isParallel = false
        LineImport(eventsPerGroup: limit, threads: threads).run(
          &lines, into: &group, writer: writer
        ) { progress.update(done: input.count, of: input.byteCount) }
        reader = lines
      }
      isMore = problem == nil && fill()
    }
    try finish(writer)
    if let problem { throw CommandFailure(problem, in: inputName) }
  }

  private func metadata(of header: InterchangeHeader) throws -> RecordingMetadata {
    var metadata = RecordingMetadata()
    for field in header.metadata {
      guard metadata.accepts(field.name, field.value) else {
        throw CommandFailure(
          code: CommandFailure.data, "\(inputName): metadata '\(field.name)' is not allowed")
      }
      metadata[field.name] = field.value
    }
    for track in header.tracks {
      guard metadata.accepts(track) else {
        throw CommandFailure(
          code: CommandFailure.data, "\(inputName): track \(track.id.rawValue) is not allowed")
      }
      metadata.setTrack(track)
    }
    return metadata
  }

  private func makeWriter(
    _ metadata: RecordingMetadata, _ options: WriterOptions
  ) throws -> RecordingWriter {
    do {
      guard let path = file.workingPath else {
        return RecordingWriter(
          sink: FileSink(descriptor: 1), metadata: metadata, options: options)
      }
      return try RecordingWriter(
        path: path, metadata: metadata, options: options, replacing: true)
    } catch {
      throw file.failure(error)
    }
  }

  private func finish(_ writer: consuming RecordingWriter) throws {
    do {
      try writer.finish()
    } catch {
      throw file.failure(error)
    }
  }

  // MARK: - From a recording

  private func rewriteRecording() throws {
    let reader = try InputFile.recording(inputName)
    let writer = try makeWriter(reader.metadata, options)
    let total = UInt64(reader.eventCount)
    // Decoding is the smaller half of the work, and the writer has threads of its own.
    try RecordingCopy.run(reader, to: writer, threads: max(1, threads / 2)) { count in
      self.progress.update(done: UInt64(count), of: total)
    }
    hasOutput = true
    try finish(writer)
    try CommandFailure.check(reader.status, of: inputName)
  }

  private func exportRecording() throws {
    let reader = try InputFile.recording(inputName)
    var output = try TextOutput(
      file, writer: outputForm.writer, compression: outputForm.compression)
    try write(InterchangeHeader(reader), to: &output)
    var done: UInt64 = 0
    let writing = TextExport(form: outputForm, threads: threads)
    try writing.run(reader, to: &output) { count in
      done += UInt64(count)
      progress.update(done: done, of: UInt64(reader.eventCount))
    }
    hasOutput = true
    try output.finish()
    try CommandFailure.check(reader.status, of: inputName)
  }

  // MARK: - Text to text

  private func rewriteText() throws {
    let input = try FileInput(path: inputName == "-" ? nil : inputName)
    guard var reader = inputForm.reader(input) else { return }
    var output = try TextOutput(
      file, writer: outputForm.writer, compression: outputForm.compression)
    var group = EventGroup()
    var isFirst = true
    while true {
      group.removeAll()
      var problem: (any Error)?
      var count = 0
      do {
        count = try reader.read(into: &group, limit: 16_384)
      } catch {
        problem = error
      }
      if isFirst { try write(reader.header, to: &output) }
      isFirst = false
      if !group.isEmpty {
        hasOutput = true
        try output.write(group)
      }
      if let problem {
        try output.finish()
        throw CommandFailure(problem, in: inputName)
      }
      if count == 0 { break }
      progress.update(done: input.count, of: input.byteCount)
    }
    try output.finish()
  }

  // MARK: - Before the events

  /// Writes what the input says of itself, or says that the output has no place for it.
  private func write(_ header: InterchangeHeader, to output: inout TextOutput) throws {
    guard writesMetadata else { return try output.write(InterchangeHeader()) }
    let topics = header.topics
    if !outputForm.keepsMetadata, !topics.isEmpty {
      StandardError.say(
        "\(file.name): \(outputForm.rawValue.uppercased()) has no place for what the recording "
          + "says of itself: \(topics.joined(separator: ", "))")
    }
    try output.write(header)
  }
}

extension InterchangeHeader {
  /// What a recording says of itself, as text has it.
  init(_ reader: borrowing RecordingReader) {
    // A track's field that this version does not know is no recording's own in text.
    let values = reader.metadata.values.filter { !$0.name.utf8.starts(with: "track.".utf8) }
    self.init(
      metadata: values.map { InterchangeField(name: $0.name, value: $0.value) },
      tracks: reader.tracks)
  }

  /// What is said that events do not say themselves, each once: `policy` for all its classes.
  fileprivate var topics: [String] {
    var topics: [String] = []
    for field in metadata {
      let topic = field.name.prefix { $0 != "." }
      if !topics.contains(where: { $0 == topic }) { topics.append(String(topic)) }
    }
    let isDescribed = tracks.contains { $0 != Track(id: $0.id, class: $0.trackClass) }
    return isDescribed ? topics + ["tracks"] : topics
  }
}

extension RecordingReader {
  /// Calls `body` with groups of some thousand events each, in the recording's order.
  ///
  /// - Parameter body: may take a group away, and leave another: its memory is used for the next.
  func forEachGroup(
    _ filter: EventFilter = EventFilter(), eventsPerGroup: Int = 8_192,
    _ body: (inout EventGroup) throws -> Void
  ) throws {
    try runs(filter).forEachGroup(eventsPerGroup: eventsPerGroup, body)
  }
}

extension OrderedRuns {
  /// Calls `body` with groups of some thousand events each, or of a few long ones.
  func forEachGroup(eventsPerGroup: Int, _ body: (inout EventGroup) throws -> Void) throws {
    var group = EventGroup()
    while let run = try next() {
      let isTaken = group.append(run, run.range)
      let isFull = group.count >= eventsPerGroup || group.byteCount >= EventGroup.byteLimit
      if !isTaken || isFull {
        try body(&group)
        group.removeAll()
      }
      if !isTaken { _ = group.append(run, run.range) }
    }
    if !group.isEmpty { try body(&group) }
  }
}
