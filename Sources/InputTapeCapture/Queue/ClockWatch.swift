// SPDX-License-Identifier: Apache-2.0
//
// Ties the recording's clock to the wall clock, and notices sleep and steps.

import InputTapeCore

/// Makes `clock` events at the start, now and then, and after the clocks have come apart; a gap
/// with cause `clockStep` stands where the machine slept or the wall clock jumped.
struct ClockWatch {
  private let clock: any CaptureClock
  private let start: Int64
  private let track: TrackID
  private let interval: Int64
  private var nextAnchor: Int64 = .min
  private var sleepOffset: Int64 = 0
  private var wallOffset: Int64 = 0
  private var lastCheck: Int64 = 0

  /// Asleep for longer than this is sleep: the clocks are read one after the other.
  private static let sleepTolerance: Int64 = 50_000_000
  /// A wall clock that is further off than this since the last look was set, not slewed.
  private static let stepTolerance: Int64 = 20_000_000

  /// - Parameter start: when the recording began, on the monotonic clock.
  init(_ clock: any CaptureClock, start: Int64, track: TrackID, interval: Int64) {
    self.clock = clock
    self.start = start
    self.track = track
    self.interval = interval
  }

  /// Looks at the clocks.
  ///
  /// - Returns: the events that are due, most often none.
  mutating func check() -> [Event] {
    let reading = read()
    var events: [Event] = []
    if nextAnchor != .min {
      let slept = reading.sleepOffset - sleepOffset > Self.sleepTolerance
      let stepped = abs(reading.wallOffset - wallOffset) > Self.stepTolerance
      if slept || stepped {
        events.append(gap(at: reading.time, isLowerBound: slept))
        nextAnchor = reading.time
      }
    }
    sleepOffset = reading.sleepOffset
    wallOffset = reading.wallOffset
    lastCheck = reading.time
    if reading.time >= nextAnchor {
      nextAnchor = reading.time + interval
      events.append(
        Event(
          time: reading.time, track: track,
          body: .clock(
            unixNanoseconds: reading.unix, uncertaintyNanoseconds: reading.uncertainty)))
    }
    return events
  }

  /// Between the last look and this one. Asleep, any number of events may be missing; where only
  /// the wall clock was set, none is.
  private func gap(at time: Int64, isLowerBound: Bool) -> Event {
    Event(
      time: time, track: track,
      body: .gap(
        Gap(
          cause: .clockStep, count: 0, isLowerBound: isLowerBound, firstTime: lastCheck,
          lastTime: time)))
  }

  private struct Reading {
    var time: Int64
    var unix: Int64
    var uncertainty: Int64
    var sleepOffset: Int64
    var wallOffset: Int64
  }

  /// The wall clock is read between two readings of the monotonic one.
  private func read() -> Reading {
    let before = clock.monotonic()
    let unix = clock.unix()
    let after = clock.monotonic()
    let middle = before + (after - before) / 2
    return Reading(
      time: middle - start, unix: unix, uncertainty: (after - before + 1) / 2,
      sleepOffset: clock.sinceBoot() - clock.monotonic(), wallOffset: unix - middle)
  }
}
