// SPDX-License-Identifier: Apache-2.0
//
// The first 64 bytes of a recording, and their copy in each METADATA record
// (Specs/Format.md, section 3).

/// What the first 64 bytes of a segment say.
public struct FileHeader: Hashable, Sendable {
  package static let byteCount = 64
  /// `\x89ITAPE\r\n`: a transfer that damages line ends damages this.
  package static let magic: [UInt8] = [0x89, 0x49, 0x54, 0x41, 0x50, 0x45, 0x0D, 0x0A]
  /// Its beginning as a number, for a search.
  package static let firstWord = magic[..<4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
  /// The predecessor's record count where there is no predecessor or nobody counted.
  public static let unknownCount = UInt64.max

  public var recordingID: RecordingID
  /// 0 for the first file of a recording.
  public var segmentNumber: UInt64
  /// How many records the segment before this one had.
  public var predecessorRecordCount: UInt64
  /// The beginning of a hash of the segment before this one; 0 where there is none.
  public var predecessorHashPrefix: UInt64

  public init(
    recordingID: RecordingID, segmentNumber: UInt64 = 0,
    predecessorRecordCount: UInt64 = FileHeader.unknownCount, predecessorHashPrefix: UInt64 = 0
  ) {
    self.recordingID = recordingID
    self.segmentNumber = segmentNumber
    self.predecessorRecordCount = predecessorRecordCount
    self.predecessorHashPrefix = predecessorHashPrefix
  }

  package func encode() -> [UInt8] {
    var writer = ByteWriter(reserving: Self.byteCount)
    writer.append(Self.magic)
    writer.append(FormatVersion.major)
    writer.append(FormatVersion.minor)
    writer.append(UInt32(0))  // No incompatible feature yet.
    writer.append(recordingID.bytes)
    writer.append(segmentNumber)
    writer.append(predecessorRecordCount)
    writer.append(predecessorHashPrefix)
    writer.append(UInt32(0))  // No compatible feature yet.
    writer.append(CRC32C.checksum(writer.bytes))
    return writer.bytes
  }

  /// Whether a file header may begin with these bytes: magic, version and features, without the
  /// checksum, which costs more.
  package static func mayBegin(with bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count >= byteCount, bytes.starts(with: magic) else { return false }
    let start = bytes.startIndex
    return bytes[start + 8] == UInt8(truncatingIfNeeded: FormatVersion.major)
      && bytes[start + 9] == UInt8(truncatingIfNeeded: FormatVersion.major >> 8)
      && bytes[start + 12..<start + 16].allSatisfy { $0 == 0 }
  }

  /// Reads and checks a file header, or its copy.
  package static func decode(
    _ bytes: Span<UInt8>, at position: UInt64
  ) throws(FormatError) -> FileHeader {
    var reader = ByteReader(bytes, at: position)
    for byte in magic {
      guard try reader.readUInt8() == byte else { throw FormatError(.notARecording, at: position) }
    }
    guard bytes.count >= byteCount else {
      throw FormatError(.truncated, at: position &+ UInt64(bytes.count))
    }
    let major = try reader.readUInt16()
    _ = try reader.readUInt16()
    let incompatibleFeatures = try reader.readUInt32()
    let id = RecordingID(bytes: try reader.readBytes(count: 16))
    let header = FileHeader(
      recordingID: id, segmentNumber: try reader.readUInt64(),
      predecessorRecordCount: try reader.readUInt64(),
      predecessorHashPrefix: try reader.readUInt64())
    _ = try reader.readUInt32()
    let checksum = try reader.readUInt32()
    guard CRC32C.checksum(bytes.extracting(0..<60)) == checksum else {
      throw FormatError(.fileHeaderChecksum, at: position &+ 60)
    }
    guard major == FormatVersion.major, incompatibleFeatures == 0 else {
      let offset: UInt64 = major == FormatVersion.major ? 12 : 8
      throw FormatError(.unsupportedVersion, at: position &+ offset)
    }
    return header
  }
}
