// SPDX-License-Identifier: Apache-2.0
//
// How a capture queue is doing.

public import InputTape

/// What has become of the events of a capture queue.
public struct QueueStatistics: Hashable, Sendable {
  /// What the writer has done with those that it was given.
  public var writer = WriterStatistics()
  /// Events dropped because a lane was full; gaps in the recording count as many.
  public var droppedEventCount = 0
  /// Times that the writer thread has looked into the lanes.
  public var wakeUpCount = 0
}
