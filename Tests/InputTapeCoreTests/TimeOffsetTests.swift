// SPDX-License-Identifier: Apache-2.0
//
// Events of other clocks among those of a device: their times do not cost the others theirs.

import InputTapeTestKit
import Testing

@testable import InputTapeCore

@Suite struct TimeOffsetTests {
  /// Times of whole milliseconds, but for some.
  private static func times(
    _ count: Int, odd: [Int], from first: Int64 = 5_000_000, using rng: inout SeededRandom
  ) -> [Int64] {
    var time = first
    var times = (0..<count).map { _ in
      time += Int64.random(in: 0...20, using: &rng) * 1_000_000
      return time
    }
    for place in odd { times[place] += Int64.random(in: 1..<1_000_000, using: &rng) | 1 }
    return times
  }

  @Test func theUsualUnitIsThatOfHalfOfTheStretches() {
    var rng = SeededRandom(seed: 3)
    #expect(TimeScale.usual(of: []) == 1 && TimeScale.usual(of: [7]) == 1)
    #expect(TimeScale.usual(of: [7, 7, 7]) == 1 && TimeScale.usual(of: [7, 19]) == 12)
    #expect(TimeScale.usual(of: [.min, .max, 0, .min, .max]) == 1)
    #expect(TimeScale.usual(of: [0, .min, 0, .min]) == 1 << 63)
    for count in [9, 17, 273, 5_000] {
      let clean = Self.times(count, odd: [], using: &rng)
      #expect(TimeScale.usual(of: clean) == 1_000_000)
    }
    // Each of the 32 stretches that are looked at has 8 differences.
    for (oddCount, unit) in [(0, 1_000_000), (16, 1_000_000), (17, 1), (32, 1)] as [(Int, UInt64)] {
      let odd = (0..<oddCount).map { $0 * 4_991 / 31 + 4 }
      #expect(TimeScale.usual(of: Self.times(5_000, odd: odd, using: &rng)) == unit, "\(oddCount)")
    }
  }

  @Test func timesBesideTheUnitAreTakenApart() throws {
    var rng = SeededRandom(seed: 4)
    for odd in [[0], [199], [0, 1], [50], [7, 8, 90], Array(90..<102), Array(90..<103)] {
      let times = Self.times(200, odd: odd, from: -1_000_000_000, using: &rng)
      var offsets = TimeOffsets()
      var regular: [Int64] = []
      #expect(offsets.take(times, unit: 1_000_000, into: &regular) == (odd.count <= 12))
      guard odd.count <= 12 else { continue }
      var places: [Int] = []
      offsets.forEach { place, offset in
        places.append(place)
        #expect(regular[place] + offset == times[place])
        #expect((-500_000..<500_000).contains(offset))
      }
      #expect(places == odd)
      #expect(regular.allSatisfy { ($0 - regular[0]).isMultiple(of: 1_000_000) })
      #expect(offsets.first == (odd[0] == 0 ? times[0] - regular[0] : 0))
    }
  }

  @Test func offsetsThatDoNotPayAreNotTaken() {
    var rng = SeededRandom(seed: 5)
    var offsets = TimeOffsets()
    var regular: [Int64] = []
    func isTaken(_ times: [Int64], _ unit: UInt64) -> Bool {
      offsets.take(times, unit: unit, into: &regular)
    }
    // One in 16, and not one more; of fewer events none.
    for (count, oddCount) in [(640, 40), (640, 41), (64, 4), (63, 1), (64, 0)] {
      let odd = (0..<oddCount).map { $0 * 14 + 6 }
      let times = Self.times(count, odd: odd, using: &rng)
      #expect(isTaken(times, 1_000_000) == (count > 63 && oddCount > 0 && oddCount <= count / 16))
    }
    // The others have lost three digits, or not quite.
    for (offset, unit) in [(500_000, 0), (2_000, 0), (1_000, 1), (-1_000, 1), (-1, 1)] {
      var times = Self.times(640, odd: [], using: &rng)
      times[9] += Int64(offset)
      #expect(isTaken(times, 1_000_000) == (unit == 1), "\(offset)")
    }
    // No event near the first is whole units from its neighbours.
    let noise = (0..<640).map { _ in Int64.random(in: 0..<1_000_000_000, using: &rng) }
    #expect(!isTaken(noise, 1_000_000) && !isTaken(noise, 63) && !isTaken(noise, 1 << 62))
  }

