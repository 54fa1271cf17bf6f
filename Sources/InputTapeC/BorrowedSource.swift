// SPDX-License-Identifier: Apache-2.0
//
// A recording in memory of the caller's.

import CInputTape
import InputTape

/// Memory that the caller keeps as it is.
///
/// Safe to share: nobody writes to it.
struct BorrowedSource: ByteSource, @unchecked Sendable {
  private let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

  func byteCount() throws(FileError) -> UInt64 { UInt64(bytes.count) }

  func read(
    at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(FileError) {
    buffer.removeAll(keepingCapacity: true)
    guard let start = Int(exactly: position), start < bytes.count, count > 0 else { return }
    // Safe: the buffer's own bounds hold, and the caller keeps its memory.
    unsafe buffer.append(contentsOf: bytes[start..<(start + min(count, bytes.count - start))])
  }
}
