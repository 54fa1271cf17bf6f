// SPDX-License-Identifier: Apache-2.0
//
// The clocks of the system, as a seam: tests put the machine to sleep and set its clock.

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The clocks that capture needs, in nanoseconds.
public protocol CaptureClock: Sendable {
  /// The clock of the recording: never steps, and stands still while the machine sleeps.
  func monotonic() -> Int64
  /// As monotonic, but goes on while the machine sleeps.
  func sinceBoot() -> Int64
  /// Since 1970-01-01 UTC; steps when somebody sets it.
  func unix() -> Int64
}

/// The system's own clocks.
public struct SystemClock: CaptureClock {
  public init() {}

  public func monotonic() -> Int64 {
    #if canImport(Darwin)
      // CLOCK_MONOTONIC counts sleep there; the uptime clock does not.
      Self.read(CLOCK_UPTIME_RAW)
    #else
      Self.read(CLOCK_MONOTONIC)
    #endif
  }

  public func sinceBoot() -> Int64 {
    #if canImport(Darwin)
      Self.read(CLOCK_MONOTONIC_RAW)
    #else
      Self.read(CLOCK_BOOTTIME)
    #endif
  }

  public func unix() -> Int64 { Self.read(CLOCK_REALTIME) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
