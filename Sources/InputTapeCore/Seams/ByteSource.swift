// SPDX-License-Identifier: Apache-2.0
//
// Where a reader's bytes come from.

/// Bytes that can be read at any position: a file, memory, a range of a bucket's object.
///
/// A source may be read by several threads at once.
public protocol ByteSource: Sendable {
  /// How many bytes there are now; a live recording grows.
  func byteCount() throws(FileError) -> UInt64

  /// Replaces the contents of `buffer` by up to `count` bytes at `position`: fewer only where the
  /// source ends.
  func read(
    at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(FileError)
}
