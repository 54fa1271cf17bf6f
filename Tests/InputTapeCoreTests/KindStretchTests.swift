// SPDX-License-Identifier: Apache-2.0
//
// Where a batch goes over from one kind to another, against a look at each event.

import InputTapeCore
import Testing

@Suite struct KindStretchTests {
  private static let kindSets: [[EventKind]] = [
    [.motion], [.key, .text], [.motion, .button, .scroll, .gap],
    EventKind.known + [EventKind(rawValue: 200)],
  ]

  /// Which entry of its kind's columns each event is.
  private func places(_ batch: EventBatch) -> [Int] {
    var next: [EventKind: Int] = [:]
    return batch.kinds.map { kind in
      defer { next[kind, default: 0] += 1 }
      return next[kind, default: 0]
    }
  }

  @Test(arguments: kindSets)
  func eachEventHasItsPlace(_ kinds: [EventKind]) {
    var random = SeededGenerator(seed: UInt64(kinds.count))
    for count in [0, 1, 2, 7, 63, 64, 65, 128, 300] {
      let batch = randomBatch(count: count, kinds: kinds, using: &random)
      let stretches = KindStretches(of: batch, kinds: .all)
      let changes = zip(batch.kinds, batch.kinds.dropFirst()).count { $0 != $1 }
      #expect(stretches.list.count == (count == 0 ? 0 : changes + 1))
      for (event, place) in places(batch).enumerated() {
        #expect(stretches[event] == place)
        let stretch = stretches.index(ofEvent: event)
        #expect(stretches.index(ofEvent: event, from: 0) == stretch)
        #expect(stretches.index(ofEvent: event, from: stretch) == stretch)
      }
    }
  }

  @Test(arguments: kindSets)
  func eventsOfARangeAreThoseOfTheColumns(_ kinds: [EventKind]) {
    var random = SeededGenerator(seed: 40 + UInt64(kinds.count))
    let batch = randomBatch(count: 200, kinds: kinds, using: &random)
    let places = places(batch)
    for wanted in [KindSet.all, KindSet([.key, .gap, .motion]), KindSet()] {
      let stretches = KindStretches(of: batch, kinds: wanted)
      for _ in 0..<20 {
        let start = Int.random(in: 0...200, using: &random)
        let range = start..<Int.random(in: start...200, using: &random)
        var events: [Event] = []
        batch.forEachEvent(in: range, of: stretches, from: stretches.index(ofEvent: start)) {
          events.append($0)
        }
        let expected = range.filter { wanted.contains(batch.kinds[$0]) }.map { index in
          let columns = batch.columns.first { $0.kind == batch.kinds[index] }
          return Event(
            time: batch.times[index], track: batch.track,
            body: Event.Body(
              kind: batch.kinds[index],
              fields: columns?.fields(at: places[index]) ?? EventFields(int32: [])))
        }
        #expect(events == expected)
      }
    }
  }
}
