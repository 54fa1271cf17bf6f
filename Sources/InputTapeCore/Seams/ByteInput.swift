// SPDX-License-Identifier: Apache-2.0
//
// Where a stream of bytes comes from: a file, a pipe, memory, or another stream decompressed.

/// A stream of bytes that is read once, from its start to its end.
public protocol ByteInput {
  /// Reads some bytes into `buffer`, waiting until there is at least one.
  ///
  /// - Parameters:
  ///   - buffer: keeps its length.
  ///   - offset: where the bytes go, before the end of `buffer`.
  /// - Returns: how many bytes were read; 0 at the end of the stream, and from then on.
  /// - Throws: what the stream's own layer throws.
  mutating func read(into buffer: inout [UInt8], at offset: Int) throws -> Int
}
