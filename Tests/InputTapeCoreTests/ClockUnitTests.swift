// SPDX-License-Identifier: Apache-2.0
//
// Clocks whose tick is no whole number of nanoseconds: what is found, what comes back.

import InputTapeTestKit
import Testing

@testable import InputTapeCore

@Suite struct ClockUnitTests {
  /// Ticks of a clock as times of a recording: rounded down, from the time of some tick.
  private static func times(
    _ ticks: [Int64], _ length: UInt64, _ parts: UInt64, rest: UInt64, from first: Int64
  ) -> [Int64] {
    ticks.map { tick in
      let position = tick * Int64(length) + Int64(rest)
      let (quotient, left) = position.quotientAndRemainder(dividingBy: Int64(parts))
      return first + (left < 0 ? quotient - 1 : quotient)
    }
  }

  private static func ticks(count: Int, using rng: inout SeededRandom) -> [Int64] {
    var tick: Int64 = 0
    return (0..<count).map { index in
      // Most a few thousand later, some at once, some before.
      if index > 0 { tick += Int64.random(in: -400...5_000, using: &rng) }
      return tick
    }
  }

  @Test func whatIsLeftOfAQuotientIsNeverNegative() {
    var rng = SeededRandom(seed: 5)
    let divisors: [UInt64] = [
      2, 3, 4, 5, 12, 125, 715_909, 1 << 20, 50_000_000, 1 << 62, 1 << 62 + 1, 1 << 63 - 1,
    ]
    let edges: [Int64] = [0, 1, 2, .max, .max - 1, .min, .min + 1]
    for divisor in divisors {
      let whole = FloorDivider(divisor)
      let signed = Int64(divisor)
      var values = edges + edges.flatMap { [0 &- $0, $0 / signed &* signed, signed &- $0] }
      values += (0..<200).map { _ in Int64(bitPattern: rng.next() >> (rng.next() % 64)) }
      for value in values + values.map({ ~$0 }) {
        let (quotient, rest) = whole.divide(value)
        #expect(rest < divisor)
        let (product, overflow) = quotient.multipliedFullWidth(by: signed).low
          .addingReportingOverflow(rest)
        #expect(Int64(bitPattern: product) == value, "\(value) / \(divisor), \(overflow)")
        #expect(abs(Double(quotient) - Double(value) / Double(divisor)) <= 1 + Double(value).ulp)
      }
    }
  }

  @Test func clocksThatAreKnownAreFoundWithTheirRest() throws {
    var rng = SeededRandom(seed: 6)
    var found: [Int64] = []
    var (offsets, shifts) = (TimeOffsets(), TimeOffsets())
    var units = 0
    for (length, parts) in ClockUnit.known {
      for rest in [0, 1, parts / 2, parts - 1] {
        for count in [8, 64, 65, 700] {
          let ticks = Self.ticks(count: count, using: &rng)
          let times = Self.times(ticks, length, parts, rest: rest, from: -77)
          let unit = try #require(ClockUnit.find(in: times, 1, &found, &offsets, &shifts))
          #expect(unit.length == length && unit.parts == parts)
          #expect(found == ticks)
          let first = times[0]
          #expect(found.map { first + unit.nanoseconds($0) } == times)
          units += 1
        }
      }
    }
    #expect(units == 9 * 16)
  }

