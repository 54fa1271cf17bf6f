// SPDX-License-Identifier: Apache-2.0
//
// Pieces of lines of JSON to events, on any thread.

import InputTapeCore

/// Reads pieces of lines of JSON that are nothing but events; one thread's.
public struct LinePieceReader {
  private var parser = JSONLineParser()

  public init() {}

  /// Reads a piece as `JSONLReader` would.
  ///
  /// - Parameters:
  ///   - piece: what is read.
  ///   - group: takes the events at its end.
  /// - Returns: how many lines there were; nil where one is no event, or the group cannot take them
  ///   all: who reads on from the piece's beginning finds out.
  public mutating func read(_ piece: LinePiece, into group: inout EventGroup) -> Int? {
    let bytes = piece.bytes.span
    var lineCount = 0
    var at = 0
    while at < piece.byteCount {
      guard let outcome = try? parser.readLine(bytes, &at, into: &group), outcome != .groupFull
      else { return nil }
      lineCount += 1
    }
    return group.byteCount < EventGroup.byteLimit ? lineCount : nil
  }
}
