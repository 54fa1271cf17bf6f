// SPDX-License-Identifier: Apache-2.0
//
// Whole lines of a stream of bytes.
//
// Invariant: `start <= end <= bytes.count`; where `start < end`, the byte before `end` is a line
// feed, so that nothing that stops at a line feed passes `end`.

import InputTapeCore

/// Reads a stream and shows the part of it that consists of whole lines.
struct LineBuffer {
  private(set) var bytes = [UInt8](repeating: 0, count: 256 << 10)
  /// Where the next line starts.
  var start = 0
  /// Where the last whole line ends.
  private(set) var end = 0
  /// Where the bytes end that were read.
  private var filled = 0
  private var isAtEnd = false
  /// Why the stream does not go on.
  private var failure: (any Error)?
  private var isFirst = true
  private var input: any ByteInput

  /// The longest line that is read.
  static let lineByteLimit = 1 << 20

  init(_ input: any ByteInput) {
    self.input = input
  }

  /// What came of reading on.
  enum Outcome {
    case lines, end, lineTooLong
  }

  /// Reads on until there is a whole line.
  ///
  /// The end of the stream ends a line, as if a line feed stood there.
  mutating func fill() throws -> Outcome {
    while true {
      if start < end { return .lines }
      if isAtEnd { return .end }
      if let failure { throw failure }
      makeRoom()
      if filled - start > Self.lineByteLimit { return .lineTooLong }
      let scanned = filled
      try readOnce()
      skipByteOrderMark()
      findEnd(from: scanned)
    }
  }

  /// Moves what is left to the front, and grows where one line fills everything.
  private mutating func makeRoom() {
    if start > 0 {
      // Left of `start` is free: the bytes move to lower offsets, in order.
      for offset in start..<filled { bytes[offset - start] = bytes[offset] }
      filled -= start
      start = 0
      end = 0
    }
    if filled == bytes.count {
      bytes.append(contentsOf: repeatElement(0, count: bytes.count))
    }
  }

  private mutating func readOnce() throws {
    let count: Int
    do {
      count = try input.read(into: &bytes, at: filled)
    } catch {
      failure = error
      throw error
    }
    precondition(
      (0...(bytes.count - filled)).contains(count), "An input gives at most what it is asked for")
    filled += count
    guard count == 0 else { return }
    isAtEnd = true
    if filled > start, bytes[filled - 1] != 0x0A {
      if filled == bytes.count { bytes.append(0) }
      bytes[filled] = 0x0A
      filled += 1
    }
  }

  private mutating func skipByteOrderMark() {
    guard isFirst, filled >= 3 || isAtEnd else { return }
    isFirst = false
    if filled >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { start = 3 }
  }

  private mutating func findEnd(from scanned: Int) {
    guard !isFirst else { return }
    var index = filled
    // Bytes before `scanned` hold no line feed, but for the three of a possible mark.
    while index > max(start, scanned - 3), bytes[index - 1] != 0x0A { index -= 1 }
    end = index > start && bytes[index - 1] == 0x0A ? index : start
  }
}

extension LineBuffer {
  /// Takes whole lines off the stream.
  ///
  /// - Returns: whether there were as many bytes; where not, `fill` says why.
  mutating func take(into piece: inout LinePiece, byteCount: Int) -> Bool {
    guard failure == nil, !isFirst else { return false }
    var rest = Array(bytes[start..<filled])
    var isMore = false
    do {
      isMore = try piece.fill(&input, first: &rest, room: byteCount)
    } catch {
      failure = error
    }
    replace(rest[...], lineEnd: 0)
    return isMore
  }

  /// Puts whole lines before those that are to come.
  mutating func putBack(_ pieces: [LinePiece]) {
    var all: [UInt8] = []
    for piece in pieces { all += piece.lines }
    let lineEnd = end > start ? all.count + end - start : all.count
    all += bytes[start..<filled]
    replace(all[...], lineEnd: lineEnd)
  }

  private mutating func replace(_ content: ArraySlice<UInt8>, lineEnd: Int) {
    if bytes.count < content.count {
      bytes.append(contentsOf: repeatElement(0, count: content.count - bytes.count))
    }
    bytes.replaceSubrange(0..<content.count, with: content)
    start = 0
    end = lineEnd
    filled = content.count
  }

  /// The next line with its line feed, which is gone from the buffer.
  ///
  /// - Precondition: `fill` has just said that there is one.
  mutating func takeLine() -> ArraySlice<UInt8> {
    let first = start
    while start < end, bytes[start] != 0x0A { start += 1 }
    start = min(start + 1, end)
    return bytes[first..<start]
  }
}
