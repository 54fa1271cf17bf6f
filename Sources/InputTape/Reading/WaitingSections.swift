// SPDX-License-Identifier: Apache-2.0
//
// Sections of a track whose turn has not come: a few bytes each, since in a file that was made for
// it, all of them can overlap in time.
//
// Invariant: `packed` holds those behind `first` from `offset` on, each by its difference from the
// one before; it is empty where there is no first.

import InputTapeCore

/// Sections that wait, in the order of the file.
struct WaitingSections {
  /// A section, and how many of its events are passed over.
  struct Item {
    var place: SectionPlace
    var start: Int
  }

  /// The next section.
  private(set) var first: Item?
  /// The newest one.
  private var last: SectionPlace?
  private var packed = ByteWriter()
  private var offset = 0

  /// As much as may lie about unused.
  private static let smallByteCount = 4_096

  /// No fewer bytes than they take in memory beyond the first: an array may have twice the room.
  var memoryByteCount: Int { 2 * packed.count }

  mutating func append(_ place: SectionPlace, from start: Int) {
    if first != nil, let last {
      pack(place, from: start, behind: last)
    } else {
      first = Item(place: place, start: start)
    }
    last = place
  }

  mutating func removeFirst() -> Item? {
    guard let item = first else { return nil }
    first = offset < packed.count ? unpack(behind: item) : nil
    if offset == packed.count {
      packed.bytes.removeAll(keepingCapacity: packed.bytes.capacity <= Self.smallByteCount)
      offset = 0
    } else if offset > Self.smallByteCount, offset > packed.count / 2 {
      packed.bytes = Array(packed.bytes[offset...])
      offset = 0
    }
    return item
  }

  private mutating func pack(
    _ place: SectionPlace, from start: Int, behind last: SectionPlace
  ) {
    let (entry, record) = (place.entry, place.record)
    packed.appendVarint(record.position &- last.record.position)
    packed.appendVarint(UInt64(record.sequence &- last.record.sequence))
    packed.append(record.headByteCount)
    packed.appendVarint(UInt64(record.storedByteCount))
    packed.appendSignedVarint(record.firstTime &- last.record.firstTime)
    packed.appendVarint(record.span)
    packed.appendVarint(place.position &- record.position)
    packed.append(entry.descriptor)
    packed.appendVarint(entry.storedByteCount)
    packed.appendVarint(entry.eventCount)
    packed.appendSignedVarint(entry.firstTime &- record.firstTime)
    packed.append(entry.checksum)
    packed.appendVarint(start)
  }

  private mutating func unpack(behind item: Item) -> Item? {
    var reader = ByteReader(packed.bytes.span.extracting(offset..<packed.count), at: 0)
    // What was packed here can be read here.
    let next = try? Self.decode(&reader, behind: item)
    offset += reader.offset
    return next
  }

  /// All but what neither reading nor a loss needs of a record.
  private static func decode(
    _ reader: inout ByteReader, behind item: Item
  ) throws(FormatError) -> Item {
    var (place, record, entry) = (item.place, item.place.record, item.place.entry)
    record.position &+= try reader.readVarint()
    record.sequence &+= UInt32(truncatingIfNeeded: try reader.readVarint())
    record.headByteCount = try reader.readUInt8()
    record.storedByteCount = UInt32(truncatingIfNeeded: try reader.readVarint())
    record.firstTime &+= try reader.readSignedVarint()
    record.span = try reader.readVarint()
    place.position = record.position &+ (try reader.readVarint())
    let descriptor = try reader.readUInt8()
    entry.form = SectionForm(rawValue: descriptor & 3) ?? entry.form
    entry.trackClass = TrackClass(rawValue: descriptor >> 4)
    entry.storedByteCount = try reader.readCount(limit: Limits.storedByteCount)
    entry.eventCount = try reader.readCount(limit: Limits.eventsPerBlock)
    entry.firstTime = record.firstTime &+ (try reader.readSignedVarint())
    entry.checksum = try reader.readUInt32()
    place.record = record
    place.entry = entry
    return Item(place: place, start: try reader.readCount(limit: Limits.eventsPerBlock))
  }
}
