// SPDX-License-Identifier: Apache-2.0
//
// What stands before a record's payload (Specs/Format.md, section 4).
//
// Invariant: a decoded header has passed its checksum, and its lengths are within the limits.

/// What stands before a record's payload, and in a block before its directory.
package struct RecordHeader: DescribedRecord, Hashable, Sendable {
  /// No record has fewer bytes: a block without sections.
  package static let leastByteCount = 14
  /// A header, and a directory that it checks, have no more bytes.
  package static let mostByteCount = 10 + 4 * 10 + inlineSectionCount * 45
  /// The directory of this many sections is checked by the header's checksum.
  package static let inlineSectionCount = 4
  /// Where the sequence number stands in a header.
  package static let sequenceOffset: UInt64 = 10

  /// The earliest time in the block, in nanoseconds.
  package var firstTime: Int64
  /// The latest time minus the earliest, in nanoseconds.
  package var span: UInt64
  /// 0 for a segment's first record, then one more each.
  package var sequence: UInt32
  /// Bytes of the payload as it stands in the file, in a block those of the directory too.
  package var storedByteCount: UInt32
  /// Bytes of the payload after decompression; 0 in blocks.
  package var rawByteCount: UInt32
  package var eventCount: UInt32
  /// Of the payload; in blocks of the directory where that is long, or 0.
  package var payloadChecksum: UInt32
  /// Sections of a block; 0 in other records.
  package var sectionCount: UInt16
  /// Bytes of a block's directory; 0 in other records.
  package var directoryByteCount: UInt16
  package var type: RecordType
  package var flags: RecordFlags

  package init(
    type: RecordType, flags: RecordFlags = [], sectionCount: UInt16 = 0,
    directoryByteCount: UInt16 = 0, sequence: UInt32, storedByteCount: UInt32,
    rawByteCount: UInt32 = 0, eventCount: UInt32 = 0, payloadChecksum: UInt32 = 0,
    firstTime: Int64 = 0, span: UInt64 = 0
  ) {
    self.type = type
    self.flags = flags
    self.sectionCount = sectionCount
    self.directoryByteCount = directoryByteCount
    self.sequence = sequence
    self.storedByteCount = storedByteCount
    self.rawByteCount = rawByteCount
    self.eventCount = eventCount
    self.payloadChecksum = payloadChecksum
    self.firstTime = firstTime
    self.span = span
  }

  /// Whether the header's checksum covers the directory too.
  package var hasInlineDirectory: Bool {
    hasDirectory && sectionCount <= Self.inlineSectionCount
  }

  /// The nanoseconds in which a block's times are written.
  package var timeUnit: Int64 { hasDirectory ? flags.timeUnit : 1 }

  /// Bytes before the payload, and in a block before the directory.
  package var headByteCount: Int {
    var count = 10 + ByteWriter.varintByteCount(UInt64(sequence))
    guard hasDirectory else {
      if isCompressed { count += ByteWriter.varintByteCount(UInt64(rawByteCount)) }
      return count + ByteWriter.varintByteCount(UInt64(storedByteCount)) + 4
    }
    let unit = timeUnit
    count += ByteWriter.varintByteCount(UInt64(sectionCount))
    count += ByteWriter.signedVarintByteCount(firstTime / unit)
    count += ByteWriter.varintByteCount(span / UInt64(unit))
    guard !hasInlineDirectory else { return count }
    for length in [storedByteCount, eventCount, UInt32(directoryByteCount)] {
      count += ByteWriter.varintByteCount(UInt64(length))
    }
    return count + 4
  }

  /// Bytes at the record's start that the header's checksum covers, and itself.
  package var checkedByteCount: Int {
    headByteCount + (hasInlineDirectory ? Int(directoryByteCount) : 0)
  }

  /// Header and payload.
  package var recordByteCount: Int { headByteCount + Int(storedByteCount) }

  /// Whether the latest time is an Int64, too; the difference of two is a UInt64.
  package var hasLastTime: Bool {
    span <= UInt64(bitPattern: Int64.max) &- UInt64(bitPattern: firstTime)
  }

  /// The latest time in the block.
  package var lastTime: Int64 { firstTime &+ Int64(bitPattern: span) }

  /// The header's bytes and, in a block, the directory's.
  package func encode(id: RecordingID, directory: [UInt8] = []) -> [UInt8] {
    var writer = ByteWriter(reserving: headByteCount + directory.count)
    writer.append(id.sync)
    writer.append(UInt32(0))
    writer.append(type.rawValue)
    writer.append(flags.rawValue)
    writer.appendVarint(UInt64(sequence))
    if hasDirectory {
      writer.appendVarint(UInt64(sectionCount))
      writer.appendSignedVarint(firstTime / timeUnit)
      writer.appendVarint(span / UInt64(timeUnit))
    }
    if !hasInlineDirectory {
      writer.appendVarint(UInt64(storedByteCount))
      if hasDirectory {
        writer.appendVarint(UInt64(eventCount))
        writer.appendVarint(UInt64(directoryByteCount))
      } else if isCompressed {
        writer.appendVarint(UInt64(rawByteCount))
      }
      writer.append(payloadChecksum)
    }
    let end = writer.count + (hasInlineDirectory ? directory.count : 0)
    writer.append(directory)
    let checksum = CRC32C.checksum(writer.bytes.span.extracting(8..<end), continuing: id.seed)
    writer.set(checksum, at: 4)
    return writer.bytes
  }
}
