// SPDX-License-Identifier: Apache-2.0
//
// Where a reader's bytes come from: read once to open them, and again to verify them.

import InputTape

/// Where a reader's bytes come from.
enum ReaderOrigin {
  case path(String)
  case source(any ByteSource)

  func open(
    _ opening: RecordingReader.Opening, _ mode: ReadMode
  ) throws(FileError) -> RecordingReader {
    switch self {
    case .path(let path): try RecordingReader(path: path, opening: opening, mode: mode)
    case .source(let source): try RecordingReader(source: source, opening: opening, mode: mode)
    }
  }

  func verify() throws(FileError) -> VerifyReport {
    switch self {
    case .path(let path): try RecordingVerifier.verify(path: path)
    case .source(let source): try RecordingVerifier.verify(source)
    }
  }
}
