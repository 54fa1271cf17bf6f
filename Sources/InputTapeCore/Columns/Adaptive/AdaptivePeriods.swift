// SPDX-License-Identifier: Apache-2.0
//
// Units of clocks and periods of devices that have short names in a section (Specs/Adaptive.md,
// section 11).

/// Known units and periods.
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

  /// The period of a number, in 256ths of a unit, of which so many parts are `length` nanoseconds.
  static func period(_ number: Int, length: UInt64, parts: UInt64 = 1) -> Int64 {
    guard length > 0, length < 1 << 40 else { return 0 }
    let scaled = UInt64(periods[number] * 256 / 1_000) * parts
    return Int64((scaled + length / 2) / length)
  }
}
