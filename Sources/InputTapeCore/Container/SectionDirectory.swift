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

  /// Sections stand in this order: by track, state before events.
  package var orderKey: UInt32 {
    UInt32(track.rawValue) << 1 | (content == .state ? 0 : 1)
  }
}

/// The directory of a block.
package enum SectionDirectory {
  /// Sections of a block: two a track at most.
  package static let sectionLimit = 2 * Limits.tracks

  package static func encode(_ entries: [SectionEntry], firstTime: Int64) -> [UInt8] {
    var writer = ByteWriter(reserving: 16 * entries.count + 2)
    writer.appendVarint(entries.count)
    for entry in entries {
      encode(entry, firstTime: firstTime, into: &writer)
      writer.append(entry.checksum)
    }
    return writer.bytes
  }

  /// The part of an entry that stands in the index too.
  package static func encode(
    _ entry: SectionEntry, firstTime: Int64, into writer: inout ByteWriter
  ) {
    writer.appendVarint(UInt64(entry.track.rawValue))
    writer.append(entry.descriptor)
    writer.appendVarint(entry.storedByteCount)
    writer.appendVarint(entry.eventCount)
    // Modulo 2⁶⁴: the specification says so, since times may be anything.
    writer.appendVarint(UInt64(bitPattern: entry.firstTime &- firstTime))
  }

  /// Reads a directory whose checksum has been checked.
  package static func decode(
    _ bytes: Span<UInt8>, header: RecordHeader, at position: UInt64
  ) throws(FormatError) -> [SectionEntry] {
    var reader = ByteReader(bytes, at: position)
    let count = try reader.readCount(limit: sectionLimit)
    var entries: [SectionEntry] = []
    var storedByteCount = bytes.count
    var eventCount = 0
    for _ in 0..<count {
      var entry = try decodeEntry(&reader, firstTime: header.firstTime)
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

  package static func decodeEntry(
    _ reader: inout ByteReader, firstTime: Int64
  ) throws(FormatError) -> SectionEntry {
    let track = try reader.readCount(limit: Limits.tracks - 1)
    let descriptor = try reader.readUInt8()
    guard let form = SectionForm(rawValue: descriptor & 3),
      let content = SectionEntry.Content(rawValue: descriptor >> 2 & 3)
    else { throw reader.error(.unsupportedEncoding) }
    return SectionEntry(
      track: TrackID(rawValue: UInt16(track)),
      trackClass: TrackClass(rawValue: descriptor >> 4), content: content, form: form,
      storedByteCount: try reader.readCount(limit: Limits.storedByteCount),
      eventCount: try reader.readCount(limit: Limits.eventsPerBlock),
      firstTime: firstTime &+ Int64(bitPattern: try reader.readVarint()), checksum: 0)
  }
}
