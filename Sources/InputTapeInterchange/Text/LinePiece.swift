// SPDX-License-Identifier: Apache-2.0
//
// Lines taken out of a stream as they are, to be read on another thread.
//
// Invariant: the first `byteCount` bytes are whole lines.

import InputTapeCore

/// Consecutive whole lines of a stream, unread.
public struct LinePiece: Sendable {
  /// The lines, each with its line feed, and then room.
  private(set) var bytes: [UInt8] = []
  /// How many bytes the lines have.
  private(set) var byteCount = 0

  public init() {}

  public var isEmpty: Bool { byteCount == 0 }

  /// Removes the lines and keeps the memory.
  mutating func removeAll() { byteCount = 0 }

  /// The lines alone.
  var lines: ArraySlice<UInt8> { bytes[..<byteCount] }

  /// Reads a stream until the room is full, and keeps the whole lines of that.
  ///
  /// - Parameters:
  ///   - first: the bytes that come before the stream's; what is left over takes their place.
  ///   - room: how many bytes are read, at most, where `first` has fewer.
  /// - Returns: whether the room was filled, with at least one line; where not, the stream has
  ///   ended, or its next line is longer.
  mutating func fill(
    _ input: inout any ByteInput, first: inout [UInt8], room: Int
  ) throws -> Bool {
    let room = max(room, first.count)
    if bytes.count < room { bytes.append(contentsOf: repeatElement(0, count: room - bytes.count)) }
    bytes.replaceSubrange(0..<first.count, with: first)
    var filled = first.count
    defer {
      byteCount = filled
      while byteCount > 0, bytes[byteCount - 1] != 0x0A { byteCount -= 1 }
      first.removeAll(keepingCapacity: true)
      first.append(contentsOf: bytes[byteCount..<filled])
    }
    while filled < room {
      let count = try input.read(into: &bytes, at: filled)
      guard count > 0 else { return false }
      filled += count
    }
    return bytes[..<filled].contains(0x0A)
  }
}
