// SPDX-License-Identifier: Apache-2.0
//
// What a capture queue may be told.

public import InputTapeCore

/// The size of a capture queue and the times that it keeps.
public struct QueueOptions: Hashable, Sendable {
  /// Producers; each has a lane of its own.
  public var laneCount = 1
  /// 8-byte words of a lane, rounded up to a power of two: an event takes 3 to 5.
  public var wordsPerLane = 1 << 16
  /// Whether the lanes' memory is locked, so that it is never paged out.
  public var locksMemory = false
  /// How often the writer thread looks into the lanes: rarely when little comes.
  public var pollNanoseconds: ClosedRange<Int64> = 1_000_000...50_000_000
  /// The track of the recorder's own events, wall-clock anchors among them; nil writes none.
  public var clockTrack: TrackID?
  /// How often the wall clock is noted.
  public var anchorIntervalNanoseconds: Int64 = 60_000_000_000

  public init() {}
}
