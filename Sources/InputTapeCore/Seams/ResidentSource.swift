// SPDX-License-Identifier: Apache-2.0
//
// A recording whose bytes stand in memory already.

/// A source that lends its bytes, so that nobody needs a copy of them.
package protocol ResidentSource: ByteSource {
  /// Calls `body` with up to `count` bytes at `position`: fewer only where the source ends.
  func withBytes(
    at position: UInt64, count: Int, _ body: (Span<UInt8>) throws(FileError) -> Void
  ) throws(FileError)
}

extension ResidentSource {
  /// Where up to `count` bytes at `position` stand among so many.
  package func range(at position: UInt64, count: Int, of byteCount: Int) -> Range<Int> {
    guard let start = Int(exactly: position), start < byteCount, count > 0 else { return 0..<0 }
    return start..<(start + min(count, byteCount - start))
  }
}
