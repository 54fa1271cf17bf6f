// SPDX-License-Identifier: Apache-2.0
//
// What a writer needs of the world: files, time, random bytes.

import InputTapeCore

/// The files, the clock and the random bytes that a writer uses.
public struct WriterEnvironment: Sendable {
  /// Where files are.
  public var storage: any Storage
  /// What decides when something is due.
  public var clock: any RecordingClock
  /// What a recording's ID comes from.
  public var random: any RandomSource
  /// Whether a thread of the writer's own does what is due; otherwise `RecordingWriter.tick()`
  /// does, so that a test decides when.
  public var runsInBackground = true

  public init(
    storage: any Storage = SystemStorage(), clock: any RecordingClock = MonotonicClock(),
    random: any RandomSource = SystemRandomSource()
  ) {
    self.storage = storage
    self.clock = clock
    self.random = random
  }
}
