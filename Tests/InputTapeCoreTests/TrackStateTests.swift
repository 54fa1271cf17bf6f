// SPDX-License-Identifier: Apache-2.0
//
// What batches leave held, against their events one by one.

import InputTapeTestKit
import Testing

import InputTapeCore

@Suite struct TrackStateTests {
  /// A batch of contacts, axes, keys and buttons, of so many numbers of each, and now and then a
  /// gap.
  private func batch(
    _ count: Int, numbers: Int32, hasGaps: Bool, using rng: inout SeededRandom
  ) -> EventBatch {
    var batch = EventBatch(track: .first)
    for index in 0..<count {
      let number = Int32.random(in: 0..<numbers, using: &rng)
      let value = Int32.random(in: -9...9, using: &rng)
      let body: Event.Body
      switch Int.random(in: 0..<(hasGaps ? 81 : 80), using: &rng) {
      case 40..<60:
        let state = KeyState(rawValue: Int32.random(in: 0...2, using: &rng))
        body = .key(code: UInt32(number), state: state)
      case 60..<80:
        body = .button(button: number, state: Bool.random(using: &rng) ? .down : .up)
      case 0..<25:
        let phase = Phase(rawValue: Int32.random(in: 0...4, using: &rng))
        body = .touch(contact: number, phase: phase, x: value, y: -value, pressure: nil)
      case 25..<40: body = .axis(axis: number, value: value)
      default:
        body = .gap(Gap(cause: .queueFull, count: 1, firstTime: 0, lastTime: Int64(index)))
      }
      batch.append(Event(time: Int64(index), track: .first, body: body))
    }
    return batch
  }

  @Test(arguments: [1, 5, 63, 64, 65, 200, 256, 257, 400] as [Int32])
  func aBatchLeavesWhatItsEventsLeave(_ numbers: Int32) {
    var rng = SeededRandom(seed: UInt64(numbers))
    var (whole, single) = (TrackState(), TrackState())
    var held = 0
    for round in 0..<60 {
      let count = [0, 1, 40, 300, 1_000][round % 5]
      let events = batch(count, numbers: numbers, hasGaps: round % 20 == 19, using: &rng)
      whole.apply(events)
      events.forEachEvent { single.apply($0) }
      #expect(whole == single, "seed \(numbers), round \(round)")
      held = max(held, single.axes.count)
    }
    let most = min(Int(numbers), InputState.heldLimit)
    #expect(held >= most * 9 / 10, "little was held: little was tested")
  }
}
