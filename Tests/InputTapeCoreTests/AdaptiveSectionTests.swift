// SPDX-License-Identifier: Apache-2.0
//
// The adaptive coder: round trips, projection, determinism, damage.

import InputTapeCore
import Testing

@Suite struct AdaptiveSectionTests {
  private let encoder = AdaptiveSectionEncoder()
  private let decoder = AdaptiveSectionDecoder()

  private static let kindChoices: [[EventKind]] =
    EventKind.known.map { [$0] } + [
      [.motion, .button, .scroll], EventKind.known, [EventKind(rawValue: 16)],
      [.key, EventKind(rawValue: 254), EventKind(rawValue: 255)],
    ]

  private func encoded(_ batch: EventBatch) -> [UInt8] {
    var bytes: [UInt8] = []
    encoder.encode(batch, into: &bytes)
    return bytes
  }

  private func decoded(
    _ bytes: [UInt8], _ eventCount: Int, from firstTime: Int64 = .max, kinds: KindSet = .all
  ) throws(FormatError) -> EventBatch {
    var batch = EventBatch(track: TrackID(rawValue: 3))
    try decoder.decode(
      bytes.span, eventCount: eventCount, firstTime: firstTime, kinds: kinds, at: 0, into: &batch)
    return batch
  }

  /// What comes back of a batch.
  private func returned(_ batch: EventBatch, kinds: KindSet = .all) throws -> EventBatch {
    try decoded(encoded(batch), batch.count, from: batch.times.first ?? 0, kinds: kinds)
  }

  @Test func givesBackRandomBatches() throws {
    var rng = SeededGenerator(seed: 11)
    var batches = 0
    for _ in 0..<8 {
      for kinds in Self.kindChoices {
        let count = [0, 1, 2, 17, 300].randomElement(using: &rng) ?? 1
        let batch = randomBatch(count: count, kinds: kinds, using: &rng)
        #expect(holdSameEvents(try returned(batch), batch))
        batches += 1
      }
    }
    print("adaptive batches given back: \(batches)")
  }

  @Test func givesBackWhatPeopleDo() throws {
    for batch in [typing(count: 700), pointing(count: 3_000), touching(count: 900)] {
      #expect(holdSameEvents(try returned(batch), batch))
      #expect(encoded(batch).count < 3 * batch.count)
    }
  }

  @Test func dependsOnTheBatchAlone() {
    var rng = SeededGenerator(seed: 12)
    let batch = randomBatch(count: 400, kinds: EventKind.known, using: &rng)
    let bytes = encoded(batch)
    _ = encoded(pointing(count: 9_000))
    #expect(encoded(batch) == bytes)
    var again: [UInt8] = [1, 2]
    AdaptiveSectionEncoder().encode(batch, into: &again)
    #expect(again == [1, 2] + bytes)
  }

  @Test func decodesOnlyTheKindsAskedFor() throws {
    var rng = SeededGenerator(seed: 13)
    let batch = randomBatch(count: 200, kinds: [.motion, .key, .marker], using: &rng)
    let result = try returned(batch, kinds: KindSet([.key]))
    #expect(result.times == batch.times)
    #expect(result.kinds == batch.kinds)
    for (columns, wanted) in zip(result.columns, batch.columns) {
      #expect(columns.count == wanted.count)
      if columns.kind == .key {
        #expect(columns == wanted)
      } else {
        #expect(columns.int32.allSatisfy(\.isEmpty) && columns.strings.allSatisfy { $0.count == 0 })
      }
    }
  }

  /// Time and place of the first event are nothing that a device does.
  @Test func startsAnywhereAtTheSamePrice() throws {
    var sizes: Set<Int> = []
    for (time, place) in [(0, 900), (1 << 60, 700), (-5_000_000, 1_000)] as [(Int64, Int32)] {
      var batch = EventBatch(track: TrackID(rawValue: 3))
      for step in 0..<200 {
        let body = Event.Body.motion(x: place + Int32(step * step / 40), y: place - Int32(step))
        batch.append(
          Event(time: time + Int64(step) * 1_000_000, track: batch.track, body: body))
      }
      #expect(holdSameEvents(try returned(batch), batch))
      sizes.insert(encoded(batch).count)
    }
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
  }

  @Test func keepsTheMemoryOfABatchThatHeldOtherEvents() throws {
    var rng = SeededGenerator(seed: 14)
    var batch = randomBatch(count: 50, kinds: EventKind.known, using: &rng)
    let next = randomBatch(count: 40, kinds: [.pen], using: &rng)
    try decoder.decode(
      encoded(next).span, eventCount: 40, firstTime: next.times[0], kinds: .all, at: 0,
      into: &batch)
    #expect(holdSameEvents(batch, next))
  }

  /// Decodes bytes that may be anything; whether they were accepted.
  private func accepts(_ bytes: [UInt8], _ eventCount: Int) -> Bool {
    do throws(FormatError) {
      let batch = try decoded(bytes, eventCount)
      #expect(batch.count == eventCount)
      #expect(batch.kinds.count == eventCount)
      #expect(batch.columns.reduce(0) { $0 + $1.count } == eventCount)
      return true
    } catch {
      return false
    }
  }

  @Test func survivesEveryTruncationAndEveryChangedByte() {
    var rng = SeededGenerator(seed: 15)
    var (cuts, changes, accepted) = (0, 0, 0)
    for kinds in Self.kindChoices {
      let batch = randomBatch(count: 10, kinds: kinds, using: &rng)
      let bytes = encoded(batch)
      for length in bytes.indices {
        if accepts(Array(bytes[..<length]), batch.count) { accepted += 1 }
        cuts += 1
      }
      for index in bytes.indices {
        for change: UInt8 in [1, 128] {
          var damaged = bytes
          damaged[index] ^= change
          if accepts(damaged, batch.count) { accepted += 1 }
          changes += 1
        }
      }
    }
    print("adaptive cuts: \(cuts), changes: \(changes), accepted: \(accepted)")
  }

  @Test func survivesNoise() {
    var rng = SeededGenerator(seed: 16)
    var accepted = 0
    for _ in 0..<3_000 {
      let count = Int.random(in: 0...60, using: &rng)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &rng) }
      if accepts(bytes, Int.random(in: 0...200, using: &rng)) { accepted += 1 }
    }
    print("adaptive noise accepted: \(accepted) of 3000")
  }

  @Test func refusesMoreEventsThanABlockHolds() {
    #expect(throws: FormatError.self) { try decoded([1, 2, 3], Limits.eventsPerBlock + 1) }
    #expect(throws: FormatError.self) { try decoded([1, 2, 3], -1) }
    #expect(throws: FormatError.self) { try decoded([1, 2, 3], 0) }
  }
}
