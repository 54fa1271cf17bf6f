// SPDX-License-Identifier: Apache-2.0
//
// Sizes and limits of numbers (Specs/Adaptive.md, section 1).

// What follows has no branches: signs and small numbers of hands are what processors guess wrong.

/// The number of bits of a number's magnitude. From the exponent, as x86-64 finds the highest bit
/// slowly.
@inline(__always)
func bitSize(_ value: Int32) -> Int {
  max(Int(truncatingIfNeeded: Double(value).bitPattern >> 52 & 0x7FF) &- 1_022, 0)
}

/// The size of a number's magnitude in halves of bits.
@inline(__always)
func halfBitSize(_ value: Int32) -> Int {
  // The exponent, and the bit below the highest.
  let size = Int(truncatingIfNeeded: Double(value).bitPattern >> 51 & 0xFFF) &- 2_046
  return max(size, value == 0 ? 0 : 1)
}

/// 1 for a number below 0.
@inline(__always)
func signBit(_ value: Int32) -> Int { Int(UInt32(bitPattern: value) >> 31) }

/// The number of bits of a number's magnitude.
@inline(__always)
func bitSize(_ value: Int64) -> Int { 64 &- value.magnitude.leadingZeroBitCount }

/// The number of bits of a number that is not negative.
@inline(__always)
func bitSize(_ value: Int) -> Int { 64 &- value.leadingZeroBitCount }

/// The size of an average in halves of bits.
@inline(__always)
func halfBitSize(_ value: Int) -> Int {
  let size = bitSize(value)
  return size < 2 ? size : 2 &* size &- 2 &+ ((value >> (size &- 2)) & 1)
}

/// A number, brought into −limit to limit.
@inline(__always)
func clamped(_ value: Int64, _ limit: Int64) -> Int64 { min(max(value, 0 &- limit), limit) }

/// A number that is not negative, for a context.
@inline(__always)
func unsigned(_ value: Int) -> UInt64 { UInt64(truncatingIfNeeded: value) }
