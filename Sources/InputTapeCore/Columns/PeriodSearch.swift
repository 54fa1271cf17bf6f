// SPDX-License-Identifier: Apache-2.0
//
// The period of a device's reports, or of the clock that stamps them (Specs/Encodings.md, section
// 7).

/// Finds periods that differences of times may be multiples of.
enum PeriodSearch {
  /// A period in units times 2¹⁶, and how far differences usually are from its multiples.
  struct Candidate {
    let period: Int64
    let noise: UInt64

    var noiseBits: Int64 { Int64(64 - noise.leadingZeroBitCount) }
  }

  /// The usual difference may be as many periods: a device at rest leaves reports out, and a clock
  /// of 15.6 ms shows a report each 109 ms as seven ticks.
  private static let parts: ClosedRange<UInt64> = 1...16
  /// So many thousandths.
  private static let clearly = 40
  /// So many differences tell what is usual, and up to twice as many.
  private static let usualCount = 160
  /// So many, and up to twice as many, tell how far they are from multiples.
  private static let noiseCount = 128
  /// Periods that fit less are no device's and no clock's: a grid leaves as much of times as there
  /// was.
  private static let leastScore = 400
  /// Differences of so many periods are told apart while the period is not known well.
  private static let stepLimit: UInt64 = 256

  /// A period, and its reciprocal: a division by it takes longer.
  private struct Divisor {
    let period: UInt64
    let inverse: Double

    init(_ period: UInt64) {
      self.period = period
      inverse = 1 / Double(period)
    }

    /// How many periods a difference below 2⁴¹ units is, about.
    @inline(__always)
    func steps(_ difference: UInt64) -> UInt64 {
      let sum = Double(Int64(bitPattern: difference &<< 16)) * inverse + NearestInteger.rounder
      return UInt64(bitPattern: NearestInteger.from(sum.bitPattern))
    }

    /// How far a difference below 2⁴¹ units is from a multiple, in units times 2¹⁶.
    @inline(__always)
    func distance(_ difference: UInt64) -> UInt64 {
      let rest = Int64(bitPattern: difference &<< 16 &- steps(difference) &* period)
      return rest.magnitude
    }
  }

  /// The periods worth a trial.
  ///
  /// - Parameter times: those of which these are the differences, in units.
  static func periods(
    of differences: [UInt64], _ times: [Int64], _ unit: UInt64
  ) -> [Candidate] {
    let ranges = Samples.ranges(of: differences.count)
    // A part of the sample, from all stretches, tells what is usual.
    let step = max(Samples.size(of: differences.count) / usualCount, 1)
    var sorted: [UInt64] = []
    sorted.reserveCapacity(2 * usualCount)
    for range in ranges {
      for index in stride(from: range.lowerBound, to: range.upperBound, by: step) {
        let difference = differences[index]
        if difference > 0, difference < 1 << 40 { sorted.append(difference) }
      }
    }
    guard sorted.count >= 32 else { return [] }
    var other: [UInt64] = []
    RadixSort.sort(&sorted, &other)
    let usual = mode(sorted.span)
    // Below a second of nanoseconds nothing here is beyond 2⁶³.
    guard usual < 1 << 30 else { return [] }
    let near = sorted.prefix { $0 <= 2 * usual }.map { Double($0 << 16) }
    var guesses: [(period: UInt64, score: Int)] = []
    for part in parts where usual / part >= 8 {
      let period = (usual << 16) / part
      let score = score(period, near.span)
      // A part of a period fits as well as the period: it must fit clearly better to be worth it.
      let best = guesses.last?.score ?? 0
      if score > best + Self.clearly { guesses.append((period, score)) }
      if score + Self.clearly > 1_000 { break }
    }
    if let period = keyPeriod(unit, below: usual) {
      let score = score(period, near.span)
      if score > (guesses.last?.score ?? 0) + Self.clearly { guesses.append((period, score)) }
    }
    guard let guess = guesses.last, guess.score > leastScore else { return [] }
    return refine(guess.period, Samples.values(differences, ranges), times, unit)
  }

  /// Many keyboards are asked each 8 ms: no difference of keys is usual, but all are multiples.
  private static let keyInterval: UInt64 = 8_000_000

  /// That, if a unit is so fine that it matters.
  private static func keyPeriod(_ unit: UInt64, below usual: UInt64) -> UInt64? {
    let period = keyInterval / unit
    return period >= 1_000 && period <= usual ? period << 16 : nil
  }

