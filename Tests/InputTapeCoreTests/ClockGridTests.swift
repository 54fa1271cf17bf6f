// SPDX-License-Identifier: Apache-2.0
//
// The decoder's grid of a clock gives back what the encoder's took.

import InputTapeTestKit
import Testing

@testable import InputTapeCore

@Suite struct ClockGridTests {
  @Test func whatIsTakenIsGivenBack() {
    var rng = SeededRandom(seed: 3)
    var (taken, odd, pauses) = (0, 0, 0)
    for _ in 0..<600 {
      // Down to the shortest period, whose half a phase that follows quickly goes beyond.
      let period =
        Int64.random(in: 4..<40, using: &rng) << 16
        + Int64.random(
          in: 0..<65_536, using: &rng)
      let grid = ClockGrid(
        period: period, gain: Int64.random(in: 0...6, using: &rng),
        clip: Int64.random(in: 0...5, using: &rng))
      var (encoder, decoder) = (grid, grid)
      for _ in 0..<200 {
        var difference = Int64.random(in: 0..<100, using: &rng)
        if rng.next() % 40 == 0 {
          difference = Int64.random(in: 0..<(1 << 46), using: &rng)
          pauses += 1
        }
        let (steps, residual) = encoder.take(difference)
        #expect(steps >= 0)
        // What is left is at most half a period, but for what the phase lags behind.
        if steps > 0, residual.magnitude > UInt64(period >> 17) + 1 { odd += 1 }
        #expect(decoder.advance(steps, residual: residual) == difference)
        taken += 1
      }
    }
    #expect(odd == 0)
    #expect(pauses > 1_000)
    print("differences on grids: \(taken), of which pauses: \(pauses)")
  }

  @Test func thePeriodIsThatOfThoseThatAreClosest() {
    // A third of the differences are 1,000, so that a quarter of those that are looked at are; the
    // others are far from each other and from that.
    var rng = SeededRandom(seed: 2)
    for base: UInt64 in [1_000, 1_013] {
      var differences = (0..<256 as Range<UInt64>).map { base * (12 + $0 % 70) + $0 % 3 }
      differences += Array(repeating: base, count: 128)
      differences.shuffle(using: &rng)
      let found = PeriodSearch.periods(of: differences, Self.times(differences), 1)
      #expect(!found.isEmpty && found.allSatisfy { $0.period >> 16 == Int64(base) })
      #expect(found.allSatisfy { $0.noise <= 1 })
    }
  }

  @Test func keysAreMultiplesOfWhatTheirKeyboardIsAskedAt() {
    // Each 8 ms, give or take a little, between keys of no usual distance.
    var rng = SeededRandom(seed: 4)
    for unit: UInt64 in [1, 100, 1_000] {
      for _ in 0..<10 {
        let differences = (0..<9_000).map { _ in
          let jitter = (rng.next() % 200_000 + rng.next() % 200_000) / unit
          return UInt64.random(in: 3...31, using: &rng) * 8_000_000 / unit + jitter - 200_000 / unit
        }
        let times = Self.times(differences.map { $0 * unit })
        let found = PeriodSearch.periods(of: differences, times, unit)
        let expected = Int64(8_000_000 / unit) << 16
        #expect(!found.isEmpty, "\(unit)")
        #expect(found.allSatisfy { abs($0.period - expected) < expected >> 10 }, "\(found)")
      }
    }
  }

  @Test func noPeriodIsFoundWhereThereIsNone() {
    // As far from multiples of anything as chance has it.
    var rng = SeededGenerator(seed: 5)
    for range: ClosedRange<UInt64> in [1...200, 100...10_000, 1_000_000...90_000_000] {
      let differences = (0..<20_000).map { _ in UInt64.random(in: range, using: &rng) }
      #expect(PeriodSearch.periods(of: differences, Self.times(differences), 1).isEmpty)
    }
    // Half as far as chance has it, which a grid does not follow.
    let wide = (0..<20_000).map { _ in UInt64.random(in: 750...1_250, using: &rng) }
    #expect(PeriodSearch.periods(of: wide, Self.times(wide), 1).isEmpty)
  }

