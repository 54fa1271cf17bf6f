// SPDX-License-Identifier: Apache-2.0
//
// A recording in memory, to read.

/// Bytes in memory.
public struct MemorySource: ByteSource, ResidentSource {
  private let bytes: [UInt8]

  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  public func byteCount() throws(FileError) -> UInt64 { UInt64(bytes.count) }

  public func read(
    at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(FileError) {
    buffer.removeAll(keepingCapacity: true)
    buffer.append(contentsOf: bytes[range(at: position, count: count, of: bytes.count)])
  }

  package func withBytes(
    at position: UInt64, count: Int, _ body: (Span<UInt8>) throws(FileError) -> Void
  ) throws(FileError) {
    try body(bytes.span.extracting(range(at: position, count: count, of: bytes.count)))
  }
}
