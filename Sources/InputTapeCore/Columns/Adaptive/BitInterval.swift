// SPDX-License-Identifier: Apache-2.0
//
// The interval of the arithmetic coder (Specs/Adaptive.md, section 2).

/// What encoder and decoder do alike with their interval.
enum BitInterval {
  /// The last number of the part that stands for a 1.
  @inline(__always)
  static func middle(_ low: UInt32, _ high: UInt32, _ probability: Int) -> UInt32 {
    let range = UInt64(high &- low)
    return low &+ UInt32(truncatingIfNeeded: (range &* UInt64(probability)) >> 16)
  }

  /// The shortest bytes that name a number of the interval when zeros follow them.
  ///
  /// - Returns: the number, and how many of its bytes are not understood.
  static func ending(_ low: UInt32, _ high: UInt32) -> (value: UInt32, byteCount: Int) {
    if low == 0 { return (0, 0) }
    for byteCount in 1...3 {
      let unit = UInt32(1) << UInt32(32 - 8 * byteCount)
      let (sum, overflow) = low.addingReportingOverflow(unit &- 1)
      let value = sum & ~(unit &- 1)
      if !overflow, value <= high { return (value, byteCount) }
    }
    return (low, 4)
  }
}
