// SPDX-License-Identifier: Apache-2.0
//
// The last 16 bytes of a closed recording (Specs/Format.md, section 7).

/// The last 16 bytes of a closed recording: where the last INDEX record is. A hint, never trusted.
package enum Trailer {
  package static let byteCount = 16
  private static let magic: [UInt8] = [0x49, 0x54, 0x50, 0x58]  // "ITPX"

  package static func encode(indexPosition: UInt64, id: RecordingID) -> [UInt8] {
    var writer = ByteWriter(reserving: byteCount)
    writer.append(indexPosition)
    writer.append(CRC32C.checksum(writer.bytes, continuing: id.seed))
    writer.append(magic)
    return writer.bytes
  }

  /// The position that a trailer names.
  package static func decode(
    _ bytes: Span<UInt8>, id: RecordingID, at position: UInt64
  ) throws(FormatError) -> UInt64 {
    guard bytes.count == byteCount else { throw FormatError(.truncated, at: position) }
    var reader = ByteReader(bytes, at: position)
    let indexPosition = try reader.readUInt64()
    let checksum = try reader.readUInt32()
    for byte in magic {
      guard try reader.readUInt8() == byte else { throw FormatError(.index, at: position &+ 12) }
    }
    guard CRC32C.checksum(bytes.extracting(0..<8), continuing: id.seed) == checksum else {
      throw FormatError(.index, at: position &+ 8)
    }
    return indexPosition
  }
}
