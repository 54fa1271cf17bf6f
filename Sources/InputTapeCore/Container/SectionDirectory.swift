// SPDX-License-Identifier: Apache-2.0
//
// What stands at the start of a DATA payload: where each section is and what checks it
// (Specs/Format.md, section 6).

/// One section of a block, as its directory describes it.
package struct SectionEntry: Hashable, Sendable {
  /// What a section holds.
  package enum Content: UInt8, Sendable {
    case events = 0
    /// Events that put the track into the state it had at the block's start.
    case state = 1

    /// Sections stand in this order: by track, state before events.
    func orderKey(on track: TrackID) -> Int {
      Int(track.rawValue) << 1 | (self == .state ? 0 : 1)
    }
  }

  package var track: TrackID
  package var trackClass: TrackClass
  package var content: Content
  package var form: SectionForm
  package var storedByteCount: Int
  package var eventCount: Int
  /// The time of the section's first event, in nanoseconds.
  package var firstTime: Int64
  package var checksum: UInt32

  package init(
    track: TrackID, trackClass: TrackClass, content: Content, form: SectionForm,
    storedByteCount: Int, eventCount: Int, firstTime: Int64, checksum: UInt32
  ) {
    self.track = track
    self.trackClass = trackClass
    self.content = content
    self.form = form
    self.storedByteCount = storedByteCount
    self.eventCount = eventCount
    self.firstTime = firstTime
    self.checksum = checksum
  }

  /// Form, content and class in one byte.
  package var descriptor: UInt8 {
    form.rawValue | content.rawValue << 2 | (trackClass.rawValue & 15) << 4
  }

  package var orderKey: Int { content.orderKey(on: track) }
}

/// The directory of a block.
package enum SectionDirectory {
  /// Sections of a block: two a track at most.
  package static let sectionLimit = 2 * Limits.tracks

  /// A directory's bytes.
  ///
  /// - Parameters:
  ///   - firstTime: the block's first time.
  ///   - unit: the nanoseconds in which the block's times are written.
  package static func encode(_ entries: [SectionEntry], firstTime: Int64, unit: Int64) -> [UInt8] {
    var writer = ByteWriter(reserving: 12 * entries.count)
    for entry in entries {
      let shape = SectionShape(entry, blockTime: firstTime)
      shape.encode(into: &writer)
      writer.appendVarint(entry.storedByteCount)
      writer.appendVarint(entry.eventCount)
      if shape.isLater { writer.appendVarint(later(entry, than: firstTime, unit)) }
      writer.append(entry.checksum)
    }
    return writer.bytes
  }

  /// How much later a section begins than its block; modulo 2⁶⁴: times may be anything.
  static func later(_ entry: SectionEntry, than blockTime: Int64, _ unit: Int64) -> UInt64 {
    UInt64(bitPattern: entry.firstTime &- blockTime) / UInt64(unit)
  }

  /// Bytes of an entry in a directory.
  package static func byteCount(of entry: SectionEntry, firstTime: Int64, unit: Int64) -> Int {
    var count = 5 + ByteWriter.varintByteCount(UInt64(entry.track.rawValue))
    count += ByteWriter.varintByteCount(UInt64(entry.storedByteCount))
    count += ByteWriter.varintByteCount(UInt64(entry.eventCount))
    guard entry.firstTime != firstTime else { return count }
    return count + ByteWriter.varintByteCount(later(entry, than: firstTime, unit))
  }

  /// Passes over an entry, whatever it says.
  ///
  /// - Returns: whether it ends within the bytes.
  static func pass(_ reader: inout ByteReader) -> Bool {
    guard reader.passVarint(), let descriptor = try? reader.readUInt8(), reader.passVarint(),
      reader.passVarint(), descriptor & SectionShape.isLaterBit == 0 || reader.passVarint()
    else { return false }
    return (try? reader.readUInt32()) != nil
  }

  /// Reads the directory of a block.
  ///
  /// - Parameters:
  ///   - record: the record's bytes, from its header on to the directory's end or further.
  ///   - position: where the record begins.
  package static func decode(
    record: Span<UInt8>, header: RecordHeader, at position: UInt64
  ) throws(FormatError) -> [SectionEntry] {
    let start = header.headByteCount
    let end = start + Int(header.directoryByteCount)
    guard end <= record.count else {
      throw FormatError(.truncated, at: position &+ UInt64(record.count))
    }
    let directory = record.extracting(start..<end)
    let place = position &+ UInt64(start)
    guard
      header.hasInlineDirectory || CRC32C.checksum(directory) == header.payloadChecksum
    else { throw FormatError(.payloadChecksum, at: place) }
    return try decode(directory, header: header, at: place)
  }

  /// Reads a directory whose checksum has been checked.
  package static func decode(
    _ bytes: Span<UInt8>, header: RecordHeader, at position: UInt64
  ) throws(FormatError) -> [SectionEntry] {
    var reader = ByteReader(bytes, at: position)
    var entries: [SectionEntry] = []
    var storedByteCount = bytes.count
    var eventCount = 0
    let unit = header.timeUnit
    for _ in 0..<header.sectionCount {
      var entry = try decodeEntry(&reader, firstTime: header.firstTime, unit: unit)
      entry.checksum = try reader.readUInt32()
      if let last = entries.last, last.orderKey >= entry.orderKey {
        throw reader.error(.malformed)
      }
      guard entry.content == .state || entry.firstTime >= header.firstTime else {
        throw reader.error(.malformed)
      }
      storedByteCount += entry.storedByteCount
      if entry.content == .events { eventCount += entry.eventCount }
      entries.append(entry)
    }
    guard reader.remaining == 0, storedByteCount == Int(header.storedByteCount),
      eventCount == Int(header.eventCount)
    else { throw reader.error(.malformed) }
    return entries
  }

  /// Reads an entry without its checksum.
  package static func decodeEntry(
    _ reader: inout ByteReader, firstTime: Int64, unit: Int64
  ) throws(FormatError) -> SectionEntry {
    let shape = try SectionShape.decode(&reader)
    let storedByteCount = try reader.readCount(limit: Limits.storedByteCount)
    let eventCount = try reader.readCount(limit: Limits.eventsPerBlock)
    var entry = shape.entry(storedByteCount: storedByteCount, eventCount: eventCount)
    entry.firstTime = try shape.decodeTime(&reader, firstTime: firstTime, unit: unit)
    return entry
  }
}
