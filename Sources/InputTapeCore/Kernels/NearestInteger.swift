// SPDX-License-Identifier: Apache-2.0
//
// Numbers to the nearest integers without a conversion, for short loops.

/// The integer that is nearest to a number within 2⁵¹; of two the even one.
enum NearestInteger {
  /// 1.5 · 2⁵²: with so large a number added, the lowest bits of the sum are those of the integer.
  static let rounder = 6_755_399_441_055_744.0

  /// The integer, of the bits of a number plus `rounder`.
  @inline(__always)
  static func from(_ bits: UInt64) -> Int64 { Int64(bitPattern: bits &- rounder.bitPattern) }
}
