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
  /// Blocks of the present segment that a later one has again and that have been given.
  private var skipCount = 0
  private var idleCount = 0
  private var log: [LossLog] = []
  private var ownLosses: [Loss] = []

  /// - Parameter path: the file of the first segment, which need not be there yet.
  public init(
    path: String, filter: EventFilter = EventFilter(), storage: any Storage = SystemStorage()
  ) {
    self.path = path
    self.filter = filter
    self.storage = storage
  }

  /// Damage found so far.
  public var losses: [Loss] { ownLosses + log.flatMap(\.all) }

  /// Looks for the next block; waits for nothing.
  public func next() throws(FileError) -> Step {
    while true {
      guard let segment = try present() else { return .waiting }
      switch try segment.next() {
      case .block(let record):
        idleCount = 0
        if skipCount > 0 {
          skipCount -= 1
          continue
        }
        return .block(runs(record, segment))
      case .other: continue
      case .lost(let loss): ownLosses.append(loss)
      case .nothing:
        if segment.isFinal, !segment.isContinued { return .end }
        if try moveOn(from: segment) { continue }
        try findAgain(segment)
        return .waiting
      }
    }
  }

  private func runs(_ record: RecordEntry, _ segment: FollowedSegment) -> OrderedRuns {
    let contents = RecordingContents(segment.source, segment.header, record)
    log.removeAll { $0.isEmpty }
    if log.count < LossList.limit { log.append(contents.log) }
    return OrderedRuns(contents, filter: filter)
  }

  private func present() throws(FileError) -> FollowedSegment? {
    if segment == nil { segment = try open(path) }
    return segment
  }

  /// A segment's file; nil where it, or its header, is not there yet.
  private func open(_ path: String) throws(FileError) -> FollowedSegment? {
    do throws(FileError) {
      return try FollowedSegment(try storage.open(path))
    } catch {
      if case .system(_, ENOENT) = error { return nil }
      throw error
    }
  }

  /// Goes over to the next segment, where that is there and has what this one lacks.
  private func moveOn(from present: FollowedSegment) throws(FileError) -> Bool {
    let number = present.header.segmentNumber + 1
    guard let next = try open(SegmentFiles.path(path, segment: number)),
      next.header.recordingID == present.header.recordingID, next.header.segmentNumber == number
    else { return false }
    let count = next.header.predecessorRecordCount
    if !present.isFinal {
      // It takes the place of this one from that record on.
      guard count <= present.expected else { return false }
      skipCount = present.blockCount(from: count)
    }
    segment = next
    return true
  }

  /// A file that lost its name may be there again, with all that was in it.
  private func findAgain(_ segment: FollowedSegment) throws(FileError) {
    idleCount += 1
    guard idleCount % 16 == 0 else { return }
    let name = SegmentFiles.path(path, segment: segment.header.segmentNumber)
    guard let other = try open(name) else { return }
    try segment.replaceSource(by: other)
  }
}
