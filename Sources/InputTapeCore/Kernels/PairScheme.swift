// SPDX-License-Identifier: Apache-2.0
//
// The classes of numbers that make half a token (Specs/Encodings.md, section 6).

/// How a number becomes one of 16 classes and extra bits.
///
/// Below `direct` a number is its own class; class `direct + e` is the 2^(e + 1) numbers from
/// `direct + 2^(e + 1) − 2` on; class 15 is any number, in all its bits.
struct PairScheme: Hashable, Sendable {
  let direct: Int

  /// The schemes of the format: 1 to 13.
  static let directRange = 1...13

  /// The class that holds any number.
  static let open = 15

  /// A number's class.
  @inline(__always)
  func classOf(_ value: UInt64) -> Int {
    if value < UInt64(direct) { return Int(value) }
    // A number near 2⁶⁴ wraps: it is in the open class.
    guard value < 1 << 32 else { return Self.open }
    let exponent = 62 - (value &- UInt64(direct) &+ 2).leadingZeroBitCount
    return direct + exponent >= Self.open ? Self.open : direct + exponent
  }

  /// The smallest number of a class, and the count of its extra bits; not of the open class.
  func decode(_ number: Int) -> (base: UInt64, count: Int) {
    if number < direct { return (UInt64(number), 0) }
    let exponent = number - direct
    return (UInt64(direct) + (2 << UInt64(exponent)) - 2, exponent + 1)
  }
}

/// A scheme's classes of small numbers as a table, and of large ones by calculation.
struct PairClassifier {
  private let scheme: PairScheme
  /// Class (4 bits), count of extra bits (4), extra bits.
  private var small = [UInt32](repeating: 0, count: Self.smallCount)

  private static let smallCount = 512

  init(_ scheme: PairScheme) {
    self.scheme = scheme
    for value in 0..<Self.smallCount {
      let number = scheme.classOf(UInt64(value))
      // A number below 512 is in the open class only where all schemes but that are beyond.
      let (base, count) = number < PairScheme.open ? scheme.decode(number) : (0, 15)
      small[value] = UInt32(number) | UInt32(count) << 4 | UInt32(UInt64(value) - base) << 8
    }
  }

  /// The class of a number, its extra bits and their count; in the open class the number itself in
  /// `width` bits.
  @inline(__always)
  func classify(_ value: UInt64, width: Int) -> (number: Int, count: Int, extra: UInt64) {
    if value < UInt64(Self.smallCount) {
      let entry = small[Int(truncatingIfNeeded: value)]
      let number = Int(entry & 15)
      if number < PairScheme.open { return (number, Int(entry >> 4 & 15), UInt64(entry >> 8)) }
      return (number, width, value)
    }
    let number = scheme.classOf(value)
    guard number < PairScheme.open else { return (number, width, value) }
    let (base, count) = scheme.decode(number)
    return (number, count, value &- base)
  }

  /// The classifiers of all schemes; the scheme of `direct` stands at `direct`.
  static let all = (0...PairScheme.directRange.upperBound).map {
    PairClassifier(PairScheme(direct: max($0, 1)))
  }
}