  @Test func timesThatAreNotAllTicksHaveNone() {
    var rng = SeededRandom(seed: 7)
    var found: [Int64] = []
    var (offsets, shifts) = (TimeOffsets(), TimeOffsets())
    let ticks = Self.ticks(count: 300, using: &rng)
    let times = Self.times(ticks, 125, 3, rest: 1, from: 9)
    for step: Int64 in [-2, 2, 20] {
      var other = times
      for place in stride(from: 5, to: 300, by: 5) { other[place] += step }
      #expect(ClockUnit.find(in: other, 1, &found, &offsets, &shifts) == nil)
    }
    // Too few, all at once, a clock of whole nanoseconds, and differences beyond 64 bits.
    #expect(ClockUnit.find(in: Array(times.prefix(7)), 1, &found, &offsets, &shifts) == nil)
    #expect(
      ClockUnit.find(in: Array(repeating: 5, count: 100), 1, &found, &offsets, &shifts) == nil)
    let whole = (0..<300).map { _ in Int64.random(in: 0..<1_000_000_000, using: &rng) }
    #expect(ClockUnit.find(in: whole, 1, &found, &offsets, &shifts) == nil)
    #expect(ClockUnit.find(in: times, 41, &found, &offsets, &shifts) == nil)
    let far: [Int64] = [0, .min, .max, 0, 1, -1, .max, .min, 7]
    for first in far {
      #expect(ClockUnit.find(in: [first] + far, 1, &found, &offsets, &shifts) == nil)
    }
  }

  @Test func aFewTimesThatAreNoTicksHaveOffsets() throws {
    var rng = SeededRandom(seed: 9)
    var found: [Int64] = []
    var (offsets, shifts) = (TimeOffsets(), TimeOffsets())
    for (length, parts) in ClockUnit.known {
      for odd in [[0], [639], [0, 1], [64, 300, 301, 575], Array(70..<110), Array(70..<270)] {
        let ticks = Self.ticks(count: 640, using: &rng)
        var times = Self.times(ticks, length, parts, rest: parts - 1, from: 1 << 40)
        let step = Int64(length / parts / 2)
        for place in odd { times[place] += step }
        let unit = ClockUnit.find(in: times, 1, &found, &offsets, &shifts)
        let clock = try #require(unit)
        var returned = found
        var target = returned.mutableSpan
        TimeOffsets.restore(
          &target, clock: clock, start: times[0] &- offsets.first, shifts: shifts,
          offsets: offsets)
        #expect(returned == times)
        var places: [Int] = []
        offsets.forEach { place, _ in places.append(place) }
        // More than one in 16 are another clock's, or this one's after it was set anew.
        #expect(places == (odd.count > 40 ? [] : odd))
        #expect(shifts.offsets.count == (odd.count > 40 ? 2 : 0))
      }
    }
  }

  @Test func recordingsOneAfterAnotherHaveShifts() throws {
    var rng = SeededRandom(seed: 12)
    var found: [Int64] = []
    var (offsets, shifts) = (TimeOffsets(), TimeOffsets())
    var joined: [Bool] = []
    for (length, parts) in ClockUnit.known {
      for (count, divisor) in [(1, 1), (9, 1), (10, 1), (9, 6), (5, 8_000)] as [(Int, Int64)] {
        var times: [Int64] = []
        for _ in 0...count {
          let ticks = Self.ticks(count: 64, using: &rng).map { $0 * divisor }
          let first = (times.last ?? -5) + Int64.random(in: 1...60_000_000_000, using: &rng)
          times += Self.times(
            ticks, length, parts, rest: UInt64.random(in: 0..<parts, using: &rng), from: first)
        }
        let clock = try #require(ClockUnit.find(in: times, 1, &found, &offsets, &shifts))
        #expect(offsets.isEmpty && (count - 1...count).contains(shifts.offsets.count))
        // Ticks that are no whole nanoseconds together are joined, but where a recording's first
        // event is a tick of the one before by chance.
        let product = length * UInt64(divisor)
        if divisor > 1, TimeScale.divisor(product, parts) < parts {
          joined.append(clock.length * parts == product * clock.parts)
        }
        var target = found.mutableSpan
        TimeOffsets.restore(
          &target, clock: clock, start: times[0], shifts: shifts, offsets: offsets)
        #expect(found == times)
      }
    }
    #expect(joined.count > 9 && joined.count { $0 } * 4 >= joined.count * 3)
    // No clock is set to times that are further than sums of parts reach.
    let far = [0, 1_000, 2_083, 3_125, 4_000, 5_000, 6_000, 7_000, 8_000, Int64.max]
    #expect(ClockUnit.find(in: far, 1, &found, &offsets, &shifts) == nil)
    #expect(offsets.isEmpty && shifts.isEmpty)
  }

  @Test func framesOfADisplayHaveTheirUnit() throws {
    var rng = SeededRandom(seed: 13)
    var found: [Int64] = []
    var (offsets, shifts) = (TimeOffsets(), TimeOffsets())
    // At 60 Hz, to the nearest nanosecond; and milliseconds between them.
    var frame: Int64 = 7
    let frames = (0..<500).map { _ in
      frame += Int64.random(in: 1...9, using: &rng)
      return Int64((Double(frame) * 5e7 / 3).rounded())
    }
    let times = (frames + (1...50).map { $0 * 97_000_000 }).sorted()
    for (times, length) in [(frames, 50_000_000), (times, 1_000_000)] as [([Int64], UInt64)] {
      let clock = try #require(ClockUnit.find(in: times, 1, &found, &offsets, &shifts))
      #expect(clock.length == length && clock.parts == 3 && offsets.isEmpty && shifts.isEmpty)
      #expect(found.map { times[0] + clock.nanoseconds($0) } == times)
    }
  }

  @Test func secondsOfPythonAreTicks() throws {
    var rng = SeededRandom(seed: 10)
    var found: [Int64] = []
    var (offsets, shifts) = (TimeOffsets(), TimeOffsets())
    // Since 1970, less those of the first event, times a thousand million; rounded down or to the
    // nearest, which is not always that of the exact product.
    for isNearest in [false, true] {
      let first = 1_764_253_000.123
      var time = first
      let times = (0..<20_000).map { _ in
        time += Double.random(in: 0...0.4, using: &rng)
        let product = (time - first) * 1e9
        return Int64(isNearest ? product.rounded() : product)
      }
      let unit = try #require(ClockUnit.find(in: times, 1, &found, &offsets, &shifts))
      #expect(unit.length == 1_953_125 && unit.parts == 8_192)
      #expect(offsets.offsets.count < 20)
    }
  }

  @Test func unitsOutsideTheFormatAreNone() {
    for (length, parts, rest) in [
      (0, 3, 0), (1, 0, 0), (1, 1, 0), (1, 3, 3), (1, 1 << 20 + 1, 0), (.max, 2, .max),
    ] as [(UInt64, UInt64, UInt64)] {
      #expect(ClockUnit(length: length, parts: parts, rest: rest) == nil)
    }
    #expect(ClockUnit(length: .max, parts: 1 << 20, rest: 1 << 20 - 1) != nil)
  }

  @Test(arguments: [Preset.fast, .balanced, .compact])
  func sectionsOfTicksComeBackAndAreShorter(_ preset: Preset) throws {
    var rng = SeededRandom(seed: 8)
    for (length, parts) in ClockUnit.known {
      for count in [9, 300, 9_000] {
        var tick: Int64 = 0
        let ticks = (0..<count).map { _ in
          tick += Int64.random(in: 20_000...28_000, using: &rng)
          return tick - 24_000
        }
        let times = Self.times(ticks, length, parts, rest: parts - 1, from: 5_000_000_000)
        // A few nanoseconds more of many of them, and the clock is not that one.
        var others = times
        for place in stride(from: 4, to: count, by: 4) { others[place] += 5 }
        let size = try byteCount(ofTimes: times, preset)
        let other = try byteCount(ofTimes: others, preset)
        // Each tick is 18 to 280 nanoseconds: four bits and more.
        let isShorter = count < 300 ? size <= other + 4 : size + count * 2 / 5 < other
        #expect(isShorter, "\(length)/\(parts): \(size), \(other)")
      }
    }
  }

  @Test(arguments: [Preset.fast, .balanced, .compact])
  func aFirstTimeFarFromAllTicksLeavesThemAsTheyAre(_ preset: Preset) throws {
    var rng = SeededRandom(seed: 11)
    for (length, parts) in ClockUnit.known {
      // Times the parts these are about 2⁶³, so that products would wrap between other events.
      for first in [Int64.min, .max, .min / Int64(parts), .max / Int64(parts)] {
        // Before and behind 0, where the first of other stretches stands.
        let ticks = (-150..<150).map { $0 * 1_000 + Int64.random(in: 0..<1_000, using: &rng) }
        var times = Self.times(ticks, length, parts, rest: parts - 1, from: 0)
        times[0] = first
        _ = try byteCount(ofTimes: times, preset)
      }
    }
  }

  @Test func theAdaptiveHeaderHasAnyFraction() throws {
    for (length, parts, rest) in [
      (125, 3, 2), (7, 2, 1), (.max, 1 << 20, 1 << 20 - 1), (1 << 40 - 1, 999, 0), (1 << 40, 5, 4),
    ] as [(UInt64, UInt64, UInt64)] {
      let unit = try #require(ClockUnit(length: length, parts: parts, rest: rest))
      var plan = AdaptiveClock(first: 5)
      plan.clock = unit
      plan.period = 4
      var writing = AdaptiveSection(coder: BitEncoder())
      writing.reset(eventCount: 1)
      try writing.codeClock(plan, eventCount: 1, at: 0)
      writing.model.coder.finish()
      var reading = AdaptiveSection(coder: BitDecoder())
      reading.model.coder.reset(writing.model.coder.bytes.span)
      reading.reset(eventCount: 1)
      try reading.codeClock(AdaptiveClock(first: 5), eventCount: 1, at: 0)
      #expect(reading.clock == unit && writing.clock == unit)
      #expect(reading.time.unit == 1 && reading.time.last == 0)
      // A millisecond.
      let period = 256e6 * Double(parts) / Double(length)
      let expected = length < 1 << 40 ? Int64(period.rounded()) : 0
      #expect(reading.time.period == expected && writing.time.period == expected)
    }
  }
}
