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

  @Test func theUsualUnitIsThatOfThreeQuarters() {
    var rng = SeededRandom(seed: 3)
    #expect(TimeScale.usual(of: []) == 1 && TimeScale.usual(of: [7]) == 1)
    #expect(TimeScale.usual(of: [7, 7, 7]) == 1 && TimeScale.usual(of: [7, 19]) == 12)
    for count in [17, 273, 5_000] {
      let clean = Self.times(count, odd: [], using: &rng)
      #expect(TimeScale.usual(of: clean) == 1_000_000)
    }
    // Each of the 16 stretches that are looked at has 16 differences.
    for (oddCount, unit) in [(0, 1_000_000), (4, 1_000_000), (5, 1), (16, 1)] as [(Int, UInt64)] {
      let odd = (0..<oddCount).map { $0 * 4_983 / 15 + 8 }
      #expect(TimeScale.usual(of: Self.times(5_000, odd: odd, using: &rng)) == unit, "\(oddCount)")
    }
  }

  @Test func timesBesideTheUnitAreTakenApart() throws {
    var rng = SeededRandom(seed: 4)
    for odd in [[0], [99], [0, 1], [50], [7, 8, 90]] {
      let times = Self.times(200, odd: odd, from: -1_000_000_000, using: &rng)
      var offsets = TimeOffsets()
      var regular: [Int64] = []
      #expect(offsets.take(times, unit: 1_000_000, into: &regular) == (odd.count <= 3))
      var places: [Int] = []
      offsets.forEach { place, offset in
        places.append(place)
        #expect(regular[place] + offset == times[place])
        #expect((1..<1_000_000).contains(offset))
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
    // One in 64, and not one more; of fewer events none.
    for (count, oddCount) in [(640, 10), (640, 11), (64, 1), (63, 1), (64, 0)] {
      let odd = (0..<oddCount).map { $0 * 50 + 7 }
      let times = Self.times(count, odd: odd, using: &rng)
      #expect(isTaken(times, 1_000_000) == (oddCount > 0 && oddCount <= count / 64))
    }
    // Half a unit off, the others have lost one bit; a quarter off, two.
    var times = Self.times(640, odd: [], using: &rng)
    times[9] += 500_000
    #expect(!isTaken(times, 1_000_000))
    times[9] += 250_000
    #expect(isTaken(times, 1_000_000))
    // No event near the first is whole units from its neighbours.
    let noise = (0..<640).map { _ in Int64.random(in: 0..<1_000_000_000, using: &rng) }
    #expect(!isTaken(noise, 1_000_000) && !isTaken(noise, 2) && !isTaken(noise, 1 << 62))
  }

  @Test(arguments: [Preset.fast, .balanced, .compact])
  func aFewEventsOfAnotherClockTakeFewBytes(_ preset: Preset) throws {
    var rng = SeededRandom(seed: 6)
    for count in [70, 300, 1_500, 9_000] {
      for odd in [[0], [count - 1], (0..<(count / 64)).map { $0 * 64 + 3 }] {
        let times = Self.times(count, odd: odd, using: &rng)
        var clean = times
        for place in odd { clean[place] = clean[place] / 1_000_000 * 1_000_000 }
        let (more, less) = (try byteCount(times, preset), try byteCount(clean, preset))
        #expect(more <= less + 16 + 5 * odd.count, "\(count), \(odd): \(more), \(less)")
      }
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
      _ = try byteCount(times, preset)
    }
  }

  /// The bytes of a section of events at these times, which must come back.
  private func byteCount(_ times: [Int64], _ preset: Preset) throws -> Int {
    var batch = EventBatch(track: .first)
    for time in times {
      batch.append(Event(time: time, track: .first, body: .scroll(dx: 0, dy: 1, phase: nil)))
    }
    var bytes: [UInt8] = []
    let form = SectionEncoder().encode(
      batch, settings: EncodingSettings(preset: preset), into: &bytes)
    var result = EventBatch(track: .first)
    try SectionDecoder().decode(
      bytes.span, form: form, eventCount: times.count, firstTime: times[0], kinds: .all, at: 0,
      into: &result)
    #expect(result.times == times)
    return bytes.count
  }
}
