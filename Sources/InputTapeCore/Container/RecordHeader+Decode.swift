// SPDX-License-Identifier: Apache-2.0
//
// A record header out of bytes that nobody has checked (Specs/Format.md, sections 4.1 and 4.2).
//
// Invariant: before the checksum is compared, nothing is taken from the bytes but where the header
// ends; that is no more than `mostByteCount` away.

extension RecordHeader {
  /// Reads a header and makes the checks that need no bytes behind it, in the order of the
  /// specification.
  ///
  /// - Parameter bytes: `mostByteCount` of them, or more; fewer only where the file ends.
  package static func decode(
    _ bytes: Span<UInt8>, id: RecordingID, at position: UInt64
  ) throws(FormatError) -> RecordHeader {
    var head = ByteReader(bytes, at: position)
    guard bytes.count >= 4 else {
      throw FormatError(.truncated, at: position &+ UInt64(bytes.count))
    }
    guard try head.readUInt32() == id.sync else { throw FormatError(.noRecord, at: position) }
    guard let end = end(of: bytes) else {
      let isCut = bytes.count < mostByteCount
      throw isCut
        ? FormatError(.truncated, at: position &+ UInt64(bytes.count))
        : FormatError(.headerChecksum, at: position &+ 4)
    }
    let checksum = try head.readUInt32()
    guard CRC32C.checksum(bytes.extracting(8..<end), continuing: id.seed) == checksum else {
      throw FormatError(.headerChecksum, at: position &+ 4)
    }
    var reader = ByteReader(bytes.extracting(8..<end), at: position &+ 8)
    return try RecordHeader(&reader)
  }

  /// Where the bytes that the header's checksum covers end, as far as their form tells; nil where
  /// they do not.
  package static func end(of bytes: Span<UInt8>) -> Int? {
    var reader = ByteReader(bytes, at: 0)
    func passBytes(_ count: Int, _ reader: inout ByteReader) -> Bool {
      (try? reader.readSpan(count: count)) != nil
    }
    guard passBytes(8, &reader), let type = try? reader.readUInt8(),
      let flags = try? reader.readUInt8(), reader.passVarint()
    else { return nil }
    let header = RecordHeader(
      type: RecordType(rawValue: type), flags: RecordFlags(rawValue: flags), sequence: 0,
      storedByteCount: 0)
    var varintCount = header.isCompressed ? 2 : 1
    if header.hasDirectory {
      let sectionCount = reader.remaining > 0 ? Int(bytes[reader.offset]) : 0
      for _ in 0..<3 { guard reader.passVarint() else { return nil } }
      guard sectionCount > inlineSectionCount else {
        for _ in 0..<sectionCount { guard SectionDirectory.pass(&reader) else { return nil } }
        return reader.offset
      }
      varintCount = 3
    }
    for _ in 0..<varintCount { guard reader.passVarint() else { return nil } }
    return passBytes(4, &reader) ? reader.offset : nil
  }

  /// Reads what a header's checksum covers, once it has been compared.
  private init(_ reader: inout ByteReader) throws(FormatError) {
    self.init(
      type: RecordType(rawValue: try reader.readUInt8()), sequence: 0, storedByteCount: 0)
    let flagsError = reader.error(.unsupportedEncoding)
    flags = RecordFlags(rawValue: try reader.readUInt8())
    guard (1...8).contains(type.rawValue) || type.isSkippable else {
      throw FormatError(.unsupportedEncoding, at: flagsError.position - 1)
    }
    guard flags.areKnown(in: type) else { throw flagsError }
    sequence = UInt32(try reader.readCount(limit: Int(UInt32.max)))
    if hasDirectory {
      try readBlock(&reader)
    } else {
      try readLengths(&reader)
    }
  }

  private mutating func readLengths(_ reader: inout ByteReader) throws(FormatError) {
    storedByteCount = UInt32(try reader.readCount(limit: Limits.storedByteCount))
    rawByteCount = storedByteCount
    if isCompressed { rawByteCount = UInt32(try reader.readCount(limit: Limits.rawByteCount)) }
    payloadChecksum = try reader.readUInt32()
  }

  private mutating func readBlock(_ reader: inout ByteReader) throws(FormatError) {
    sectionCount = UInt16(try reader.readCount(limit: SectionDirectory.sectionLimit))
    firstTime = try reader.readSignedVarint(times: timeUnit)
    let spanError = reader.error(.malformed)
    span = try reader.readVarint(times: timeUnit)
    guard hasLastTime else { throw spanError }
    guard !hasInlineDirectory else { return try addSections(&reader) }
    storedByteCount = UInt32(try reader.readCount(limit: Limits.storedByteCount))
    eventCount = UInt32(try reader.readCount(limit: Limits.eventsPerBlock))
    let directoryError = reader.error(.malformed)
    directoryByteCount = UInt16(try reader.readCount(limit: Int(UInt16.max)))
    guard UInt32(directoryByteCount) <= storedByteCount else { throw directoryError }
    payloadChecksum = try reader.readUInt32()
  }

  /// Lengths and counts of a block whose directory is covered by the header's checksum.
  private mutating func addSections(_ reader: inout ByteReader) throws(FormatError) {
    directoryByteCount = UInt16(reader.remaining)
    storedByteCount = UInt32(directoryByteCount)
    for _ in 0..<sectionCount {
      let error = reader.error(.limitExceeded)
      let entry = try SectionDirectory.decodeEntry(&reader, firstTime: firstTime, unit: timeUnit)
      _ = try reader.readUInt32()
      storedByteCount += UInt32(entry.storedByteCount)
      if entry.content == .events { eventCount += UInt32(entry.eventCount) }
      guard storedByteCount <= Limits.storedByteCount, eventCount <= Limits.eventsPerBlock else {
        throw error
      }
    }
  }
}

extension ByteReader {
  /// Reads a number that is written in a unit.
  package mutating func readVarint(times unit: Int64) throws(FormatError) -> UInt64 {
    let overflow = error(.malformed)
    let (value, isTooLarge) = try readVarint().multipliedReportingOverflow(
      by: UInt64(unit.magnitude))
    guard !isTooLarge else { throw overflow }
    return value
  }

  /// Reads a signed number that is written in a unit.
  package mutating func readSignedVarint(times unit: Int64) throws(FormatError) -> Int64 {
    let overflow = error(.malformed)
    let (value, isTooLarge) = try readSignedVarint().multipliedReportingOverflow(by: unit)
    guard !isTooLarge else { throw overflow }
    return value
  }
}
