// SPDX-License-Identifier: Apache-2.0
//
// A recording in memory of the caller's.

import CInputTape
import InputTape

/// Memory that the caller keeps as it is.
///
/// Safe to share: nobody writes to it.
struct BorrowedSource: ResidentSource, @unchecked Sendable {
  private let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

  func byteCount() throws(FileError) -> UInt64 { UInt64(bytes.count) }

  func read(
    at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(FileError) {
    buffer.removeAll(keepingCapacity: true)
    // Safe: the range lies within the bytes, and the caller keeps its memory.
    let part = range(at: position, count: count, of: bytes.count)
    unsafe buffer.append(contentsOf: bytes[part])
  }

  func withBytes(
    at position: UInt64, count: Int, _ body: (Span<UInt8>) throws(FileError) -> Void
  ) throws(FileError) {
    // Safe: as above.
    let part = range(at: position, count: count, of: bytes.count)
    let lent = unsafe UnsafeRawBufferPointer(rebasing: bytes[part])
    try unsafe body(Span(_bytes: lent.bytes))
  }
}
