// SPDX-License-Identifier: Apache-2.0
//
// What a Zstandard frame must look like outside its blocks (Specs/Encodings.md, section 2):
// checked here, as versions of the library and its ways to decompress ask for less.

/// The header of a magicless frame and those of its blocks (RFC 8878, 3.1.1).
enum ZstdFrame {
  /// Whether `bytes` are one frame of the form that the format allows, of content of this size.
  ///
  /// - Complexity: O(blocks).
  static func isAllowed(_ bytes: Span<UInt8>, contentByteCount: Int) -> Bool {
    var reader = ByteReader(bytes, at: 0)
    do throws(FormatError) {
      guard let window = try readHeader(&reader, contentByteCount) else { return false }
      return try blocksFill(&reader, largest: min(window, largestBlock))
    } catch {
      return false
    }
  }

  private static let largestWindow = 4 << 20
  private static let largestBlock = 128 << 10

  /// The window; nil where the header has another form or content size.
  private static func readHeader(
    _ reader: inout ByteReader, _ contentByteCount: Int
  ) throws(FormatError) -> Int? {
    let descriptor = try reader.readUInt8()
    let isSingleSegment = descriptor & 0x20 != 0
    // Neither dictionary nor checksum, and of the two bits without meaning none.
    guard descriptor & 0x1F == 0, isSingleSegment || descriptor >> 6 != 0 else { return nil }
    var window = contentByteCount
    if !isSingleSegment {
      let byte = Int(try reader.readUInt8())
      // At most 15 · 2^38: no overflow.
      window = (8 + byte & 7) << (7 + byte >> 3)
    }
    let size: UInt64 =
      switch descriptor >> 6 {
      case 0: UInt64(try reader.readUInt8())
      case 1: UInt64(try reader.readUInt16()) + 256
      case 2: UInt64(try reader.readUInt32())
      default: try reader.readUInt64()
      }
    return size == UInt64(contentByteCount) && window <= largestWindow ? window : nil
  }

  /// Whether the blocks have known types and sizes, and the last one ends with the bytes.
  private static func blocksFill(
    _ reader: inout ByteReader, largest: Int
  ) throws(FormatError) -> Bool {
    while true {
      let low = Int(try reader.readUInt16())
      let header = low | Int(try reader.readUInt8()) << 16
      let size = header >> 3
      let type = header >> 1 & 3
      // Types: raw, one byte repeated, compressed, of which two bytes are taken by some libraries.
      guard type < 3, size <= largest, type < 2 || size >= 3 else { return false }
      _ = try reader.readSpan(count: type == 1 ? 1 : size)
      if header & 1 == 1 { return reader.remaining == 0 }
    }
  }
}