  @Test func recordingsOneAfterAnotherHaveShifts() throws {
    var rng = SeededRandom(seed: 9)
    var regular: [Int64] = []
    var (offsets, shifts) = (TimeOffsets(), TimeOffsets())
    for (count, shiftCount) in [(640, 10), (640, 11), (64, 1), (700, 3)] {
      var times = Self.times(count, odd: [], using: &rng)
      var shift: Int64 = 0
      for index in times.indices {
        if index % (count / (shiftCount + 1)) == 0, index > 0,
          index / (count / (shiftCount + 1)) <= shiftCount
        {
          shift += Int64.random(in: 1..<999_999, using: &rng)
        }
        times[index] += shift
      }
      let isTaken = TimeOffsets.take(times, 1_000_000, into: &regular, &offsets, &shifts)
      #expect(isTaken == (shiftCount <= count / 64) && offsets.isEmpty)
      guard isTaken else { continue }
      #expect(shifts.offsets.count == shiftCount)
      #expect(regular.allSatisfy { ($0 - regular[0]).isMultiple(of: 1_000_000) })
      var target = regular.mutableSpan
      TimeOffsets.restore(&target, clock: nil, start: 0, shifts: shifts, offsets: offsets)
      #expect(regular == times)
    }
  }

  @Test(arguments: [Preset.fast, .balanced, .compact])
  func recordingsOneAfterAnotherTakeFewBytesMore(_ preset: Preset) throws {
    var rng = SeededRandom(seed: 10)
    for count in [300, 9_000] {
      let clean = Self.times(count, odd: [], using: &rng)
      let joined = clean.enumerated().map { index, time in
        time + Int64(index * 4 / count) * 1_234_567
      }
      let more = try byteCount(ofTimes: joined, preset)
      let less = try byteCount(ofTimes: clean, preset)
      #expect(more <= less + 40, "\(count): \(more), \(less)")
    }
  }

  @Test(arguments: [Preset.fast, .balanced, .compact])
  func aFewEventsOfAnotherClockTakeFewBytes(_ preset: Preset) throws {
    var rng = SeededRandom(seed: 6)
    for count in [70, 300, 1_500, 9_000] {
      for odd in [[0], [count - 1], (0..<(count / 50)).map { $0 * 50 + 3 }] {
        let times = Self.times(count, odd: odd, using: &rng)
        var clean = times
        for place in odd { clean[place] = clean[place] / 1_000_000 * 1_000_000 }
        let more = try byteCount(ofTimes: times, preset)
        let less = try byteCount(ofTimes: clean, preset)
        #expect(more <= less + 16 + 5 * odd.count, "\(count), \(odd): \(more), \(less)")
      }
    }
  }

  @Test(arguments: [Preset.fast, .balanced, .compact])
  func timesThatWereCutToOneLessTakeFewBytes(_ preset: Preset) throws {
    var rng = SeededRandom(seed: 8)
    for count in [300, 9_000] {
      let times = Self.times(count, odd: [], from: 0, using: &rng)
      // Seconds as text has them, times a thousand million, without what is behind the point.
      let cut = times.map { Int64(Double($0) / 1e9 * 1e9) }
      let lessCount = zip(times, cut).count { $0 != $1 }
      #expect(lessCount * 100 > count)
      let more = try byteCount(ofTimes: cut, preset)
      let less = try byteCount(ofTimes: times, preset)
      #expect(more <= less + 16 + 2 * lessCount, "\(count), \(lessCount): \(more), \(less)")
    }
  }

  @Test(arguments: [Preset.fast, .balanced, .compact])
  func timesOfAnySizeComeBack(_ preset: Preset) throws {
    var rng = SeededRandom(seed: 7)
    let edges: [Int64] = [.min, .max, 0, -1, 1]
    for _ in 0..<40 {
      let first = edges.randomElement(using: &rng) ?? 0
      // Differences are modulo 2⁶⁴: times pass its end.
      var times = Self.times(400, odd: [], from: 0, using: &rng).map { first &+ $0 }
      for _ in 0..<Int.random(in: 1...5, using: &rng) {
        times[Int.random(in: 0..<400, using: &rng)] = Int64(bitPattern: rng.next())
      }
      _ = try byteCount(ofTimes: times, preset)
    }
  }

  @Test(arguments: [Preset.fast, .balanced, .compact])
  func multiplesThatAreHalfOfAllTimesApartComeBack(_ preset: Preset) throws {
    // Two neighbours on either side of 0, each nearest to two units: these are 2⁶³ and more apart.
    let unit: Int64 = 2_882_303_761_517_117_440
    var times = (0..<300).map { Int64($0 & 1) * unit }
    times.replaceSubrange(150..<154, with: [0, -(1 << 62) + 1, 1 << 62 - 1, 0])
    _ = try byteCount(ofTimes: times, preset)
  }
}
