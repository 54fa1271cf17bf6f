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
    while position + RecordHeader.byteCount <= bytes.count {
      let stored = Int(number(bytes, at: position + 16, byteCount: 4))
      let end = position + RecordHeader.byteCount + stored
      guard stored <= Limits.storedByteCount, end <= bytes.count else {
        mendRecordHeader(&bytes, at: position, id: id)
        break
      }
      if bytes[position + 8] == RecordType.data.rawValue {
        mendBlock(&bytes, at: position, end: end)
      } else {
        let checksum = CRC32C.checksum(bytes.span.extracting((position + 48)..<end))
        set(checksum, at: position + 28, in: &bytes)
      }
      mendRecordHeader(&bytes, at: position, id: id)
      position = (end + 7) & ~7
      if bytes.count - position == Trailer.byteCount { break }
    }
    if bytes.count - position == Trailer.byteCount {
      var trailer = Array(bytes[position...])
      mendTrailer(&trailer, id: id)
      bytes.replaceSubrange(position..., with: trailer)
    }
  }

  /// Mends a DATA record's section checksums, then its directory's.
  private static func mendBlock(_ bytes: inout [UInt8], at position: Int, end: Int) {
    let start = position + RecordHeader.byteCount
    let directoryEnd = start + Int(number(bytes, at: position + 10, byteCount: 2))
    guard directoryEnd <= end else { return }
    for place in sections(bytes, start: start, directoryEnd: directoryEnd, end: end) {
      let checksum = CRC32C.checksum(bytes.span.extracting(place.section))
      set(checksum, at: place.checksum, in: &bytes)
    }
    let checksum = CRC32C.checksum(bytes.span.extracting(start..<directoryEnd))
    set(checksum, at: position + 28, in: &bytes)
  }

  /// Where each section stands, and where its checksum does.
  private static func sections(
    _ bytes: [UInt8], start: Int, directoryEnd: Int, end: Int
  ) -> [(section: Range<Int>, checksum: Int)] {
    var reader = ByteReader(bytes.span.extracting(start..<directoryEnd), at: 0)
    var found: [(section: Range<Int>, checksum: Int)] = []
    guard let count = try? reader.readCount(limit: SectionDirectory.sectionLimit) else { return [] }
    var section = directoryEnd
    for _ in 0..<count {
      guard let entry = try? SectionDirectory.decodeEntry(&reader, firstTime: 0),
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
    guard position + RecordHeader.byteCount <= bytes.count else { return }
    set(id.sync, at: position, in: &bytes)
    let fields = (position + 8)..<(position + RecordHeader.byteCount)
    let checksum = CRC32C.checksum(bytes.span.extracting(fields), continuing: id.seed)
    set(checksum, at: position + 4, in: &bytes)
  }

  static func mendTrailer(_ bytes: inout [UInt8], id: RecordingID) {
    guard bytes.count >= Trailer.byteCount else { return }
    let checksum = CRC32C.checksum(bytes.span.extracting(0..<8), continuing: id.seed)
    set(checksum, at: 8, in: &bytes)
    bytes.replaceSubrange(12..<16, with: [0x49, 0x54, 0x50, 0x58])
  }

  private static func number(_ bytes: [UInt8], at offset: Int, byteCount: Int) -> UInt64 {
    bytes[offset..<(offset + byteCount)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func set(_ value: UInt32, at offset: Int, in bytes: inout [UInt8]) {
    for index in 0..<4 {
      bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index))
    }
  }
}
