// SPDX-License-Identifier: Apache-2.0
//
// How velocities change with the time between events and with each other (Specs/Adaptive.md,
// section 7).

/// What the velocities of one sort are multiplied by: the median of what followed such velocities.
struct AdaptiveFactor {
  /// In 256ths.
  private var value: Int16 = 256
  private var count: UInt16 = 0

  @inline(__always)
  func times(_ velocity: Int32) -> Int32 {
    let product = Int64(velocity) &* Int64(value) &+ 128
    return Int32(truncatingIfNeeded: product >> 8)
  }

  /// Notes that the factor was too small or too large.
  @inline(__always)
  mutating func adapt(_ isMore: Bool) {
    let step = max(64 / (Int16(truncatingIfNeeded: count) &+ 2), 3)
    value = min(max(value &+ (isMore ? step : 0 &- step), -256), 1_024)
    count = min(count &+ 1, 64)
  }
}
