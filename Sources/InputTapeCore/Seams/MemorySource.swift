// SPDX-License-Identifier: Apache-2.0
//
// A recording in memory, to read.

/// Bytes in memory.
public struct MemorySource: ByteSource {
  private let bytes: [UInt8]

  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  public func byteCount() throws(FileError) -> UInt64 { UInt64(bytes.count) }

  public func read(
    at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(FileError) {
    buffer.removeAll(keepingCapacity: true)
    guard position < UInt64(bytes.count), count > 0 else { return }
    let start = Int(position)
    buffer.append(contentsOf: bytes[start..<min(bytes.count, start + min(count, bytes.count))])
  }
}
