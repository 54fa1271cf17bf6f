// SPDX-License-Identifier: Apache-2.0
//
// A recording that is being written, read as it grows (Specs/Format.md, section 10.7).
//
// Invariant: what has been given is a prefix of what will have been given later. What is not whole
// yet is waited for; it counts as damage only when a whole record stands behind it.

import InputTapeCore

/// Follows a recording block by block, from segment to segment, until it is closed.
public final class RecordingFollower {
  /// What came of a look at the file.
  @nonexhaustive
  public enum Step {
    /// The events of the next block, in order.
    case block(OrderedRuns)
    /// There is nothing new, or nothing at all yet.
    case waiting
    /// The recording is closed, and all of it has been given.
    case end
  }

  private let path: String
  private let storage: any Storage
  private let filter: EventFilter
  private var segment: FollowedSegment?
  /// Events that come again in the present segment and that have been given, of each track.
  private var repeated: [TrackID: Int] = [:]
  private var log: [LossLog] = []
  private var ownLosses = LossList()
  /// Segments that others stand behind, and that are not there.
  public private(set) var missingSegments: [UInt64] = []

  /// - Parameters:
  ///   - path: the file of the first segment, which need not be there yet.
  ///   - filter: which events are wanted.
  ///   - storage: where files are.
  public init(
    path: String, filter: EventFilter = EventFilter(), storage: any Storage = SystemStorage()
  ) {
    self.path = path
    self.filter = filter
    self.storage = storage
  }

  /// Damage found so far.
  public var losses: [Loss] { ownLosses.losses + log.flatMap(\.all) }

  /// Looks for the next block; waits for nothing.
  public func next() throws(FileError) -> Step {
    while true {
      guard let segment = try present() else { return .waiting }
      switch try segment.next() {
      case .block(let record, let counts):
        let passed = passOver(counts)
        if passed == counts, !counts.isEmpty { continue }
        return .block(runs(record, segment, passing: passed))
      case .other: continue
      case .lost(let loss): ownLosses.append(loss)
      case .nothing:
        if segment.isFinal, !segment.isContinued { return .end }
        if try moveOn(from: segment) { continue }
        if try findAgain(segment) { continue }
        return .waiting
      }
    }
  }

  /// How many of a block's events have been given already, from the first of each track on.
  private func passOver(_ counts: [TrackID: Int]) -> [TrackID: Int] {
    guard !repeated.isEmpty else { return [:] }
    var passed: [TrackID: Int] = [:]
    for (track, count) in counts {
      guard let left = repeated[track] else { continue }
      passed[track] = min(left, count)
      repeated[track] = left > count ? left - count : nil
    }
    return passed
  }

  private func runs(
    _ record: RecordEntry, _ segment: FollowedSegment, passing passed: [TrackID: Int]
  ) -> OrderedRuns {
    let contents = RecordingContents(segment.source, segment.header, record)
    log.removeAll { $0.isEmpty }
    if log.count < LossList.limit { log.append(contents.log) }
    return OrderedRuns(contents, filter: filter, passing: passed)
  }

  private func present() throws(FileError) -> FollowedSegment? {
    if let segment { return segment }
    do throws(FileError) {
      segment = try open(path)
      // A file that is there and empty is one that was just begun.
      if segment == nil, try !isThere(path) { segment = try later(than: nil) }
    } catch {
      guard case .format = error, let later = try later(than: nil) else { throw error }
      segment = later
    }
    return segment
  }

  private func isThere(_ path: String) throws(FileError) -> Bool {
    do throws(FileError) {
      _ = try storage.open(path)
      return true
    } catch {
      if case .system(_, _, ENOENT) = error { return false }
      throw error
    }
  }

  /// The first segment behind another one, or at all, where the one that should be next is not
  /// there; notes which are missing.
  private func later(than present: FollowedSegment?) throws(FileError) -> FollowedSegment? {
    let expected = present.map { $0.header.segmentNumber + 1 } ?? 0
    for number in SegmentSearch.numbers(path, storage) where number > expected {
      guard let found = try open(SegmentFiles.path(path, segment: number)),
        found.header.segmentNumber == number,
        present.map({ $0.header.recordingID == found.header.recordingID }) ?? true
      else { continue }
      // A second segment that has all records again needs no first one.
      let isNeeded = expected > 0 || number > 1 || found.header.predecessorRecordCount > 0
      if isNeeded {
        let end = min(number, expected + UInt64(LossList.limit - missingSegments.count))
        missingSegments += expected..<max(end, expected)
      }
      return found
    }
    return nil
  }

  /// A segment's file; nil where it, or its header, is not there yet.
  private func open(_ path: String) throws(FileError) -> FollowedSegment? {
    do throws(FileError) {
      return try FollowedSegment(try storage.open(path))
    } catch {
      if case .system(_, _, ENOENT) = error { return nil }
      throw error
    }
  }

  /// Goes over to the next segment, where that is there and has what this one lacks.
  private func moveOn(from present: FollowedSegment) throws(FileError) -> Bool {
    let number = present.header.segmentNumber + 1
    guard let next = try open(SegmentFiles.path(path, segment: number)),
      next.header.recordingID == present.header.recordingID, next.header.segmentNumber == number
    else {
      // The next file is there before this one is closed.
      guard present.isFinal, try !isThere(SegmentFiles.path(path, segment: number)),
        let later = try later(than: present)
      else { return false }
      repeated = [:]
      segment = later
      return true
    }
    let count = next.header.predecessorRecordCount
    if present.isFinal {
      repeated = [:]
    } else {
      // It takes the place of this one from that record on.
      guard count <= present.expected else { return try findAgain(present) }
      repeated.merge(present.counts(from: count)) { $0 + $1 }
    }
    segment = next
    return true
  }

  /// A file that lost its name, or that another one took the name of, may be there again, with all
  /// that was in it.
  ///
  /// - Returns: whether there is more to read.
  private func findAgain(_ present: FollowedSegment) throws(FileError) -> Bool {
    let name = SegmentFiles.path(path, segment: present.header.segmentNumber)
    guard let other = try open(name), other.header == present.header else { return false }
    let byteCount = try present.source.byteCount()
    if try !present.continue(in: other) {
      // It was written anew: what has been given comes first in it, track by track.
      repeated.merge(present.counts) { $0 + $1 }
      segment = other
      return true
    }
    return try present.source.byteCount() > byteCount
  }
}
