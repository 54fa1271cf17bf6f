// SPDX-License-Identifier: Apache-2.0
//
// Payloads other than blocks to whole records, and back (Specs/Format.md, section 4).

/// Encodes METADATA, INDEX and unknown records; owns its memory.
package final class RecordEncoder {
  /// Made when something is to be compressed.
  private lazy var compressor = Compressor()

  package init() {}

  /// An index of fewer bytes is not worth a frame. METADATA is never compressed: what it says must
  /// be readable where everything else is lost.
  private static let compressedByteCount = 1_024

  /// A whole record: header and payload.
  ///
  /// - Precondition: the payload keeps to the limits.
  package func encode(
    _ type: RecordType, flags: RecordFlags = [], payload: [UInt8], compression: Compression,
    sequence: UInt32, id: RecordingID
  ) -> (header: RecordHeader, bytes: [UInt8]) {
    var stored = payload
    var flags = flags
    if type == .index, payload.count >= Self.compressedByteCount {
      var packed: [UInt8] = []
      switch compression {
      case .none: packed = payload
      case .zstd:
        _ = compressor.appendZstd(payload.span, level: 3, to: &packed)
        flags.insert(.zstd)
      case .deflate:
        _ = compressor.appendDeflate(payload.span, level: 6, to: &packed)
        flags.insert(.deflate)
      }
      stored = packed
    }
    precondition(
      stored.count <= Limits.storedByteCount && payload.count <= Limits.rawByteCount,
      "A record keeps to the limits")
    let header = RecordHeader(
      type: type, flags: flags, sequence: sequence, storedByteCount: UInt32(stored.count),
      rawByteCount: UInt32(payload.count), payloadChecksum: CRC32C.checksum(stored))
    var bytes = header.encode(id: id)
    bytes += stored
    return (header, bytes)
  }
}

/// Decodes the payloads of METADATA and INDEX records; owns its memory.
package final class RecordDecoder {
  /// Made when something compressed comes.
  private lazy var decompressor = Decompressor()

  package init() {}

  /// Checks a payload and decompresses it.
  ///
  /// - Parameter position: where the payload begins in the file.
  package func payload(
    _ stored: Span<UInt8>, of header: RecordHeader, at position: UInt64
  ) throws(FormatError) -> [UInt8] {
    guard stored.count == Int(header.storedByteCount) else {
      throw FormatError(.truncatedRecord, at: position &+ UInt64(stored.count))
    }
    guard CRC32C.checksum(stored) == header.payloadChecksum else {
      throw FormatError(.payloadChecksum, at: position)
    }
    guard header.isCompressed else { return copy(stored) }
    let isZstd = header.flags.contains(.zstd)
    guard !(isZstd && header.flags.contains(.deflate)) else {
      throw FormatError(.malformed, at: position)
    }
    var raw = [UInt8](repeating: 0, count: Int(header.rawByteCount))
    let isWhole =
      isZstd
      ? decompressor.decompressZstd(stored, into: &raw)
      : decompressor.inflateRaw(stored, into: &raw)
    guard isWhole else { throw FormatError(.decompression, at: position) }
    return raw
  }

  private func copy(_ bytes: Span<UInt8>) -> [UInt8] {
    [UInt8](capacity: bytes.count) { (output: inout OutputSpan<UInt8>) in
      for index in bytes.indices { output.append(bytes[index]) }
    }
  }
}