  /// The middle of the shortest stretch of values that holds a quarter of them.
  private static func mode(_ sorted: Span<UInt64>) -> UInt64 {
    let width = max(sorted.count / 4, 1)
    var best = (start: 0, span: UInt64.max)
    for start in 0..<(sorted.count - width) {
      // Relative to the value: jitter matters less in long differences.
      let (first, span) = (sorted[start], sorted[start &+ width &- 1] &- sorted[start])
      // A quotient is less than a number where this is less than its product.
      let bound = best.span.multipliedReportingOverflow(by: first)
      if bound.overflow || span &<< 10 < bound.partialValue {
        best = (start, span &<< 10 / first)
      }
    }
    return sorted[best.start + width / 2]
  }

  /// How many thousandths of the differences are near a multiple, beyond what chance brings.
  ///
  /// - Parameter differences: below 2³¹ units, in units times 2¹⁶: all that is said of them here
  ///   is a whole number below 2⁵¹.
  private static func score(_ period: UInt64, _ differences: Span<Double>) -> Int {
    let tolerance = max(1 << 16, period >> 4)
    let hits = GridLoops.countMultiples(
      of: Double(period), within: Double(tolerance), differences)
    let chance = min(Int(2000 * tolerance / period), 999)
    return (1000 * hits / max(differences.count, 1) - chance) * 1000 / (1000 - chance)
  }

  /// Better periods than `guess`, and the usual distance from them: what is usual in short
  /// stretches, and the tick of a clock.
  private static func refine(
    _ guess: UInt64, _ sample: [UInt64], _ times: [Int64], _ unit: UInt64
  ) -> [Candidate] {
    var period = guess
    for length in [1, 8, 64] { period = slope(period, sample.span, stretch: length) ?? period }
    guard period >= 4 << 16 else { return [] }
    let divisor = Divisor(period)
    var distances: [UInt64] = []
    distances.reserveCapacity(noiseCount)
    for index in stride(from: 0, to: sample.count, by: max(sample.count / noiseCount, 1)) {
      let difference = sample[index]
      if difference > 0, difference < 1 << 40 {
        distances.append(divisor.distance(difference) >> 16)
      }
    }
    // Where distances are as large as chance has them, there is no grid.
    guard let noise = Selection.median(&distances), noise <= period >> 19 else { return [] }
    let clock = clock(period, times, unit)
    // Where there is noise the phase follows it, and so a period that is a little off.
    return (clock == period || noise > 1 ? [clock] : [clock, period]).map {
      Candidate(period: Int64($0), noise: noise)
    }
  }

  /// The median of how long a period is in stretches of differences.
  private static func slope(_ period: UInt64, _ sample: Span<UInt64>, stretch: Int) -> UInt64? {
    let divisor = Divisor(period)
    let limit = stepLimit * (period >> 16)
    var slopes: [UInt64] = []
    slopes.reserveCapacity(128)
    var start = 0
    while start + stretch <= sample.count {
      var sum: UInt64 = 0
      var steps: UInt64 = 0
      for place in start..<(start + stretch) where sample[place] < limit {
        sum += sample[place]
        steps += divisor.steps(sample[place])
      }
      if steps > 0 { slopes.append((sum << 16) / steps) }
      // Some sixty have their median where all have theirs.
      start += max(stretch, sample.count / 64)
    }
    return Selection.median(&slopes)
  }

  /// How long the period of a clock is that runs on in pauses: from stretches so long that their
  /// ends matter less and less, each so short that the period before tells how many periods it has.
  private static func clock(_ guess: UInt64, _ times: [Int64], _ unit: UInt64) -> UInt64 {
    var period = guess
    for length in [512, 4_096, 32_768] where length < times.count {
      let divisor = Divisor(period)
      let last = times.count - 1 - length
      var slopes: [UInt64] = []
      for part in 0..<min(last + 1, 16) {
        let start = last * part / 15
        let span = UInt64(bitPattern: times[start + length] &- times[start]) / unit
        guard span < 1 << 40 else { continue }
        let steps = divisor.steps(span)
        if steps > 0 { slopes.append((span << 16) / steps) }
      }
      period = Selection.median(&slopes) ?? period
    }
    return period
  }
}
