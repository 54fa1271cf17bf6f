// SPDX-License-Identifier: Apache-2.0
//
// The encoder's choice of a period (Specs/Adaptive.md, section 11): by what a few hundred times
// would cost with each.
//
// Invariant: positions and periods are in 256ths of a unit. Each operation on them is one of IEEE
// 754's, so that every machine makes the same choice.

/// Chooses the period of a section; keeps its memory.
struct AdaptivePeriodChoice: ~Copyable {
  /// How often numbers came: for each of two periods counts and rests, by their lowest eight bits.
  private let counts = MaskedTable<10, UInt16>(repeating: 0)
  /// Binary logarithms in 16ths: of all counts in a sample, and a little more.
  private let logarithms = MaskedTable<11, UInt16>(repeating: 0)
  /// What a number costs that has not come before, by its lowest eight bits.
  private let firsts = MaskedTable<8, UInt16>(repeating: 0)
  private var differences: [Double] = []

  /// So many differences tell which periods are worth a look at all of the sample.
  private static let trialCount = 16
  /// So many tell whether it may pay to look on.
  private static let startCount = 64
  private static let candidateCount = 4

  init() {
    for value in 1..<logarithms.count {
      let size = bitSize(value)
      logarithms[value] = UInt16(16 * (size - 1) + (value << 4) >> (size - 1) - 16)
    }
    for value in -128..<128 { firsts[value] = UInt16(16 * (bitSize(Int64(value)) + 3)) }
  }

  /// The number of the period that suits the times best, or nil where plain differences do.
  ///
  /// - Parameters:
  ///   - times: in nanoseconds or the ticks of a clock.
  ///   - unit: divides all differences.
  mutating func choose(_ times: [Int64], unit: UInt64, _ clock: ClockUnit? = nil) -> Int? {
    guard unit > 0, unit < 20_000_000, let median = take(times, unit) else { return nil }
    var best: Int?
    let plain = plainCost()
    var least = plain.all * 6 / 5
    let candidates = candidates(median, clock?.length ?? unit, clock?.parts ?? 1)
    for first in stride(from: 0, to: candidates.count, by: 2) {
      // What is an eighth worse at first is not better in the end.
      guard candidates[first].cost * 8 <= candidates[0].cost * 9 else { break }
      let second = min(first + 1, candidates.count - 1)
      let periods = SIMD2(candidates[first].period, candidates[second].period)
      // Of so short a period there are fewer than it seems: it must be worth a sixth more.
      let isShort = periods .< 100 * 256
      let (more, less) = all(isShort) ? (1, 1) : (6, 5)
      let costs = costs(
        differences.count, periods, limit: min(least, plain.all * more / less + 1),
        startLimit: plain.start * more / less * 17 / 16)
      for place in first...second {
        let lane = place - first
        let cost = isShort[lane] ? costs[lane] * 6 / 5 : costs[lane]
        if cost < least { (best, least) = (candidates[place].number, cost) }
      }
    }
    return best
  }

  /// Takes the first differences of times: a third, but not few, as the choice shall be cheap.
  ///
  /// - Returns: about the median of the first positive ones, in units; nil where they are few.
  private mutating func take(_ times: [Int64], _ unit: UInt64) -> Int64? {
    let count = min(times.count, max(256, min(times.count / 3, 1_024)))
    differences.removeAll(keepingCapacity: true)
    differences.reserveCapacity(count)
    let divider = ExactDivider(unit)
    var positiveCount = 0
    var sorted: [Int64] = []
    sorted.reserveCapacity(22)
    for index in 1..<max(1, count) {
      let (difference, overflow) = times[index].subtractingReportingOverflow(times[index - 1])
      guard !overflow, difference >= 0, difference < 1 << 50 else { continue }
      let units = Int64(bitPattern: divider.divide(UInt64(bitPattern: difference)))
      if differences.count < 64, units > 0 {
        positiveCount += 1
        if positiveCount % 3 == 0 { sorted.append(units) }
      }
      differences.append(Double(units << 8))
    }
    guard positiveCount >= 8 else { return nil }
    sorted.sort()
    return sorted[sorted.count / 2]
  }

  /// A period, and what the first differences cost with it.
  private struct Candidate {
    var number: Int
    var period: Int64
    var cost = 0
  }

