// SPDX-License-Identifier: Apache-2.0
//
// Where the records of a recording are, in a few bytes each: a recording of days has a million.
//
// Invariant: `pages` hold `pageCount` records each, but for the last of a segment; `last` holds the
// records behind them that are not packed yet. Records are sorted by position.

/// The records of a recording, packed page by page.
package struct RecordList: Hashable, Sendable {
  /// Records that follow one another, packed.
  private struct Page: Hashable {
    var bytes: [UInt8]
    var position: UInt64
    var sequence: UInt32
    var count: Int
    var blockCount: Int
    /// The tracks that have events in it, sorted.
    var tracks: [TrackID]
  }

  private var pages: [Page] = []
  private var last: [RecordEntry] = []
  private var lastTracks: Set<TrackID> = []
  private var trackByteCount = 0
  /// The index of each page's first record, and of the first one behind them.
  private var starts: [Int] = [0]
  /// The earliest time of each page's blocks, and the latest.
  private var times: [ClosedRange<Int64>?] = []

  package private(set) var blockCount = 0
  package private(set) var eventCount = 0
  /// Bytes of all records.
  package private(set) var byteCount: UInt64 = 0
  /// Events and bytes of each track, where a directory has been seen.
  package private(set) var facts: [TrackID: TrackFacts] = [:]
  /// The earliest and the latest time of all blocks with events.
  package private(set) var timeBounds: ClosedRange<Int64>?

  package static let pageRecordCount = 128

  package init() {}

  package var count: Int { starts[pages.count] + last.count }

  /// No fewer bytes than the list takes in memory.
  package var memoryByteCount: Int { 24 * pageCount * Self.pageRecordCount + trackByteCount }

  /// Pages, the one that is not packed yet among them.
  package var pageCount: Int { pages.count + (last.isEmpty ? 0 : 1) }

  package mutating func append(_ record: RecordEntry, sections: [SectionEntry] = []) {
    last.append(record)
    byteCount &+= record.byteCount
    for section in sections {
      var sum = facts[section.track] ?? TrackFacts()
      sum.byteCount += section.storedByteCount
      sum.trackClass = section.trackClass
      if section.content == .events {
        sum.eventCount += section.eventCount
        lastTracks.insert(section.track)
      }
      facts[section.track] = sum
    }
    if record.type == .data {
      blockCount += 1
      eventCount += Int(record.eventCount)
      if record.eventCount > 0 { timeBounds = Self.union(timeBounds, record.timeBounds) }
    }
    if last.count == Self.pageRecordCount { pack() }
  }

  private static func union(
    _ left: ClosedRange<Int64>?, _ right: ClosedRange<Int64>?
  ) -> ClosedRange<Int64>? {
    guard let left, let right else { return left ?? right }
    return min(left.lowerBound, right.lowerBound)...max(left.upperBound, right.upperBound)
  }

  /// Adds another list behind this one.
  ///
  /// - Parameter position: is added to all of the other's positions.
  package mutating func append(_ other: RecordList, movedBy position: UInt64) {
    pack()
    for (index, page) in other.pages.enumerated() {
      var page = page
      page.position &+= position
      add(page, other.times[index])
    }
    blockCount += other.blockCount
    eventCount += other.eventCount
    byteCount &+= other.byteCount
    timeBounds = Self.union(timeBounds, other.timeBounds)
    for (track, more) in other.facts {
      facts[track, default: TrackFacts()].eventCount += more.eventCount
      facts[track, default: TrackFacts()].byteCount += more.byteCount
      facts[track, default: TrackFacts()].trackClass = more.trackClass
    }
    for var record in other.last {
      record.position &+= position
      last.append(record)
    }
    lastTracks.formUnion(other.lastTracks)
    pack()
  }

  private mutating func add(_ page: Page, _ bounds: ClosedRange<Int64>?) {
    pages.append(page)
    times.append(bounds)
    starts.append(starts[pages.count - 1] + page.count)
    trackByteCount += 2 * page.tracks.count
  }

  // MARK: - Pages

  private mutating func pack() {
    guard let first = last.first else { return }
    var writer = ByteWriter(reserving: 16 * last.count)
    var place = Place(position: first.position, sequence: first.sequence)
    var bounds: ClosedRange<Int64>?
    var blocks = 0
    for record in last {
      place.encode(record, to: &writer)
      guard record.type == .data else { continue }
      blocks += 1
      bounds = Self.union(bounds, record.timeBounds)
    }
    let page = Page(
      // A copy: the writer has reserved more than it needed.
      bytes: writer.bytes.map { $0 }, position: first.position,
      sequence: first.sequence, count: last.count, blockCount: blocks,
      tracks: lastTracks.sorted())
    last.removeAll(keepingCapacity: true)
    lastTracks.removeAll(keepingCapacity: true)
    add(page, bounds)
  }

  /// Where a page's first record begins.
  package func firstPosition(ofPage page: Int) -> UInt64 {
    page < pages.count ? pages[page].position : last.first?.position ?? .max
  }

  /// The index of a page's first record.
  package func start(ofPage page: Int) -> Int { starts[page] }

  /// The records of a page.
  package func records(ofPage page: Int) -> [RecordEntry] {
    guard page < pages.count else { return last }
    let packed = pages[page]
    var reader = ByteReader(packed.bytes.span, at: 0)
    var place = Place(position: packed.position, sequence: packed.sequence)
    var records: [RecordEntry] = []
    records.reserveCapacity(packed.count)
    for _ in 0..<packed.count {
      // What was packed here can be read here.
      guard let record = try? place.decode(&reader) else { return records }
      records.append(record)
    }
    return records
  }

  /// The earliest and the latest time of a page's blocks.
  package func timeBounds(ofPage page: Int) -> ClosedRange<Int64>? {
    if page < pages.count { return times[page] }
    var bounds: ClosedRange<Int64>?
    for record in last where record.type == .data {
      bounds = Self.union(bounds, record.timeBounds)
    }
    return bounds
  }

  /// Whether a page may have events of one of these tracks.
  package func mayHave(_ tracks: Set<TrackID>, onPage page: Int) -> Bool {
    guard page < pages.count else { return !lastTracks.isDisjoint(with: tracks) }
    return pages[page].tracks.contains { tracks.contains($0) }
  }

  /// Calls `body` with each record, in order.
  package func forEach<E: Error>(_ body: (RecordEntry) throws(E) -> Void) throws(E) {
    for page in 0..<pageCount {
      for record in records(ofPage: page) { try body(record) }
    }
  }

  /// The block of a number, counted from 0.
  ///
  /// - Complexity: O(pages).
  package func block(_ number: Int) -> RecordEntry? {
    var left = number
    for page in 0..<pageCount {
      let count = page < pages.count ? pages[page].blockCount : Self.pageRecordCount
      guard left < count else {
        left -= count
        continue
      }
      for record in records(ofPage: page) where record.type == .data {
        if left == 0 { return record }
        left -= 1
      }
    }
    return nil
  }
}

