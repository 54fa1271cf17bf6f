// SPDX-License-Identifier: Apache-2.0
//
// Small reads out of larger ones, for walks from record to record.

import InputTapeCore

/// Reads ahead, so that a walk over small records costs few reads.
struct WindowedSource {
  let source: any ByteSource
  let byteCount: UInt64
  private var window: [UInt8] = []
  private var windowStart: UInt64 = 0
  /// How much is read at once; it follows what the walk needs.
  private var readAhead = 4_096

  init(_ source: any ByteSource) throws(FileError) {
    self.source = source
    byteCount = try source.byteCount()
  }

  /// Up to `count` bytes at a position, fewer only at the end.
  mutating func bytes(at position: UInt64, count: Int) throws(FileError) -> ArraySlice<UInt8> {
    let windowEnd = windowStart + UInt64(window.count)
    if position < windowStart || position + UInt64(count) > windowEnd {
      // Walks that go on where the last read ended read more at once; those that skip, less.
      let isNear = position >= windowStart && position <= windowEnd &+ 512
      readAhead = isNear ? min(readAhead * 2, 1 << 18) : max(readAhead / 2, 512)
      try source.read(at: position, count: max(count, readAhead), into: &window)
      windowStart = position
    }
    let start = Int(position - windowStart)
    guard start < window.count else { return [] }
    return window[start..<min(start + count, window.count)]
  }

  /// How much is searched at once.
  private static let searchByteCount = 1 << 16

  /// Looks for a word, at any position from one on, in the next stretch of bytes.
  ///
  /// - Returns: where it stands; or how far it does not, which is where to go on. That is the end
  ///   of the file when all has been searched.
  mutating func search(
    for word: UInt32, from position: UInt64
  ) throws(FileError) -> (position: UInt64, isFound: Bool) {
    let windowEnd = windowStart + UInt64(window.count)
    var count = Self.searchByteCount
    // What is at hand already is searched first.
    if position >= windowStart, position + 4 <= windowEnd { count = Int(windowEnd - position) }
    let bytes = try self.bytes(at: position, count: count)
    if let offset = WordSearch.offset(of: word, in: bytes.span) {
      return (position + UInt64(offset), true)
    }
    let isAtEnd = position + UInt64(bytes.count) >= byteCount || bytes.count < 4
    return (isAtEnd ? byteCount : position + UInt64(bytes.count - 3), false)
  }
}