  /// The periods that suit the first differences best.
  private func candidates(_ median: Int64, _ length: UInt64, _ parts: UInt64) -> [Candidate] {
    var fitting: [Candidate] = []
    fitting.reserveCapacity(AdaptivePeriods.periods.count)
    for number in AdaptivePeriods.periods.indices {
      let period = AdaptivePeriods.period(number, length: length, parts: parts)
      guard period >= 6 * 256, period <= median * 358, period * 256 >= median else { continue }
      fitting.append(Candidate(number: number, period: period))
    }
    var best: [Candidate] = []
    best.reserveCapacity(Self.candidateCount + 2)
    for first in stride(from: 0, to: fitting.count, by: 2) {
      let second = min(first + 1, fitting.count - 1)
      let limit = best.count < Self.candidateCount ? .max : best[Self.candidateCount - 1].cost
      let costs = costs(
        min(Self.trialCount, differences.count),
        SIMD2(fitting[first].period, fitting[second].period), limit: limit)
      for place in first...second {
        let cost = costs[place - first]
        fitting[place].cost = cost
        best.insert(fitting[place], at: best.firstIndex { cost < $0.cost } ?? best.count)
      }
      best.removeLast(max(best.count - Self.candidateCount, 0))
    }
    return best
  }

  // MARK: - Costs

  /// What the differences cost as they are, in 16ths of a bit, and the first of them.
  private func plainCost() -> (start: Int, all: Int) {
    counts.fill(256, with: 0)
    var total = 0
    var start = 0
    for index in differences.indices {
      if index == Self.startCount { start = total }
      let number = (differences[index] * (1.0 / 256) + NearestInteger.rounder).bitPattern
      total &+= cost(number, table: 0, Int(logarithms[index &+ 8]))
    }
    return (start, total)
  }

  /// What the first differences cost as counts of two periods and rests; where neither is below
  /// `limit`, any numbers that are not either.
  ///
  /// - Parameter startLimit: where the start costs more, there is no need to look on.
  private func costs(
    _ count: Int, _ periods: SIMD2<Int64>, limit: Int, startLimit: Int = .max
  ) -> SIMD2<Int> {
    counts.fill(counts.count, with: 0)
    let periods = SIMD2<Double>(periods)
    let (inverses, bounds) = (1 / periods, periods * periods / 16)
    let rounder = SIMD2<Double>(repeating: NearestInteger.rounder)
    var phases = SIMD2<Double>()
    var (first, second) = (0, 0)
    let differences = differences.span
    var index = 0
    while index < count, min(first, second) < limit {
      if index == Self.startCount, min(first, second) > startLimit {
        return SIMD2(repeating: limit)
      }
      let logarithm = Int(logarithms[index &+ 8])
      let difference = SIMD2(repeating: differences[index])
      let steps = difference * inverses + rounder
      let distances = difference - (steps - rounder) * periods - phases
      // Halves become the larger number: of two the even one would be that of both neighbours.
      let rests = (distances + 1) * (1.0 / 256) + rounder
      // The phase follows what is near: within a quarter of the period.
      phases = (distances * -0.875).replacing(with: 0, where: distances * distances .> bounds)
      first &+= cost(steps.x.bitPattern, table: 0, logarithm)
      first &+= cost(rests.x.bitPattern, table: 1, logarithm)
      second &+= cost(steps.y.bitPattern, table: 2, logarithm)
      second &+= cost(rests.y.bitPattern, table: 3, logarithm)
      index &+= 1
    }
    return SIMD2(first, second)
  }

  /// What a number costs after others, and counts it.
  ///
  /// - Parameters:
  ///   - bits: those of the number plus `NearestInteger.rounder`.
  ///   - logarithm: of how many there are, and seven.
  @inline(__always)
  private func cost(_ bits: UInt64, table: Int, _ logarithm: Int) -> Int {
    let value = NearestInteger.from(bits)
    guard value > -128, value < 128 else { return Self.cost(ofLarge: value) }
    let slot = Int(truncatingIfNeeded: bits & 0xFF)
    let count = Int(counts[table &* 256 &+ slot])
    counts[table &* 256 &+ slot] = UInt16(truncatingIfNeeded: count &+ 1)
    let (first, more) = (Int(firsts[slot]), logarithm &- Int(logarithms[count]))
    return count == 0 ? first : more
  }

  @inline(never)
  private static func cost(ofLarge value: Int64) -> Int { 16 * (bitSize(value) + 2) }
}
