// SPDX-License-Identifier: Apache-2.0
//
// Where the command writes: beside the file that is asked for, which appears when it is whole.

import InputTape
import InputTapeInterchange

/// A file that appears under its name when it has been written, or standard output.
struct OutputFile {
  let name: String
  /// Where the bytes go until then; nil for standard output.
  let workingPath: String?
  private let isInPlace: Bool

  /// - Parameter isInPlace: whether the file must be readable while it is written.
  init(_ name: String, isInPlace: Bool = false) {
    self.name = name == "-" ? "standard output" : name
    let direct = isInPlace || !SystemFiles.isRegular(name)
    self.isInPlace = direct
    workingPath =
      name == "-" ? nil : direct ? name : "\(name).partial-\(SystemFiles.processID)"
  }

  func makeSink() throws -> FileSink {
    do throws(FileError) {
      guard let workingPath else { return FileSink(descriptor: 1) }
      return try FileSink(creating: workingPath, replacing: true)
    } catch {
      throw failure(error)
    }
  }

  /// The failure that an error of the file stands for: by the name that was asked for.
  func failure(_ error: FileError) -> CommandFailure {
    CommandFailure(error.naming(name, insteadOf: workingPath), in: name)
  }

  /// Puts the file in its place.
  func commit() throws {
    if let workingPath, !isInPlace { try SystemFiles.rename(workingPath, to: name) }
  }

  /// Removes what has been written.
  func discard() {
    if let workingPath, !isInPlace { SystemFiles.remove(workingPath) }
  }
}

/// Text on its way to a file, compressed where the form says so.
struct TextOutput {
  private let sink: FileSink
  private let file: OutputFile
  private var writer: any EventTextWriter
  private var compressor: CompressingOutput?

  init(_ file: OutputFile, writer: any EventTextWriter, compression: TextCompression? = nil) throws
  {
    sink = try file.makeSink()
    self.file = file
    self.writer = writer
    compressor = compression.map { CompressingOutput($0) }
  }

  mutating func write(_ header: InterchangeHeader) throws {
    try run { writer, output throws(FileError) in try writer.write(header, to: output) }
  }

  mutating func write(_ group: EventGroup) throws {
    try run { writer, output throws(FileError) in try writer.write(group, to: output) }
  }

  /// Writes text that a writer of the same form has made.
  mutating func write(_ text: Span<UInt8>) throws {
    try run { _, output throws(FileError) in try output(text) }
  }

  private mutating func run(
    _ body: (inout any EventTextWriter, (Span<UInt8>) throws(FileError) -> Void) throws(FileError)
      -> Void
  ) throws {
    let sink = self.sink
    do {
      guard var compressor else {
        try body(&writer) { bytes throws(FileError) in try sink.write(bytes) }
        return
      }
      self.compressor = nil
      try body(&writer) { bytes throws(FileError) in
        try compressor.write(bytes) { packed throws(FileError) in try sink.write(packed) }
      }
      self.compressor = compressor
    } catch {
      throw file.failure(error)
    }
  }

  mutating func finish() throws {
    let sink = self.sink
    guard let compressor else { return }
    self.compressor = nil
    do {
      try compressor.finish { packed throws(FileError) in try sink.write(packed) }
    } catch {
      throw file.failure(error)
    }
  }
}
