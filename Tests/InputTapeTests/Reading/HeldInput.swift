// SPDX-License-Identifier: Apache-2.0
//
// Recordings in which things are held over blocks and gaps, from a seed.

import InputTape
import InputTapeTestKit

/// Random events that press, hold, let go, and go missing.
struct HeldInput {
  private var random: SeededRandom
  private var time: Int64 = 0
  private var lastTimes: [TrackID: Int64] = [:]

  static let trackCount: UInt64 = 3

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  /// Events in order of time; each track has gaps that begin behind its last event.
  mutating func events(_ count: Int) -> [Event] {
    (0..<count).map { _ in
      time += Int64(below(4)) * 1_000_000
      let track = TrackID(rawValue: UInt16(below(Self.trackCount)))
      let body = self.body(of: track)
      lastTimes[track] = time
      return Event(time: time, track: track, body: body)
    }
  }

  private mutating func below(_ bound: UInt64) -> UInt64 {
    UInt64.random(in: 0..<bound, using: &random)
  }

  private mutating func body(of track: TrackID) -> Event.Body {
    let (a, b) = (Int32(below(6)), Int32(below(1_000)))
    switch below(40) {
    case 0..<8: return .key(code: UInt32(a), state: KeyState(rawValue: Int32(below(3))))
    case 8..<14: return .button(button: a, state: ButtonState(rawValue: Int32(below(2))))
    case 14..<20:
      return .touch(
        contact: a, phase: Phase(rawValue: Int32(below(4))), x: b, y: -b,
        pressure: b % 3 == 0 ? nil : b)
    case 20..<24: return .axis(axis: a, value: b)
    case 24..<26: return .pen(Pen(x: a, y: b, pressure: b % 2 == 0 ? b : nil))
    case 26: return .focus(Focus(application: "app \(a)", title: "title \(b)", width: b))
    case 27: return gap(on: track)
    default: return .motion(x: a, y: b)
    }
  }

  private mutating func gap(on track: TrackID) -> Event.Body {
    let first = min((lastTimes[track] ?? 0) + 1, time)
    let count = Int64(below(4))
    return .gap(
      Gap(
        cause: GapCause(rawValue: Int32(below(11))), count: count,
        isLowerBound: below(3) == 0, firstTime: first, lastTime: time))
  }
}
