// SPDX-License-Identifier: Apache-2.0
//
// The clock that never steps.

/// The system's monotonic clock.
public struct MonotonicClock: RecordingClock {
  public init() {}

  public func now() -> Int64 { Self.now() }

  /// Nanoseconds since some fixed moment.
  public static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
