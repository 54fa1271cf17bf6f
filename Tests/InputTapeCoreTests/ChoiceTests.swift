// SPDX-License-Identifier: Apache-2.0
//
// What the encoder counts before it chooses, against the plain way to count it.

import InputTapeTestKit
import Testing

@testable import InputTapeCore

struct ChoiceTests {
  @Test func timesAreCloseWhereTheMedianOfTheirDifferencesIs() {
    var rng = SeededRandom(seed: 7)
    var found = [false: 0, true: 0]
    for count in 0..<600 {
      var time: Int64 = 0
      let times = (0..<count).map { _ in
        time += Int64(rng.next() % 9) - 1
        return time
      }
      let limit = Int64(rng.next() % 6)
      #expect(TimeEncoder.areClose(times, within: limit) == median(times, isIn: 1, limit))
      found[median(times, isIn: 1, limit), default: 0] += 1
    }
    #expect(found.values.allSatisfy { $0 > 100 })
  }

  private func median(_ times: [Int64], isIn first: Int64, _ limit: Int64) -> Bool {
    let count = min(times.count - 1, 63)
    guard count > 0 else { return false }
    let stride = (times.count - 1) / count
    let median = (1...count).map { times[$0 * stride] - times[$0 * stride - 1] }.sorted()[count / 2]
    return median >= first && median <= limit
  }

  /// Texts that are most of a section are found again by tokens; short ones of many events are not.
  @Test func textsOfEightBytesAnEventAreTokens() {
    for (length, form) in [(7, SectionForm.adaptive), (9, .zstd)] {
      var batch = EventBatch(track: .first)
      for time in 0..<10_000 as Range<Int64> {
        let bytes = [UInt8](repeating: UInt8(97 + time % 7), count: length)
        batch.append(Event(time: time, track: .first, body: .custom(type: 1, bytes: bytes)))
      }
      var bytes: [UInt8] = []
      let settings = EncodingSettings(preset: .compact)
      #expect(SectionEncoder().encode(batch, settings: settings, into: &bytes) == form)
    }
  }

  private func size(_ batch: EventBatch, _ preset: Preset) -> Int {
    var bytes: [UInt8] = []
    _ = SectionEncoder().encode(batch, settings: EncodingSettings(preset: preset), into: &bytes)
    return bytes.count
  }

  /// A movement that goes on as it was leaves 0, but only if all of it is guessed for the next.
  @Test func steadyMovementsLeaveNothing() {
    for preset in [Preset.fast, .balanced] {
      for (step, most) in [(64, 4.2), (1_000, 5.6)] as [(Int32, Double)] {
        var rng = SeededRandom(seed: 12)
        var batch = EventBatch(track: .first)
        var (dx, dy) = (Int32(0), Int32(0))
        for time in 0..<12_000 as Range<Int64> {
          if rng.next() % 10 < 3 { dx = rng.next() % 2 == 0 ? 0 : step }
          if rng.next() % 10 < 3 { dy = rng.next() % 2 == 0 ? 0 : step }
          let body = Event.Body.rawMotion(dx: dx, dy: dy)
          batch.append(Event(time: time * 1_000_000, track: .first, body: body))
        }
        // An axis changes with 0.15: 0.6 bits, and 0.15 times those of the step. All else takes
        // twice as many.
        let bits = Double(size(batch, preset)) * 8 / 12_000
        #expect(bits < most, "\(preset), \(step)")
      }
    }
  }

