// SPDX-License-Identifier: Apache-2.0
//
// The lines of a text that is imported as a whole.

import InputTapeCore

/// Reads the lines of an input one by one.
struct ImportedLines {
  private var lines: LineBuffer
  /// The number of the line that was given last, from 1.
  private(set) var number = 0

  init(_ input: any ByteInput) { lines = LineBuffer(input) }

  /// The next line without its end; nil at the end of the text.
  mutating func next() throws -> [UInt8]? {
    switch try lines.fill() {
    case .end: return nil
    case .lineTooLong:
      throw InterchangeError(
        line: number + 1, column: 1,
        message: "expected a line of at most \(LineBuffer.lineByteLimit) bytes, found a longer one")
    case .lines: break
    }
    let start = lines.start
    var end = start
    while lines.bytes[end] != 0x0A { end += 1 }
    lines.start = end + 1
    number += 1
    if end > start, lines.bytes[end - 1] == 0x0D { end -= 1 }
    return Array(lines.bytes[start..<end])
  }

  /// An error at a column, from 1, of the line that was given last.
  func error(_ message: String, column: Int = 1) -> InterchangeError {
    InterchangeError(line: number, column: column, message: message)
  }
}
