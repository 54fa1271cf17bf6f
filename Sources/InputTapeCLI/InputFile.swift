// SPDX-License-Identifier: Apache-2.0
//
// Recordings and text, opened by name or from standard input.

import InputTape

enum InputFile {
  /// A recording, opened: a file and the segments beside it, a folder, or standard input.
  ///
  /// Commands give what is readable first and then say what is not, which they find in the status;
  /// so that only `strict` is an error here.
  static func recording(
    _ name: String, mode: ReadMode = .tolerateTail
  ) throws -> RecordingReader {
    let mode = mode == .strict ? mode : .salvage
    do {
      if isPath(name) { return try RecordingReader(path: name, mode: mode) }
      return try RecordingReader(source: try spooled(name), mode: mode)
    } catch {
      throw failure(error, name, isStrict: mode == .strict)
    }
  }

  /// The failure that an error of a recording stands for: to a strict reader, damage is loss.
  static func failure(
    _ error: any Error, _ name: String, isStrict: Bool
  ) -> CommandFailure {
    var failure = CommandFailure(error, in: name)
    if isStrict, case FileError.format(let problem) = error,
      problem.code != .notARecording, problem.code != .unsupportedVersion
    {
      failure.code = CommandFailure.loss
    }
    return failure
  }

  /// Verifies a recording.
  static func verify(
    _ name: String, progress: @escaping (UInt64, UInt64) -> Void
  ) throws -> VerifyReport {
    if isPath(name) { return try RecordingVerifier.verify(path: name, progress: progress) }
    return try RecordingVerifier.verify(try spooled(name), progress: progress)
  }

  /// Recovers a recording.
  static func recover(
    _ name: String, to output: String, _ options: WriterOptions,
    progress: @escaping (UInt64, UInt64) -> Void
  ) throws -> RecoveryReport {
    if isPath(name) {
      return try RecordingRecovery.recover(
        path: name, to: output, options: options, progress: progress)
    }
    return try RecordingRecovery.recover(
      source: try spooled(name), to: output, options: options, progress: progress)
  }

  /// The files of a recording; none of what comes from a pipe.
  static func paths(_ name: String) throws -> [String] {
    isPath(name) ? try RecordingFiles.paths(at: name) : []
  }

  /// Whether a path is one of a recording's files.
  static func isPart(_ path: String, of name: String) throws -> Bool {
    if SystemFiles.isSame(path, name) { return true }
    guard let files = try? paths(name) else { return false }
    return files.contains { SystemFiles.isSame(path, $0) }
  }

  private static func isPath(_ name: String) -> Bool {
    name != "-" && (SystemFiles.isRegular(name) || SystemFiles.isFolder(name))
  }

  /// A recording from a pipe, in a file that nobody else sees: it may be larger than memory.
  private static func spooled(_ name: String) throws -> any ByteSource {
    let input = try FileInput(path: name == "-" ? nil : name)
    if let source = try input.seekable() { return source }
    return try FileSource(spooling: input)
  }
}
