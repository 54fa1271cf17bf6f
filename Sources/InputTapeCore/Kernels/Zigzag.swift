// SPDX-License-Identifier: Apache-2.0
//
// Signed numbers as unsigned ones, small where they are near 0 (Specs/Encodings.md, section 1).

/// Zigzag: 0, −1, 1, −2, 2, … become 0, 1, 2, 3, 4, …
enum Zigzag {
  @inline(__always)
  static func encode(_ value: Int32) -> UInt32 {
    UInt32(bitPattern: (value &<< 1) ^ (value &>> 31))
  }

  @inline(__always)
  static func encode(_ value: Int64) -> UInt64 {
    UInt64(bitPattern: (value &<< 1) ^ (value &>> 63))
  }

  @inline(__always)
  static func decode(_ value: UInt32) -> Int32 {
    Int32(bitPattern: (value &>> 1) ^ (0 &- (value & 1)))
  }

  @inline(__always)
  static func decode(_ value: UInt64) -> Int64 {
    Int64(bitPattern: (value &>> 1) ^ (0 &- (value & 1)))
  }
}
