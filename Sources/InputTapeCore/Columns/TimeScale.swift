// SPDX-License-Identifier: Apache-2.0
//
// The unit of a track's clock (Specs/Encodings.md, section 5).

/// Finds the unit of times.
enum TimeScale {
  /// The greatest common divisor of the differences; 1 where all are 0.
  static func unit(of times: [Int64]) -> UInt64 {
    var unit: UInt64 = 0
    for index in times.indices.dropFirst() {
      // Differences are modulo 2⁶⁴ (Specs/Encodings.md, section 5).
      let difference = (times[index] &- times[index - 1]).magnitude
      if unit == 0 || difference % unit != 0 { unit = divisor(unit, difference) }
      if unit == 1 { break }
    }
    return max(unit, 1)
  }

  private static func divisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
    var (a, b) = (left, right)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}
