// SPDX-License-Identifier: Apache-2.0
//
// Clocks that a test sets.

import InputTapeCapture
import Synchronization
import Testing

/// A machine that sleeps and whose clock is set as a test wants.
final class SetClock: CaptureClock {
  private let time = Atomic<Int64>(10_000_000_000)
  private let sleep = Atomic<Int64>(0)
  private let wall = Atomic<Int64>(1_700_000_000_000_000_000)
  private let looks = Atomic<Int>(0)

  func monotonic() -> Int64 { time.load(ordering: .acquiring) }
  func sinceBoot() -> Int64 { monotonic() + sleep.load(ordering: .acquiring) }
  func unix() -> Int64 {
    defer { looks.wrappingAdd(1, ordering: .releasing) }
    return monotonic() + wall.load(ordering: .acquiring)
  }

  /// Waits until the wall clock has been looked at so many times.
  func waitForLooks(_ count: Int) async throws {
    for _ in 0..<3_000 where looks.load(ordering: .acquiring) < count {
      try await Task.sleep(nanoseconds: 10_000_000)
    }
    #expect(looks.load(ordering: .acquiring) == count)
  }

  /// Time goes by.
  func advance(_ nanoseconds: Int64) { time.wrappingAdd(nanoseconds, ordering: .releasing) }

  /// The machine has slept.
  func sleep(_ nanoseconds: Int64) {
    sleep.wrappingAdd(nanoseconds, ordering: .releasing)
    wall.wrappingAdd(nanoseconds, ordering: .releasing)
  }

  /// Somebody has set the clock.
  func set(by nanoseconds: Int64) { wall.wrappingAdd(nanoseconds, ordering: .releasing) }
}
