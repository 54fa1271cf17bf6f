// SPDX-License-Identifier: Apache-2.0
//
// A part of a recording that could not be read, and all that is known of what was in it.

import InputTapeCore

/// A part of a recording that could not be read.
public struct Loss: Hashable, Sendable {
  /// The bytes of the segment's file that gave nothing.
  public var range: Range<UInt64>
  /// Why.
  public var error: FormatError
  /// How many events are missing, where a header told.
  public var eventCount: Int?
  /// Which records of the segment are missing, by their sequence numbers.
  public var sequences: Range<UInt64>?
  /// No event that is missing here is earlier, where that is known.
  public var earliestTime: Int64?
  /// No event that is missing here is later, where that is known.
  public var latestTime: Int64?
  /// The track that misses events, where it is only one.
  public var track: TrackID?
  /// The segment that the bytes belong to.
  public var segment: UInt64 = 0

  public init(range: Range<UInt64>, error: FormatError, eventCount: Int? = nil) {
    self.range = range
    self.error = error
    self.eventCount = eventCount
  }

  /// What is lost with a record whose header is known.
  init(_ record: RecordEntry, _ error: FormatError, eventCount: Int? = nil) {
    range = record.position..<(record.position + record.byteCount)
    self.error = error
    sequences = UInt64(record.sequence)..<(UInt64(record.sequence) + 1)
    guard record.type == .data else {
      self.eventCount = 0
      return
    }
    self.eventCount = eventCount ?? Int(record.eventCount)
    earliestTime = record.firstTime
    latestTime = record.lastTime
  }

  /// Takes over what is missing right behind this.
  mutating func extend(by other: Loss) {
    range =
      min(
        range.lowerBound, other.range.lowerBound)..<max(
        range.upperBound, other.range.upperBound)
    if let count = eventCount, let more = other.eventCount {
      eventCount = count + more
    } else {
      eventCount = nil
    }
    if let left = sequences, let right = other.sequences {
      sequences = min(left.lowerBound, right.lowerBound)..<max(left.upperBound, right.upperBound)
    } else {
      sequences = sequences ?? other.sequences
    }
    earliestTime = earliestTime.flatMap { time in other.earliestTime.map { min(time, $0) } }
    if track != other.track { track = nil }
    latestTime = latestTime.flatMap { time in other.latestTime.map { max(time, $0) } }
  }
}
