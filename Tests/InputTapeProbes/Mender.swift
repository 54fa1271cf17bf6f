// SPDX-License-Identifier: Apache-2.0
//
// Checksums put right after bytes were changed, so that what lies behind them is reached.

import InputTapeCore

/// Mends the checksums of recordings.
public enum Mender {
  /// Mends the checksums of each file of an input (`SegmentedInput`).
  public static func mend(_ bytes: inout [UInt8]) {
    for part in SegmentedInput.parts(of: bytes) {
      var file = Array(bytes[part])
      mendFile(&file)
      bytes.replaceSubrange(part, with: file)
    }
  }

  /// Mends every checksum that stands where one would stand: file header, record headers, payloads,
  /// sections, trailer. Bytes that are no record are left alone.
  private static func mendFile(_ bytes: inout [UInt8]) {
    guard bytes.count >= FileHeader.byteCount else { return }
    mendFileHeader(&bytes)
    let id = RecordingID(bytes: Array(bytes[16..<32]))
    var position = FileHeader.byteCount
    while position < bytes.count, bytes.count - position != Trailer.byteCount {
      guard let end = mendRecord(&bytes, at: position, id: id) else { break }
      position = end
    }
    if bytes.count - position == Trailer.byteCount {
      var trailer = Array(bytes[position...])
      mendTrailer(&trailer, id: id)
      bytes.replaceSubrange(position..., with: trailer)
    }
  }

  /// Mends a record's payload checksum, or its sections' and its directory's, then its header's.
  ///
  /// - Returns: where it ends; nil where it says of itself what cannot be.
  private static func mendRecord(
    _ bytes: inout [UInt8], at position: Int, id: RecordingID
  ) -> Int? {
    mendRecordHeader(&bytes, at: position, id: id)
    guard let header = header(bytes, at: position, id: id) else { return nil }
    let end = position + header.recordByteCount
    guard end <= bytes.count else { return nil }
    let start = position + header.headByteCount
    if header.hasDirectory {
      let directoryEnd = start + Int(header.directoryByteCount)
      for place in sections(bytes, header, start: start, directoryEnd: directoryEnd, end: end) {
        let checksum = CRC32C.checksum(bytes.span.extracting(place.section))
        set(checksum, at: place.checksum, in: &bytes)
      }
      if !header.hasInlineDirectory {
        let checksum = CRC32C.checksum(bytes.span.extracting(start..<directoryEnd))
        set(checksum, at: start - 4, in: &bytes)
      }
    } else {
      set(CRC32C.checksum(bytes.span.extracting(start..<end)), at: start - 4, in: &bytes)
    }
    mendRecordHeader(&bytes, at: position, id: id)
    return end
  }

  private static func header(
    _ bytes: [UInt8], at position: Int, id: RecordingID
  ) -> RecordHeader? {
    let end = min(position + RecordHeader.mostByteCount, bytes.count)
    return try? RecordHeader.decode(
      bytes.span.extracting(position..<end), id: id, at: UInt64(position))
  }

  /// Where each section stands, and where its checksum does.
  private static func sections(
    _ bytes: [UInt8], _ header: RecordHeader, start: Int, directoryEnd: Int, end: Int
  ) -> [(section: Range<Int>, checksum: Int)] {
    var reader = ByteReader(bytes.span.extracting(start..<directoryEnd), at: 0)
    var found: [(section: Range<Int>, checksum: Int)] = []
    var section = directoryEnd
    for _ in 0..<header.sectionCount {
      guard
        let entry = try? SectionDirectory.decodeEntry(
          &reader, firstTime: header.firstTime, unit: header.timeUnit),
        reader.remaining >= 4, section + entry.storedByteCount <= end
      else { break }
      found.append((section..<(section + entry.storedByteCount), start + reader.offset))
      section += entry.storedByteCount
      guard (try? reader.readUInt32()) != nil else { break }
    }
    return found
  }

  static func mendFileHeader(_ bytes: inout [UInt8]) {
    guard bytes.count >= FileHeader.byteCount else { return }
    let checksum = CRC32C.checksum(bytes.span.extracting(0..<60))
    set(checksum, at: 60, in: &bytes)
  }

  static func mendRecordHeader(_ bytes: inout [UInt8], at position: Int, id: RecordingID) {
    let end = min(position + RecordHeader.mostByteCount, bytes.count)
    guard let count = RecordHeader.end(of: bytes.span.extracting(position..<end)) else { return }
    set(id.sync, at: position, in: &bytes)
    let fields = (position + 8)..<(position + count)
    let checksum = CRC32C.checksum(bytes.span.extracting(fields), continuing: id.seed)
    set(checksum, at: position + 4, in: &bytes)
  }

  static func mendTrailer(_ bytes: inout [UInt8], id: RecordingID) {
    guard bytes.count >= Trailer.byteCount else { return }
    let checksum = CRC32C.checksum(bytes.span.extracting(0..<8), continuing: id.seed)
    set(checksum, at: 8, in: &bytes)
    bytes.replaceSubrange(12..<16, with: [0x49, 0x54, 0x50, 0x58])
  }

  private static func set(_ value: UInt32, at offset: Int, in bytes: inout [UInt8]) {
    for index in 0..<4 {
      bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index))
    }
  }
}