/// What the blocks say of one track.
public struct TrackFacts: Hashable, Sendable {
  /// Events of the track.
  public var eventCount = 0
  /// Bytes of its sections, as they are stored.
  public var byteCount = 0
  /// The class that the last of them has.
  public var trackClass = TrackClass.custom

  public init() {}
}

/// Where the next record is expected: most stand right behind the one before.
private struct Place {
  var position: UInt64
  var sequence: UInt32
  private var time: Int64 = 0

  init(position: UInt64, sequence: UInt32) {
    self.position = position
    self.sequence = sequence
  }

  mutating func encode(_ record: RecordEntry, to writer: inout ByteWriter) {
    writer.append(record.type.rawValue)
    writer.append(record.flags.rawValue)
    writer.appendVarint(record.position &- position)
    writer.appendVarint(UInt64(record.sequence &- sequence))
    writer.appendVarint(UInt64(record.storedByteCount))
    writer.append(record.headByteCount)
    if record.isCompressed { writer.appendVarint(UInt64(record.rawByteCount)) }
    if record.type == .data {
      writer.appendVarint(UInt64(record.directoryByteCount))
      writer.appendVarint(UInt64(record.eventCount))
      writer.appendSignedVarint(record.firstTime &- time)
      writer.appendVarint(record.span)
    }
    advance(record)
  }

  private mutating func advance(_ record: RecordEntry) {
    position = record.position &+ record.byteCount
    sequence = record.sequence &+ 1
    if record.type == .data { time = record.lastTime }
  }

  mutating func decode(_ reader: inout ByteReader) throws(FormatError) -> RecordEntry {
    var header = RecordHeader(
      type: RecordType(rawValue: try reader.readUInt8()),
      flags: RecordFlags(rawValue: try reader.readUInt8()), sequence: 0, storedByteCount: 0)
    let start = position &+ (try reader.readVarint())
    header.sequence = sequence &+ UInt32(truncatingIfNeeded: try reader.readVarint())
    header.storedByteCount = UInt32(truncatingIfNeeded: try reader.readVarint())
    let headByteCount = try reader.readUInt8()
    if !header.hasDirectory { header.rawByteCount = header.storedByteCount }
    if header.isCompressed {
      header.rawByteCount = UInt32(truncatingIfNeeded: try reader.readVarint())
    }
    if header.type == .data {
      header.directoryByteCount = UInt16(truncatingIfNeeded: try reader.readVarint())
      header.eventCount = UInt32(truncatingIfNeeded: try reader.readVarint())
      header.firstTime = time &+ (try reader.readSignedVarint())
      header.span = try reader.readVarint()
    }
    var record = RecordEntry(header, position: start)
    record.headByteCount = headByteCount
    advance(record)
    return record
  }
}

extension RecordEntry {
  /// The earliest and the latest time of the block.
  package var timeBounds: ClosedRange<Int64> { firstTime...max(firstTime, lastTime) }
}
