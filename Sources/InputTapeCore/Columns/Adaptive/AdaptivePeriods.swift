// SPDX-License-Identifier: Apache-2.0
//
// Units of clocks and periods of devices that have short names in a section (Specs/Adaptive.md,
// section 11), and the encoder's choice among them.

/// Known units and periods, and how an encoder chooses a period.
enum AdaptivePeriods {
  /// Nanoseconds of common clocks' units.
  static let units: [UInt64] = [
    1, 1_000_000, 1_000, 100, 10_000, 100_000, 10_000_000, 1_000_000_000, 8_000_000, 16_000_000,
    4_000_000, 10, 125_000, 2_000_000, 15_625_000,
  ]

  /// Picoseconds of common report intervals.
  static let periods: [Int64] = [
    62_500_000, 125_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_000_000_000, 3_750_000_000,
    4_000_000_000, 5_000_000_000, 6_944_444_444, 7_500_000_000, 8_000_000_000, 10_000_000_000,
    11_111_111_111, 12_500_000_000, 15_600_000_000, 15_625_000_000, 16_666_666_667,
  ]

  /// The period of a number, in 256ths of a unit.
  static func period(_ number: Int, unit: Int64) -> Int64 {
    guard unit > 0, unit < 1 << 40 else { return 0 }
    return (periods[number] * 256 / 1_000 + unit / 2) / unit
  }

  /// The number of the period that suits the times best, or nil where plain differences do.
  static func choose(_ times: [Int64], unit: Int64) -> Int? {
    guard unit > 0, unit < 20_000_000 else { return nil }
    let differences = sample(times, unit: unit)
    let trial = differences.prefix(64)
    let positive = trial.filter { $0 > 0 }.sorted()
    guard positive.count >= 8 else { return nil }
    let median = positive[positive.count / 2]
    let estimate = AdaptiveEstimate()
    var best: Int?
    var least = estimate.cost(differences[...], period: 0, limit: .max) * 6 / 5
    for number in candidates(trial, median, unit, estimate) {
      let period = period(number, unit: unit)
      var cost = estimate.cost(differences[...], period: period, limit: least)
      if period < 100 * 256 { cost = cost * 6 / 5 }
      if cost < least { (best, least) = (number, cost) }
    }
    return best
  }

  /// The first differences of times, in units: a third, but not few, as the choice shall be cheap.
  private static func sample(_ times: [Int64], unit: Int64) -> [Int64] {
    var result: [Int64] = []
    let count = min(times.count, max(256, min(times.count / 3, 1_024)))
    result.reserveCapacity(count)
    for index in 1..<max(1, count) {
      let (difference, overflow) = times[index].subtractingReportingOverflow(times[index - 1])
      if !overflow, difference >= 0, difference < 1 << 50 { result.append(difference / unit) }
    }
    return result
  }

  /// The three periods that suit the first differences best.
  private static func candidates(
    _ differences: ArraySlice<Int64>, _ median: Int64, _ unit: Int64,
    _ estimate: borrowing AdaptiveEstimate
  ) -> [Int] {
    var best: [(cost: Int, number: Int)] = []
    for number in periods.indices {
      let period = period(number, unit: unit)
      guard period >= 6 * 256, period <= median * 358, period * 256 >= median else { continue }
      let limit = best.count == 3 ? best[2].cost : .max
      let cost = estimate.cost(differences, period: period, limit: limit)
      guard cost < limit else { continue }
      best.insert((cost, number), at: best.firstIndex { cost < $0.cost } ?? best.count)
      if best.count > 3 { best.removeLast() }
    }
    return best.map(\.number)
  }
}

/// An estimate of what differences cost, in 16ths of a bit: by their frequencies, or by their
/// sizes.
private struct AdaptiveEstimate: ~Copyable {
  private let counts = MaskedTable<8, UInt16>(repeating: 0)
  private let rests = MaskedTable<8, UInt16>(repeating: 0)
  private let logarithms = Self.logarithms

  /// Binary logarithms in 16ths: of all counts in a sample, and a little more.
  private static let logarithms: [UInt16] = (0..<2_048).map { value in
    let size = bitSize(value)
    return value == 0 ? 0 : UInt16(16 * (size - 1) + (value << 4) >> (size - 1) - 16)
  }

  /// What differences cost as counts of a period and rests, or as they are without one; where that
  /// is not below `limit`, any number that is not either.
  func cost(_ differences: ArraySlice<Int64>, period: Int64, limit: Int) -> Int {
    counts.fill(256, with: 0)
    rests.fill(256, with: 0)
    var (total, cost) = (0, 0)
    var phase: Int64 = 0
    for difference in differences {
      guard cost < limit else { break }
      total += 1
      guard period > 0 else {
        cost += self.cost(difference, total, rests)
        continue
      }
      let distance = difference << 8 - phase
      let count = max(0, (distance + period / 2) / period)
      let rest = distance - count * period
      cost += self.cost(count, total, counts)
      cost += self.cost(count == 0 ? difference : (rest + 128) >> 8, total, rests)
      if count > 0 { phase = rest.magnitude > period / 4 ? 0 : -rest * 7 / 8 }
    }
    return cost
  }

  /// What a number costs after others, and counts it.
  @inline(__always)
  private func cost(
    _ value: Int64, _ total: Int, _ counts: borrowing MaskedTable<8, UInt16>
  ) -> Int {
    guard value > -128, value < 128 else { return 16 * (bitSize(value) + 2) }
    let slot = Int(value)
    let count = Int(counts[slot])
    counts[slot] = UInt16(truncatingIfNeeded: count &+ 1)
    if count == 0 { return 16 * (bitSize(value) + 3) }
    return Int(logarithms[total &+ 7]) &- Int(logarithms[count])
  }
}