  @Test func oneOfTwoPeriodsIsTriedWhereThePhaseFollowsNoise() {
    // A clock that runs on at 1,000.25 units: jitter of a few units hides what the fraction does.
    var rng = SeededGenerator(seed: 6)
    for (jitter, counts) in [(0, 1...2), (40, 1...1)] as [(UInt64, ClosedRange<Int>)] {
      let times = (0..<40_000).map { index in
        Int64(Double(index) * 1_000.25) + Int64.random(in: 0...Int64(jitter), using: &rng)
      }
      let differences = zip(times.dropFirst(), times).map { UInt64($0 - $1) }
      let found = PeriodSearch.periods(of: differences, times, 1)
      #expect(counts.contains(found.count), "\(found)")
      #expect(found.allSatisfy { abs($0.period - 65_552_384) < 1_000 }, "\(found)")
    }
  }

  private static func times(_ differences: [UInt64]) -> [Int64] {
    differences.reduce(into: [5]) { $0.append($0[$0.count - 1] + Int64($1)) }
  }

  /// Differences of whole milliseconds of a clock that ticks every `period`, `counts` ticks apart.
  private static func ticks(_ period: Double, _ counts: [Int]) -> [UInt64] {
    var (tick, last) = (0, UInt64(0))
    return counts.map { count in
      tick += count
      let time = UInt64(Double(tick) * period)
      defer { last = time }
      return time - last
    }
  }

  @Test func theTickOfAClockIsFoundToMillionths() {
    // A tick that is a little off drifts from those of 65,536 events until the grid is of no use.
    var rng = SeededGenerator(seed: 3)
    for period in [15.6001, 15.625, 10.0144, 8.3333] {
      let counts = (0..<65_535).map { _ in
        // Now and then a pause of minutes, in which the clock goes on.
        Int.random(in: 0..<400, using: &rng) == 0
          ? Int.random(in: 200..<9_000, using: &rng) : Int.random(in: 1...9, using: &rng)
      }
      let differences = Self.ticks(period, counts)
      let found = PeriodSearch.periods(of: differences, Self.times(differences), 1)
      let best = found.map { abs(Double($0.period) / 65_536 / period - 1) }.min() ?? 1
      #expect(best < 4e-6, "\(period): \(best)")
    }
  }

  @Test func medians() {
    var rng = SeededGenerator(seed: 4)
    var none: [UInt64] = []
    #expect(Selection.median(&none) == nil)
    for count in 1..<300 {
      let limit: UInt64 = count % 3 == 0 ? 4 : count % 3 == 1 ? 1_000 : .max
      var values = (0..<count).map { _ in UInt64.random(in: 0...limit, using: &rng) }
      if count % 5 == 0 { values.sort() }
      let expected = values.sorted()[count / 2]
      #expect(Selection.median(&values) == expected, "\(count)")
    }
  }

  @Test func numbersAreSortedByTheirBytes() {
    var rng = SeededGenerator(seed: 5)
    var other: [UInt64] = [7]
    for count in 0..<300 {
      let limit = UInt64.max >> UInt64(count % 64)
      let base = count % 3 == 0 ? UInt64.random(in: 0...(.max - limit), using: &rng) : 0
      var values = (0..<count).map { _ in base + UInt64.random(in: 0...limit, using: &rng) }
      let expected = values.sorted()
      RadixSort.sort(&values, &other)
      #expect(values == expected, "\(count)")
    }
  }

