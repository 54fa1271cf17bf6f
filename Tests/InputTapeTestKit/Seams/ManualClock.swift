// SPDX-License-Identifier: Apache-2.0
//
// A clock that stands still until a test moves it.

import InputTape

/// A clock that a test sets.
///
/// Safe to share: the time is touched with the lock held.
public final class ManualClock: RecordingClock, @unchecked Sendable {
  private let monitor = Monitor()
  private var time: Int64

  public init(_ time: Int64 = 0) { self.time = time }

  public func now() -> Int64 { monitor.withLock { time } }

  public func advance(nanoseconds: Int64) { monitor.withLock { time += nanoseconds } }
}
