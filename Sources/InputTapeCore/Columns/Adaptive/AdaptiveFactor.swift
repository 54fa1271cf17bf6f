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

  /// Notes whether the factor was too small, too large or neither.
  ///
  /// - Parameters:
  ///   - predicted: what `velocity` was by the factor.
  ///   - known: the velocity that was multiplied; not 0.
  @inline(__always)
  mutating func adapt(from predicted: Int32, to velocity: Int32, _ known: Int32) {
    let step = max(64 / (Int16(truncatingIfNeeded: count) &+ 2), 3)
    let direction: Int16 = (velocity > predicted ? 1 : 0) &- (velocity < predicted ? 1 : 0)
    // Where the velocity was negative, more is less.
    let sign = Int16(truncatingIfNeeded: known >> 31 | 1)
    value = min(max(value &+ direction &* sign &* step, -256), 1_024)
    count = min(count &+ UInt16(truncatingIfNeeded: direction & 1), 64)
  }
}