  @Test func multiplesAreCountedEitherWay() {
    var rng = SeededGenerator(seed: 6)
    for count in 0..<70 {
      let period = Int64.random(in: (8 << 16)...(1 << 40), using: &rng)
      // Also halves, which are the farthest.
      let rests: [Int64] = [0, period / 2, period / 16, period / 16 + 1]
      let numbers: [Double] = (0..<count).map { _ in
        let rest = rests[Int.random(in: 0...3, using: &rng)]
        return Double(period * Int64.random(in: 1...40, using: &rng) + rest)
      }
      let expected = numbers.count { (number: Double) in Int64(number) % period <= period / 16 }
      for isWide in WideLoops.areThere ? [false, true] : [false] {
        let found = GridLoops.countMultiples(
          of: Double(period), within: Double(period / 16), numbers.span, isWide: isWide)
        #expect(found == expected, "\(period)")
      }
    }
  }

  @Test func aGridMovesToWhatIsFarFromItEightTimes() {
    // Residuals of 3 units, beyond 2: the phase follows a little, and after eight in a row is that
    // of the last.
    for count in 1...20 {
      for side: Int64 in [-1, 1] {
        var grid = ClockGrid(period: 16 << 16, gain: 6, clip: 1)
        for _ in 0..<count { _ = grid.advance(1, residual: 3 * side) }
        let isMoved = count % 8 == 0
        #expect((grid.advance(1, residual: 0) == 16) == isMoved, "\(count)")
      }
    }
    // One on the other side, or within, begins to count anew.
    for between: Int64 in [-3, 2, -2, 0] {
      var grid = ClockGrid(period: 16 << 16, gain: 6, clip: 1)
      for _ in 0..<7 { _ = grid.advance(1, residual: 3) }
      _ = grid.advance(1, residual: between)
      _ = grid.advance(1, residual: 3)
      #expect(grid.advance(1, residual: 0) != 16, "\(between)")
    }
  }

  @Test func aGridMovesToWhatIsVeryLateAtOnce() {
    // Within the bound it follows by a part, beyond it by no more; from 2⁴⁴ on it moves.
    let bound: Int64 = 1 << 43
    let late = bound << 1
    let residuals: [Int64] = [bound, bound + 1, late - 1, late, 0 - late, late + 1]
    for residual in residuals {
      let isMoved = residual >= late
      var grid = ClockGrid(period: 16 << 16, gain: 6, clip: 43)
      _ = grid.advance(1, residual: residual)
      #expect((grid.advance(1, residual: 0) == 16) == isMoved, "\(residual)")
    }
  }

  @Test func aBoundBeyondItsRangeIsRefused() throws {
    // Three events of kind 16 without columns; a grid of period 1, gain 0, all numbers 0.
    let decoder = SectionDecoder()
    var batch = EventBatch(track: .first)
    for clip: UInt8 in [0, 43, 44, 255] {
      let bytes = [0, 1, 16, 0, 0, 0, 0, 1, 1, 1, 0, clip, 0, 0, 0x55, 5, 0, 0]
      let error: FormatError? = clip > 43 ? FormatError(.malformed, at: 0) : nil
      var found: FormatError?
      do throws(FormatError) {
        try decoder.decode(
          bytes.span, form: .plain, eventCount: 3, firstTime: 0, kinds: .all, at: 0, into: &batch)
      } catch {
        found = FormatError(error.code, at: 0)
      }
      #expect(found == error, "\(clip)")
    }
  }

  @Test func aGridWhosePhaseJumpsByHalfAPeriodPays() throws {
    var rng = SeededRandom(seed: 21)
    // At 2 kHz, in nanoseconds with half a microsecond's jitter; now and then half a period late.
    var phase: Int64 = 0
    let times = (0..<16_384).map { index -> Int64 in
      if index % 150 == 149 { phase += 250_000 }
      return Int64(index) * 500_000 + phase + Int64.random(in: -500...500, using: &rng)
    }
    // Ten bits of jitter, and 18 where the phase is not yet found again; differences alone take 15.
    let size = try byteCount(ofTimes: times, .balanced)
    #expect(size * 8 < 14 * times.count, "\(size)")
  }
}
