// SPDX-License-Identifier: Apache-2.0
//
// Bytes in memory as a stream.

/// Bytes in memory as a stream; `pieceByteCount` limits what one read gives.
public struct MemoryInput: ByteInput, Sendable {
  private let bytes: [UInt8]
  private var position = 0
  private let pieceByteCount: Int

  public init(_ bytes: [UInt8], pieceByteCount: Int = .max) {
    precondition(pieceByteCount > 0, "A read must be able to give a byte")
    self.bytes = bytes
    self.pieceByteCount = pieceByteCount
  }

  public mutating func read(into buffer: inout [UInt8], at offset: Int) -> Int {
    let count = min(buffer.count - offset, bytes.count - position, pieceByteCount)
    buffer.replaceSubrange(
      offset..<(offset + count), with: bytes[position..<(position + count)])
    position += count
    return count
  }
}
