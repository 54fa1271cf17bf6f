// SPDX-License-Identifier: Apache-2.0
//
// One record in an INDEX payload, as far as it differs from the one before (Specs/Format.md,
// section 7).

/// Writes and reads the numbers of records one after another, each as its difference from the
/// record before.
struct IndexRow {
  /// All times of the payload are multiples of 10 to the power of this, in nanoseconds.
  let decade: UInt8
  private let unit: Int64
  /// The least decade of the blocks that have been read.
  private(set) var leastDecade: UInt8?
  /// The last time of the block before, in units.
  private var lastTime: Int64 = 0
  /// Bytes and events of the last section of each track and content.
  private var known = [(storedByteCount: Int, eventCount: Int)](
    repeating: (0, 0), count: SectionDirectory.sectionLimit)

  init(decade: UInt8) {
    self.decade = decade
    unit = RecordFlags.unit(ofDecade: min(decade, 15))
  }

  // MARK: - Writing

  mutating func encode(
    _ record: RecordEntry, _ sections: ArraySlice<SectionEntry>, into writer: inout ByteWriter
  ) {
    guard record.hasDirectory else {
      writer.appendVarint(UInt64(record.storedByteCount))
      if record.isCompressed { writer.appendVarint(UInt64(record.rawByteCount)) }
      return
    }
    let first = record.firstTime / unit
    let span = record.span / UInt64(unit)
    // Modulo 2⁶⁴: the specification says so, since times may be anything.
    writer.appendSignedVarint(first &- lastTime)
    writer.appendVarint(span)
    lastTime = first &+ Int64(bitPattern: span)
    for section in sections { encode(section, of: record, into: &writer) }
  }

  private mutating func encode(
    _ section: SectionEntry, of record: RecordEntry, into writer: inout ByteWriter
  ) {
    let place = section.orderKey
    let more = section.storedByteCount - known[place].storedByteCount
    let moreEvents = section.eventCount - known[place].eventCount
    let isOther = moreEvents != 0
    writer.appendVarint(Zigzag.encode(Int64(more)) << 1 | (isOther ? 1 : 0))
    if isOther { writer.appendSignedVarint(Int64(moreEvents)) }
    if section.firstTime != record.firstTime {
      writer.appendVarint(
        SectionDirectory.later(section, than: record.firstTime, record.flags.timeUnit))
    }
    known[place] = (section.storedByteCount, section.eventCount)
  }

  // MARK: - Reading

  /// Reads a record; its position is for the caller to set.
  mutating func decode(
    _ reader: inout ByteReader, _ shape: RecordShape, sequence: UInt32
  ) throws(FormatError) -> (RecordEntry, [SectionEntry]) {
    var header = RecordHeader(
      type: shape.type, flags: shape.flags, sequence: sequence, storedByteCount: 0)
    guard shape.hasDirectory else {
      header.storedByteCount = UInt32(try reader.readCount(limit: Limits.storedByteCount))
      header.rawByteCount = header.storedByteCount
      if header.isCompressed {
        header.rawByteCount = UInt32(try reader.readCount(limit: Limits.rawByteCount))
      }
      return (RecordEntry(header, position: 0), [])
    }
    leastDecade = min(leastDecade ?? shape.decade, shape.decade)
    try readTimes(&reader, into: &header)
    let error = reader.error(.limitExceeded)
    var sections: [SectionEntry] = []
    var (storedByteCount, directoryByteCount, eventCount) = (0, 0, 0)
    for part in shape.sections {
      let section = try readSection(&reader, part, of: header)
      storedByteCount += section.storedByteCount
      directoryByteCount += SectionDirectory.byteCount(
        of: section, firstTime: header.firstTime, unit: header.timeUnit)
      if section.content == .events { eventCount += section.eventCount }
      sections.append(section)
    }
    storedByteCount += directoryByteCount
    guard storedByteCount <= Limits.storedByteCount, eventCount <= Limits.eventsPerBlock else {
      throw error
    }
    header.sectionCount = UInt16(sections.count)
    header.directoryByteCount = UInt16(directoryByteCount)
    header.storedByteCount = UInt32(storedByteCount)
    header.eventCount = UInt32(eventCount)
    return (RecordEntry(header, position: 0), sections)
  }

  private mutating func readTimes(
    _ reader: inout ByteReader, into header: inout RecordHeader
  ) throws(FormatError) {
    let error = reader.error(.malformed)
    let first = lastTime &+ (try reader.readSignedVarint())
    let (time, isTooLarge) = first.multipliedReportingOverflow(by: unit)
    guard !isTooLarge else { throw error }
    header.firstTime = time
    header.span = try reader.readVarint(times: unit)
    let isWhole =
      time % header.timeUnit == 0 && header.span % UInt64(header.timeUnit) == 0
    guard header.hasLastTime, isWhole else { throw error }
    lastTime = header.lastTime / unit
  }

  private mutating func readSection(
    _ reader: inout ByteReader, _ shape: SectionShape, of header: RecordHeader
  ) throws(FormatError) -> SectionEntry {
    let place = shape.orderKey
    let start = reader.position &+ UInt64(reader.offset)
    let number = try reader.readCount(limit: 4 * Limits.storedByteCount + 3)
    let more = Int(Zigzag.decode(UInt64(number >> 1)))
    let storedByteCount = known[place].storedByteCount + more
    var eventCount = known[place].eventCount
    if number & 1 == 1 {
      let other = try reader.readSignedVarint()
      guard other != 0 else { throw FormatError(.malformed, at: start) }
      guard other.magnitude <= UInt64(Limits.eventsPerBlock) else {
        throw FormatError(.limitExceeded, at: start)
      }
      eventCount += Int(other)
    }
    guard storedByteCount >= 0, eventCount >= 0 else { throw FormatError(.malformed, at: start) }
    guard storedByteCount <= Limits.storedByteCount, eventCount <= Limits.eventsPerBlock else {
      throw FormatError(.limitExceeded, at: start)
    }
    known[place] = (storedByteCount, eventCount)
    var entry = shape.entry(storedByteCount: storedByteCount, eventCount: eventCount)
    entry.firstTime = try shape.decodeTime(
      &reader, firstTime: header.firstTime, unit: header.timeUnit)
    return entry
  }
}
