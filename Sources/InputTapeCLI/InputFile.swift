// SPDX-License-Identifier: Apache-2.0
//
// Recordings and text, opened by name or from standard input.

import InputTape

enum InputFile {
  /// A recording, opened.
  static func recording(_ name: String) throws -> RecordingReader {
    let source = try source(name)
    do {
      return try RecordingReader(source: source)
    } catch {
      throw CommandFailure(error, in: name)
    }
  }

  /// A recording by name; one from standard input is read into memory first.
  static func source(_ name: String) throws -> any ByteSource {
    do {
      if name != "-", SystemFiles.isRegular(name) { return try FileSource(path: name) }
      let input = try FileInput(path: name == "-" ? nil : name)
      var bytes: [UInt8] = []
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let count = try input.read(into: &piece, at: 0)
        if count == 0 { return MemorySource(bytes) }
        bytes.append(contentsOf: piece[..<count])
      }
    } catch {
      throw CommandFailure(error, in: name)
    }
  }
}
