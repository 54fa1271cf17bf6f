// SPDX-License-Identifier: Apache-2.0
//
// Numbers and fragments of text straight into a buffer.

/// Writes numbers and fragments at an offset of a buffer that has room for them.
enum TextDigits {
  /// The most bytes that a number takes.
  static let byteLimit = 20

  /// The digits of 00 to 99.
  static let pairs: [UInt8] = (0..<200).map { (place: UInt8) -> UInt8 in
    let digit = place % 2 == 0 ? place / 20 : place / 2 % 10
    return 0x30 + digit
  }

  /// Writes a number in decimal.
  @inline(__always)
  static func write(
    _ value: Int64, pairs: Span<UInt8>, _ output: inout MutableSpan<UInt8>, _ at: inout Int
  ) {
    var rest = value.magnitude
    if value < 0 {
      output[at] = 0x2D
      at &+= 1
    }
    if rest < 10 {
      output[at] = 0x30 | UInt8(truncatingIfNeeded: rest)
      at &+= 1
      return
    }
    let end = at &+ digitCount(rest)
    var index = end
    while rest >= 100 {
      let pair = Int(truncatingIfNeeded: rest % 100) &* 2
      rest /= 100
      index &-= 2
      output[index] = pairs[pair]
      output[index &+ 1] = pairs[pair &+ 1]
    }
    if rest >= 10 {
      let pair = Int(truncatingIfNeeded: rest) &* 2
      output[index &- 2] = pairs[pair]
      output[index &- 1] = pairs[pair &+ 1]
    } else {
      output[index &- 1] = 0x30 | UInt8(truncatingIfNeeded: rest)
    }
    at = end
  }

  /// The number of digits of a number.
  @inline(__always)
  private static func digitCount(_ value: UInt64) -> Int {
    var count = 1
    var limit: UInt64 = 10
    while value >= limit {
      count &+= 1
      // 10¹⁹ is the highest power of ten below 2⁶⁴.
      if count == 20 { break }
      limit &*= 10
    }
    return count
  }

  /// Writes a fragment.
  @inline(__always)
  static func write(
    _ range: Range<Int>, of fragments: Span<UInt8>, _ output: inout MutableSpan<UInt8>,
    _ at: inout Int
  ) {
    for index in range {
      output[at] = fragments[index]
      at &+= 1
    }
  }
}

extension [UInt8] {
  /// Appends a number in decimal.
  mutating func append(decimal value: Int64) {
    append(contentsOf: Array(String(value).utf8))
  }

  mutating func append(text: String) { append(contentsOf: Array(text.utf8)) }
}
