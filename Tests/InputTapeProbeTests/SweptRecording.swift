// SPDX-License-Identifier: Apache-2.0
//
// A whole recording in memory, and what must be left of it when some of its bytes are not as they
// were (Specs/Format.md, section 10).

import InputTape
import InputTapeCore
import InputTapeTestKit

/// A recording taken apart: where its records and sections stand, and the events of each.
struct SweptRecording {
  struct Section {
    var range: Range<Int>
    var entry: SectionEntry
    var events: [Event]
  }

  struct Record {
    var range: Range<Int>
    /// Of blocks alone.
    var sections: [Section] = []
  }

  /// What is left of a section.
  enum Fate {
    case whole
    /// It keeps its place in the order, as one event that is not given.
    case lost
    /// Its block is not known of.
    case absent
  }

  let bytes: [UInt8]
  private(set) var records: [Record] = []
  private(set) var events: [Event] = []

  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    let reader = try RecordingReader(source: MemorySource(bytes), opening: .scan)
    let blocks = BlockReader(reader)
    var block = 0
    for found in try FoundRecord.all(in: bytes) {
      var record = Record(range: found.range)
      if found.header.type == .data {
        record.sections = try Self.sections(
          bytes, found.header, at: found.start, try blocks.read(block).batches)
        block += 1
      }
      records.append(record)
    }
    events = events { _, _ in .whole }
  }

  private static func sections(
    _ bytes: [UInt8], _ header: RecordHeader, at start: Int, _ batches: [EventBatch]
  ) throws -> [Section] {
    var position = start + header.headByteCount + Int(header.directoryByteCount)
    let record = bytes.span.extracting(start..<position)
    var batches = batches[...]
    let entries = try SectionDirectory.decode(record: record, header: header, at: UInt64(start))
    return entries.map { entry in
      defer { position += entry.storedByteCount }
      var events: [Event] = []
      if entry.content == .events, entry.eventCount > 0, let batch = batches.popFirst() {
        batch.forEachEvent { events.append($0) }
      }
      return Section(
        range: position..<(position + entry.storedByteCount), entry: entry, events: events)
    }
  }

  // MARK: - What must be left

  /// Where the last record ends that is whole in a prefix.
  func endOfRecords(inPrefix length: Int) -> Int {
    records.last { $0.range.upperBound <= length }?.range.upperBound ?? FileHeader.byteCount
  }

  /// The record that a byte belongs to.
  func record(at offset: Int) -> Record? { records.first { $0.range.contains(offset) } }

  /// All events that are left, in the recording's order.
  func events(where fate: (Record, Section) -> Fate) -> [Event] {
    var tracks: [TrackID: [(time: Int64, event: Event?)]] = [:]
    for record in records {
      for section in record.sections where section.entry.content == .events {
        switch fate(record, section) {
        case .whole:
          tracks[section.entry.track, default: []] += section.events.map { ($0.time, $0) }
        case .lost:
          tracks[section.entry.track, default: []].append((section.entry.firstTime, nil))
        case .absent: break
        }
      }
    }
    return Self.merged(tracks.sorted { $0.key < $1.key }.map { $0.value[...] })
  }

  /// The events of a prefix: those of its whole blocks (invariant I1).
  func events(inPrefix length: Int) -> [Event] {
    events { record, _ in record.range.upperBound <= length ? .whole : .absent }
  }

  /// The events that are left when one byte is not as it was (invariant I2).
  func events(withoutByte offset: Int) -> [Event] {
    events { record, section in
      guard record.range.contains(offset) else { return .whole }
      if section.range.contains(offset) { return .lost }
      return record.sections.contains { $0.range.contains(offset) } ? .whole : .absent
    }
  }

  private static func merged(_ tracks: [ArraySlice<(time: Int64, event: Event?)>]) -> [Event] {
    var (tracks, found) = (tracks, [Event]())
    while true {
      var best: Int?
      for index in tracks.indices {
        guard let time = tracks[index].first?.time else { continue }
        if let other = best, let least = tracks[other].first?.time, least <= time { continue }
        best = index
      }
      guard let best, let next = tracks[best].popFirst() else { return found }
      if let event = next.event { found.append(event) }
    }
  }
}
