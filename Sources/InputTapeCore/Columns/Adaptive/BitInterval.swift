// SPDX-License-Identifier: Apache-2.0
//
// The interval of the range coder (Specs/Adaptive.md, section 2).

/// What encoder and decoder do alike with their interval: `range` numbers of 64 bits from `low` on,
/// which is known modulo 2⁶⁴.
enum BitInterval {
  /// The width of the lower part, which stands for a 1.
  @inline(__always)
  static func part(_ range: UInt64, _ probability: Int) -> UInt64 {
    (range >> 16) &* UInt64(truncatingIfNeeded: probability)
  }

  /// The shortest bytes that name a number of the interval when zeros follow them.
  ///
  /// - Returns: the number, modulo 2⁶⁴, and how many of its bytes are not understood.
  static func ending(_ low: UInt64, _ range: UInt64) -> (value: UInt64, byteCount: Int) {
    if low == 0 || 0 &- low < range { return (0, 0) }
    for byteCount in 1...7 {
      let unit = UInt64(1) << UInt64(64 - 8 * byteCount)
      let value = (low &+ (unit &- 1)) & ~(unit &- 1)
      if value &- low < range { return (value, byteCount) }
    }
    return (low, 8)
  }
}
