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
  /// The header of the last record that stood in its place, or the file header.
  private var lastHead = 0..<UInt64(FileHeader.byteCount)
  /// Where the last record ended that stood in its place.
  private var believedEnd = UInt64(FileHeader.byteCount)
  /// The number that the next record has.
  private(set) var expected: UInt64 = 0
  private(set) var isFinal = false
  private(set) var isContinued = false
  /// Events of each track in all blocks that were taken.
  private(set) var counts: [TrackID: Int] = [:]
  private var recent: [RecentSection] = []
  /// The size at which nothing was found behind a record that is not whole.
  private var searchedByteCount: UInt64 = 0
  /// Where that search goes on when there is more.
  private var searchedPlace: UInt64 = 0
  /// The size at which it begins again: what has been looked at may have been written since.
  private var nextSearchByteCount: UInt64 = 0

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
    guard position + UInt64(RecordHeader.leastByteCount) <= byteCount else { return .nothing }
    do throws(FileError) {
      let found = try record(at: position)
      guard position + UInt64(found.recordByteCount) <= byteCount else { return .nothing }
      let sections = try checkedSections(found)
      return try isInOrder(found, byteCount) ? take(found, sections) : lose(found)
    } catch {
      guard case .format(let problem) = error else { throw error }
      return try search(behind: problem, byteCount)
    }
  }

  /// Whether a record may stand here (Specs/Format.md, section 10.1), as far as can be seen yet.
  private func isInOrder(_ found: RecordHeader, _ byteCount: UInt64) throws(FileError) -> Bool {
    if isPlausible(found.sequence, at: position) { return true }
    let end = position + UInt64(found.recordByteCount)
    guard UInt64(found.sequence) > expected else { return false }
    guard end + UInt64(RecordHeader.leastByteCount) <= byteCount else { return true }
    do throws(FileError) {
      return try record(at: end).sequence == found.sequence &+ 1
    } catch {
      guard case .format = error else { throw error }
      return true
    }
  }

  /// Whether a record has the next number, or a higher one by no more than records could have been
  /// in the bytes since the last.
  private func isPlausible(_ sequence: UInt32, at place: UInt64) -> Bool {
    UInt64(sequence) >= expected
      && UInt64(sequence) - expected <= (place - believedEnd) / UInt64(RecordHeader.leastByteCount)
  }

  /// Passes over a record that stands where it should not.
  private func lose(_ found: RecordHeader) -> Step {
    let end = position + UInt64(found.recordByteCount)
    let error = FormatError(.sequence, at: position + RecordHeader.sequenceOffset)
    var loss = Loss(range: position..<end, error: error)
    loss.segment = header.segmentNumber
    moveOn(to: end)
    return .lost(loss)
  }

  private func moveOn(to place: UInt64) {
    position = place
    searchedByteCount = 0
    nextSearchByteCount = 0
  }

  private func take(_ found: RecordHeader, _ sections: [SectionPlace]) -> Step {
    let entry = RecordEntry(found, position: position)
    if UInt64(found.sequence) > expected {
      let error = FormatError(.sequence, at: position + RecordHeader.sequenceOffset)
      var loss = Loss(range: position..<position, error: error)
      loss.sequences = expected..<UInt64(found.sequence)
      loss.segment = header.segmentNumber
      expected = UInt64(found.sequence)
      return .lost(loss)
    }
    lastHead = position..<(position + UInt64(found.checkedByteCount))
    moveOn(to: position + entry.byteCount)
    believedEnd = position
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
    try source.read(at: position, count: RecordHeader.mostByteCount, into: &bytes)
    let (head, id) = (bytes, header.recordingID)
    return try check { () throws(FormatError) in
      try RecordHeader.decode(head.span, id: id, at: position)
    }
  }

  /// A block's bytes may be seen before they are all there: each is checked before it is given.
  private func checkedSections(_ found: RecordHeader) throws(FileError) -> [SectionPlace] {
    guard found.hasDirectory else { return [] }
    let loader = SectionLoader(source: source, id: header.recordingID)
    let places = try loader.sections(of: RecordEntry(found, position: position))
    for place in places { try loader.verify(place) }
    return places
  }

  /// Looks for a record behind what is not one.
  ///
  /// - Complexity: over all searches from one place, O(bytes behind it).
  private func search(behind problem: FormatError, _ byteCount: UInt64) throws(FileError) -> Step {
    guard byteCount > searchedByteCount else { return .nothing }
    if byteCount >= nextSearchByteCount {
      searchedPlace = position + 1
      nextSearchByteCount = position + 2 * (byteCount - position)
    }
    var window = try WindowedSource(source)
    var place = searchedPlace
    let most = UInt64(RecordHeader.mostByteCount)
    var firstOpen: UInt64?
    while place + UInt64(RecordHeader.leastByteCount) <= byteCount {
      let (next, isFound) = try window.search(for: header.recordingID.sync, from: place)
      place = next
      guard isFound else { continue }
      if let found = try plausibleRecord(at: place, &window) {
        if place + UInt64(found.recordByteCount) <= byteCount {
          return lose(upTo: place, found, problem)
        }
        firstOpen = firstOpen ?? place
      }
      place += 1
    }
    // A header that is cut by the end is looked at again.
    let least = byteCount > position + most ? byteCount - most : position + 1
    searchedPlace = firstOpen ?? min(place, least)
    searchedByteCount = byteCount
    return .nothing
  }

  private func plausibleRecord(
    at place: UInt64, _ window: inout WindowedSource
  ) throws(FileError) -> RecordHeader? {
    let bytes = try window.bytes(at: place, count: RecordHeader.mostByteCount)
    guard let found = try? RecordHeader.decode(bytes.span, id: header.recordingID, at: place),
      isPlausible(found.sequence, at: place)
    else { return nil }
    return found
  }

  private func lose(
    upTo place: UInt64, _ found: RecordHeader, _ problem: FormatError
  ) -> Step {
    var loss = Loss(range: position..<place, error: problem)
    loss.segment = header.segmentNumber
    loss.sequences = expected..<UInt64(found.sequence)
    expected = UInt64(found.sequence)
    moveOn(to: place)
    return .lost(loss)
  }

  /// Goes on in another file of the same name, where it holds the same bytes and more.
  ///
  /// - Returns: false where its records stand elsewhere, so that it must be read from its start.
  func `continue`(in other: FollowedSegment) throws(FileError) -> Bool {
    let count = Int(lastHead.upperBound - lastHead.lowerBound)
    var bytes: [UInt8] = []
    var otherBytes: [UInt8] = []
    try source.read(at: lastHead.lowerBound, count: count, into: &bytes)
    try other.source.read(at: lastHead.lowerBound, count: count, into: &otherBytes)
    guard bytes == otherBytes else { return false }
    if try other.source.byteCount() > source.byteCount() {
      source = other.source
      moveOn(to: position)
    }
    return true
  }
}