  /// Of what a part of the last movement goes on that part is guessed.
  @Test func weightsOfTheLastMovementAreChosen() {
    for weight: Int32 in [0, 2, 3, 4, 5, 6, 7, 8] {
      var rng = SeededRandom(seed: 14)
      var batch = EventBatch(track: .first)
      var (dx, dy) = (Int32(0), Int32(0))
      func next(_ last: Int32) -> Int32 {
        // Mostly a little, now and then much, as of hands.
        let most: UInt64 = [3, 9, 27, 81][Int(rng.next() % 4)]
        return (last * weight + 4) >> 3 + Int32(rng.next() % most) - Int32(rng.next() % most)
      }
      for time in 0..<9_000 as Range<Int64> {
        // Some begin anew, as movements that are steady would never end.
        (dx, dy) = rng.next() % 16 == 0 ? (0, 0) : (next(dx), next(dy))
        let body = Event.Body.rawMotion(dx: dx, dy: dy)
        batch.append(Event(time: time * 8_000_000, track: .first, body: body))
      }
      var writer = StreamWriter(compressor: Compressor(), bits: BitRoom(), bytes: [], packed: [])
      var encoder = PairEncoder()
      guard let place = PairPlace.of(.rawMotion) else { return #expect(Bool(false)) }
      encoder.encode(batch.columns[0], place, times: batch.times, preset: .balanced, to: &writer)
      #expect(Array(writer.bytes.bytes.prefix(3)) == [0, UInt8(weight), 0])
    }
  }

  /// Numbers below 256 may all have tokens of their own: no table makes them shorter.
  @Test func codesOfAByteHaveNoTable() {
    var rng = SeededRandom(seed: 13)
    var encoder = CodeTableEncoder()
    for (first, isThere) in [(0, false), (128, false), (200, false), (230, true), (400, true)] {
      let codes = (0..<2_000).map { _ in UInt64(first) + rng.next() % 56 }
      var (presses, others) = (codes, [UInt64](repeating: 0, count: 2_000))
      let union = presses.span.union | others.span.union
      encoder.replace(&presses, &others, base: 32, union: union)
      #expect(encoder.table.codes.isEmpty != isThere, "\(first)")
      #expect(isThere ? presses.allSatisfy { $0 < 56 } : presses == codes)
    }
  }

  @Test func aHistogramCostsWhatTheTokensOfItsSampleDo() {
    var rng = SeededRandom(seed: 8)
    var histogram = NumberHistogram()
    for count in [0, 1, 2, 40, 2_000, 4_000, 5] {
      let numbers = (0..<count).map { _ in rng.next() >> (24 + rng.next() % 40) }
      histogram.replace(with: numbers)
      let sample = Samples.values(numbers, Samples.ranges(of: count))
      let largest = numbers.reduce(0, |)
      for (index, scheme) in TokenScheme.all.enumerated() where scheme.holds(largest) {
        var estimate = EntropyEstimate()
        estimate.add { counts in
          sample.reduce(0) { total, number in
            let (token, _, size) = scheme.encode(number)
            counts[token] += 1
            return total + size
          }
        }
        let found = histogram.cheapest(of: [index], holding: largest)
        #expect(found.scheme == index && found.cost == estimate.takeCost())
      }
    }
  }

  @Test func thePeriodOfADeviceIsFoundAmongLateAndMissingReports() {
    var rng = SeededRandom(seed: 9)
    var choice = AdaptivePeriodChoice()
    for (number, period) in AdaptivePeriods.periods.enumerated() where number != 16 {
      var tick: Int64 = 0
      // Reports each so many picoseconds, of which a clock of microseconds sees some a little late.
      let times = (0..<400).map { _ in
        tick += rng.next() % 8 == 0 ? 2 : 1
        return (tick * period / 1_000_000 + Int64(rng.next() % 3)) * 1_000
      }
      #expect(choice.choose(times, unit: 1_000) == number)
    }
  }

  @Test func timesWithoutAPeriodHaveNone() {
    var rng = SeededRandom(seed: 10)
    var choice = AdaptivePeriodChoice()
    for count in [0, 1, 2, 9, 300, 5_000] {
      var time: Int64 = 0
      let times = (0..<count).map { _ in
        time += Int64(rng.next() % 60) * 1_000_000
        return time
      }
      #expect(choice.choose(times, unit: 1_000_000) == nil)
    }
    let far = (0..<300).map { _ in Int64(bitPattern: rng.next()) }
    #expect(choice.choose(far, unit: 1) == nil && choice.choose(far, unit: 1 << 40) == nil)
  }

  @Test func wideTapsAreTheSame() {
    var rng = SeededRandom(seed: 11)
    let wide = AdaptiveTaps()
    let plain = AdaptiveTaps(isWide: false)
    for index in 0..<(1 << 13) {
      let entry = Int32(truncatingIfNeeded: rng.next()) >> (index & 64 == 0 ? 18 : 0)
      wide[index] = entry
      plain[index] = entry
    }
    for axis in 0..<40 {
      let (changes, weights) = (axis * AdaptiveAxis.tapCount + 7, axis * AdaptiveAxis.tapCount + 64)
      let gain = Int32(truncatingIfNeeded: rng.next()) >> 15
      for _ in 0..<3 {
        wide.learn(changes: changes, weights: weights, gain: gain)
        plain.learn(changes: changes, weights: weights, gain: gain)
        #expect(
          wide.sum(changes: changes, weights: weights)
            == plain.sum(changes: changes, weights: weights))
      }
    }
    #expect((0..<(1 << 13)).allSatisfy { wide[$0] == plain[$0] })
  }
}
