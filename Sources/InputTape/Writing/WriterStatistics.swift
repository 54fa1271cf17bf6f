// SPDX-License-Identifier: Apache-2.0
//
// How a recording's writing went, in numbers.

/// What has become of the events that were appended.
public struct WriterStatistics: Hashable, Sendable {
  /// Events in blocks that have been handed to the sink, gaps among them.
  public var writtenEventCount = 0
  /// Events dropped because the queue was full.
  public var droppedEventCount = 0
  /// Events lost because the sink refused their block.
  public var lostEventCount = 0
  /// Events refused because they are beyond the format's limits.
  public var refusedEventCount = 0
  /// Blocks written.
  public var blockCount = 0
  /// Bytes written.
  public var byteCount: UInt64 = 0
  /// Segments begun.
  public var segmentCount = 1

  public init() {}
}
