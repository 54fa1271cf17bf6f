// SPDX-License-Identifier: Apache-2.0
//
// Classes of numbers so fine that each has one token in every scheme (Specs/Encodings.md,
// section 4).

/// Numbers below 256 one by one, larger ones by their highest bit and the four below it: no scheme
/// tells more of a number than that.
enum FineClass {
  static let count = 256 + 56 * 16

  /// The class of a number.
  @inline(__always)
  static func number(of value: UInt64) -> Int {
    if value < 256 { return Int(truncatingIfNeeded: value) }
    let exponent = 63 &- value.leadingZeroBitCount
    let low = (value &>> UInt64(truncatingIfNeeded: exponent &- 4)) & 15
    return 256 &+ (exponent &- 8) &* 16 &+ Int(truncatingIfNeeded: low)
  }

  /// The smallest number of a class.
  private static func base(_ number: Int) -> UInt64 {
    guard number >= 256 else { return UInt64(number) }
    return UInt64(16 + (number - 256) % 16) << UInt64(4 + (number - 256) / 16)
  }

  /// For each scheme, and in it for each class, the token (low 8 bits) and the count of extra bits.
  static let tokens = TokenScheme.all.flatMap { scheme in
    (0..<count).map { number in
      let (token, _, count) = scheme.encode(base(number))
      return UInt16(token & 255) | UInt16(count) << 8
    }
  }
}
