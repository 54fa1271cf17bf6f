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
    let positive = differences.filter { $0 > 0 }.sorted()
    guard positive.count >= 8 else { return nil }
    let median = positive[positive.count / 2]
    let trial = differences.prefix(64)
    let fits = periods.indices.filter { number in
      let period = period(number, unit: unit)
      return period >= 6 * 256 && period <= median * 358 && period * 256 >= median
    }
    let ranked = fits.map { (cost(trial, period: period($0, unit: unit)), $0) }.sorted { $0 < $1 }
    var best: Int?
    var least = cost(differences[...], period: 0) * 6 / 5
    for (_, number) in ranked.prefix(3) {
      let period = period(number, unit: unit)
      var cost = cost(differences[...], period: period)
      if period < 100 * 256 { cost = cost * 6 / 5 }
      if cost < least { (best, least) = (number, cost) }
    }
    return best
  }

  /// The first differences of times, in units: a third, but not few, as the choice shall be cheap.
  private static func sample(_ times: [Int64], unit: Int64) -> [Int64] {
    var result: [Int64] = []
    let count = min(times.count, max(256, min(times.count / 3, 1_024)))
    for index in 1..<max(1, count) {
      let (difference, overflow) = times[index].subtractingReportingOverflow(times[index - 1])
      if !overflow, difference >= 0, difference < 1 << 50 { result.append(difference / unit) }
    }
    return result
  }

  /// An estimate of the bits of differences, in 16ths.
  private static func cost(_ differences: ArraySlice<Int64>, period: Int64) -> Int {
    var rests = AdaptiveEstimate()
    guard period > 0 else {
      for difference in differences { rests.add(difference) }
      return rests.cost
    }
    var counts = AdaptiveEstimate()
    var phase: Int64 = 0
    for difference in differences {
      let distance = difference << 8 - phase
      let count = max(0, (distance + period / 2) / period)
      let rest = distance - count * period
      counts.add(count)
      rests.add(count == 0 ? difference : (rest + 128) >> 8)
      if count > 0 { phase = rest.magnitude > period / 4 ? 0 : -rest * 7 / 8 }
    }
    return counts.cost + rests.cost
  }
}

/// An estimate of what numbers cost: by their frequencies, or by their sizes.
private struct AdaptiveEstimate {
  private var counts = [UInt16](repeating: 0, count: 512)
  private var total = 0
  /// In 16ths of a bit.
  private(set) var cost = 0

  mutating func add(_ value: Int64) {
    let size = bitSize(value)
    total += 1
    guard size <= 7 else {
      cost += 16 * (size + 2)
      return
    }
    let slot = Int(value) & 511
    let count = Int(counts[slot])
    cost += count == 0 ? 16 * (size + 3) : logarithm(total + 7) - logarithm(count)
    counts[slot] += 1
  }

  /// The binary logarithm in 16ths, for numbers from 1.
  private func logarithm(_ value: Int) -> Int {
    let size = bitSize(value)
    return 16 * (size - 1) + ((value << 4) >> (size - 1)) - 16
  }
}
