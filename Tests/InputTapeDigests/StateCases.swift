// SPDX-License-Identifier: Apache-2.0
//
// What is held and where things are, after any events.

import InputTape
import InputTapeCore
import InputTapeTestKit

/// States of a track, event by event and batch by batch.
enum StateCases {
  static var all: [DigestCase] {
    (1...6 as ClosedRange<UInt64>).map { seed in
      DigestCase("state/\(seed)") { seen in
        var rng = SeededRandom(seed: seed)
        var (state, byBatch) = (TrackState(), TrackState())
        for step in 0..<40 {
          var batch = EventBatch(track: .first)
          for _ in 0..<(1 + rng.number(below: 9)) {
            let event = Event(time: Int64(step), track: .first, body: body(&rng))
            batch.append(event)
            state.apply(event)
          }
          byBatch.apply(batch)
          seen.add(state)
          seen.add(byBatch)
          seen.add(state == byBatch)
          seen.add(state.isEmpty)
          seen.mark("step \(step)")
        }
        // More than a state holds.
        for code in 0..<600 {
          state.apply(
            Event(time: 1, track: .first, body: .key(code: UInt32(code * 7 % 600), state: .down)))
          state.apply(
            Event(time: 1, track: .first, body: .axis(axis: Int32(code * 11 % 600), value: 1)))
          if code % 50 == 6 { seen.add(state) }
        }
        seen.add(state)
      }
    }
  }

  private static func body(_ rng: inout SeededRandom) -> Event.Body {
    let number = Int32(rng.number(below: 6))
    switch rng.number(below: 10) {
    case 0: return .motion(x: number, y: -number)
    case 1: return .button(button: number, state: ButtonState(rawValue: number & 1))
    case 2, 3: return .key(code: UInt32(number), state: KeyState(rawValue: number % 3))
    case 4:
      return .touch(
        contact: number, phase: Phase(rawValue: Int32(rng.number(below: 5))), x: number, y: 7,
        pressure: rng.isOne(in: 2) ? nil : number)
    case 5: return .pen(Pen(x: number, y: 1, pressure: rng.isOne(in: 2) ? nil : number))
    case 6: return .axis(axis: number, value: Int32(rng.number(below: 1_000)))
    case 7: return .focus(Focus(application: "a\(number)", title: "t", x: number))
    case 8 where rng.isOne(in: 2):
      return .gap(
        Gap(
          cause: GapCause(rawValue: Int32(rng.number(below: 12))), count: Int64(number) / 2,
          isLowerBound: rng.isOne(in: 2), firstTime: 0, lastTime: 1))
    default: return .scroll(dx: number, dy: 0, phase: nil)
    }
  }
}
