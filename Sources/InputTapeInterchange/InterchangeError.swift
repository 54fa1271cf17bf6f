// SPDX-License-Identifier: Apache-2.0
//
// What can be wrong with text that is to become events.

/// A line of text is not what the format allows.
public struct InterchangeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line, counted from 1.
  public let line: Int
  /// The byte of the line at which it is wrong, counted from 1.
  public let column: Int
  /// What was expected, and what was found. Holds bytes of the input: escape it for a terminal.
  public let message: String

  public init(line: Int, column: Int, message: String) {
    self.line = line
    self.column = column
    self.message = message
  }

  public var description: String { "line \(line), column \(column): \(message)" }
}

/// What is wrong at an offset of the bytes at hand; its reader knows line and column.
struct TextFault: Error {
  let offset: Int
  let message: String

  init(_ message: String, at offset: Int) {
    self.offset = offset
    self.message = message
  }
}
