// SPDX-License-Identifier: Apache-2.0
//
// A segment's file while it grows.
//
// Invariant: `position` is where the next record begins or will begin.

import InputTapeCore

/// Reads the records of a growing file, each when it is whole.
final class FollowedSegment {
  /// What stands at the present position.
  enum Step {
    /// A block, and how many events of each track are in it.
    case block(RecordEntry, [TrackID: Int])
    case other
    case lost(Loss)
    case nothing
  }

  private(set) var source: any ByteSource
  let header: FileHeader
  private var position = UInt64(FileHeader.byteCount)
  private var lastRecord: UInt64?
  /// The number that the next record has.
  private(set) var expected: UInt64 = 0
  private(set) var isFinal = false
  private(set) var isContinued = false
  /// Events of each track in all blocks that were taken.
  private(set) var counts: [TrackID: Int] = [:]
  private var recent: [RecentSection] = []
  /// The size at which nothing was found behind a record that is not whole.
  private var searchedByteCount: UInt64 = 0

  /// Events of a track in a block that was taken.
  private struct RecentSection {
    var sequence: UInt32
    var track: TrackID
    var count: Int32
  }

  /// More sections than the records have that a writer keeps to write them again.
  private static let sectionLimit = 1 << 18

  /// - Returns: nil where the header is not there yet.
  init?(_ source: any ByteSource) throws(FileError) {
    var bytes: [UInt8] = []
    try source.read(at: 0, count: FileHeader.byteCount, into: &bytes)
    guard bytes.count == FileHeader.byteCount else { return nil }
    let head = bytes
    header = try check { () throws(FormatError) in try FileHeader.decode(head.span, at: 0) }
    self.source = source
  }

  /// Events of each track in the blocks that were taken and whose sequence number is not lower.
  func counts(from sequence: UInt64) -> [TrackID: Int] {
    var counts: [TrackID: Int] = [:]
    for section in recent.reversed() {
      guard UInt64(section.sequence) >= sequence else { break }
      counts[section.track, default: 0] += Int(section.count)
    }
    return counts
  }

  /// Takes the next record, if it is whole.
  func next() throws(FileError) -> Step {
    guard !isFinal else { return .nothing }
    let byteCount = try source.byteCount()
    guard position + UInt64(RecordHeader.byteCount) <= byteCount else { return .nothing }
    do throws(FileError) {
      let found = try record(at: position)
      guard position + UInt64(found.recordByteCount) <= byteCount else { return .nothing }
      return take(found, try checkedSections(found))
    } catch {
      guard case .format(let problem) = error else { throw error }
      return try search(behind: problem, byteCount)
    }
  }

  private func take(_ found: RecordHeader, _ sections: [SectionPlace]) -> Step {
    let entry = RecordEntry(found, position: position)
    if UInt64(found.sequence) > expected {
      let error = FormatError(.sequence, at: position + 12)
      var loss = Loss(range: position..<position, error: error)
      loss.sequences = expected..<UInt64(found.sequence)
      loss.segment = header.segmentNumber
      expected = UInt64(found.sequence)
      return .lost(loss)
    }
    lastRecord = position
    position += entry.byteCount
    expected = UInt64(found.sequence) + 1
    guard found.type == .data else {
      isFinal = found.type == .index && found.flags.contains(.final)
      isContinued = found.flags.contains(.continued)
      return .other
    }
    var counts: [TrackID: Int] = [:]
    for place in sections where place.entry.content == .events {
      let (track, count) = (place.entry.track, place.entry.eventCount)
      counts[track] = count
      self.counts[track, default: 0] += count
      recent.append(
        RecentSection(sequence: found.sequence, track: track, count: Int32(clamping: count)))
    }
    if recent.count > 2 * Self.sectionLimit { recent.removeFirst(Self.sectionLimit) }
    return .block(entry, counts)
  }

  private func record(at position: UInt64) throws(FileError) -> RecordHeader {
    var bytes: [UInt8] = []
    try source.read(at: position, count: RecordHeader.byteCount, into: &bytes)
    let (head, id) = (bytes, header.recordingID)
    return try check { () throws(FormatError) in
      try RecordHeader.decode(head.span, id: id, at: position)
    }
  }

  /// A block's bytes may be seen before they are all there: each is checked before it is given.
  private func checkedSections(_ found: RecordHeader) throws(FileError) -> [SectionPlace] {
    guard found.type == .data, !found.flags.contains(.sealed) else { return [] }
    let loader = SectionLoader(source: source, id: header.recordingID)
    let places = try loader.sections(of: RecordEntry(found, position: position))
    for place in places { try loader.verify(place) }
    return places
  }

  /// Looks for a record behind what is not one.
  private func search(behind problem: FormatError, _ byteCount: UInt64) throws(FileError) -> Step {
    guard byteCount > searchedByteCount else { return .nothing }
    var window = try WindowedSource(source)
    var place = position + 8
    let id = header.recordingID
    while place + UInt64(RecordHeader.byteCount) <= byteCount {
      let bytes = Array(try window.bytes(at: place, count: RecordHeader.byteCount))
      if let found = try? RecordHeader.decode(bytes.span, id: id, at: place),
        place + UInt64(found.recordByteCount) <= byteCount, UInt64(found.sequence) >= expected,
        UInt64(found.sequence) - expected <= (place - position) / UInt64(RecordHeader.byteCount)
      {
        var loss = Loss(range: position..<place, error: problem)
        loss.segment = header.segmentNumber
        loss.sequences = expected..<UInt64(found.sequence)
        expected = UInt64(found.sequence)
        position = place
        return .lost(loss)
      }
      place += 8
    }
    searchedByteCount = byteCount
    return .nothing
  }

  /// Goes on in another file of the same name, where it holds the same bytes and more.
  ///
  /// - Returns: false where its records stand elsewhere, so that it must be read from its start.
  func `continue`(in other: FollowedSegment) throws(FileError) -> Bool {
    let place = lastRecord ?? 0
    var bytes: [UInt8] = []
    var otherBytes: [UInt8] = []
    try source.read(at: place, count: RecordHeader.byteCount, into: &bytes)
    try other.source.read(at: place, count: RecordHeader.byteCount, into: &otherBytes)
    guard bytes == otherBytes else { return false }
    if try other.source.byteCount() > source.byteCount() {
      source = other.source
      searchedByteCount = 0
    }
    return true
  }
}
