// SPDX-License-Identifier: Apache-2.0
//
// Numbers as a token of one byte and raw extra bits (Specs/Encodings.md, section 3).

/// How a number becomes a token and extra bits.
///
/// A number below 2 to the power of `split` is its own token; a larger one has a token for its
/// highest bit and the `detail` bits below that, and the bits that are left.
package struct TokenScheme: Hashable, Sendable {
  package let split: Int
  package let detail: Int

  /// The schemes of the format, by number.
  package static let all = [
    TokenScheme(split: 1, detail: 0), TokenScheme(split: 3, detail: 1),
    TokenScheme(split: 4, detail: 1), TokenScheme(split: 4, detail: 2),
    TokenScheme(split: 5, detail: 3), TokenScheme(split: 6, detail: 3),
    TokenScheme(split: 7, detail: 1), TokenScheme(split: 7, detail: 3),
    TokenScheme(split: 6, detail: 4), TokenScheme(split: 8, detail: 0),
  ]

  /// The token, extra bits, and their count for a number.
  @inline(__always)
  package func encode(_ value: UInt64) -> (token: Int, extra: UInt64, count: Int) {
    // All shifts are by 0 to 63: exponents are from `split` on, and `detail` is not above it.
    if value < 1 &<< UInt64(split) { return (Int(truncatingIfNeeded: value), 0, 0) }
    let exponent = 63 &- value.leadingZeroBitCount
    let count = exponent &- detail
    let shift = UInt64(truncatingIfNeeded: count)
    let low = (value &>> shift) & ((1 &<< UInt64(detail)) &- 1)
    let token =
      1 &<< split &+ (exponent &- split) &<< detail &+ Int(truncatingIfNeeded: low)
    return (token, value & ((1 &<< shift) &- 1), count)
  }

  /// Whether a number's token is a byte.
  package func holds(_ value: UInt64) -> Bool { encode(value).token < 256 }

  /// The smallest number of a token and the count of its extra bits; nil for one beyond `width`.
  package func decode(_ token: UInt8, width: Int) -> (base: UInt64, count: Int)? {
    let value = Int(token)
    if value < 1 << split { return (UInt64(value), 0) }
    let rest = value - (1 << split)
    let exponent = split + (rest >> detail)
    guard exponent < width else { return nil }
    let high = UInt64((1 << detail) | (rest & ((1 << detail) - 1)))
    return (high << UInt64(exponent - detail), exponent - detail)
  }
}

/// A scheme's tokens of small numbers as a table.
struct TokenClassifier {
  let scheme: TokenScheme
  /// For numbers below `smallCount`: the token (8 bits), the count of extra bits (8) and they (16).
  let small: [UInt32]

  static let smallCount = 512

  init(_ scheme: TokenScheme) {
    self.scheme = scheme
    small = (0..<UInt64(Self.smallCount)).map { value in
      let (token, extra, count) = scheme.encode(value)
      return UInt32(token & 255) | UInt32(count) << 8 | UInt32(extra) << 16
    }
  }

  /// The classifiers of all schemes, by number.
  static let all = TokenScheme.all.map { TokenClassifier($0) }
}
