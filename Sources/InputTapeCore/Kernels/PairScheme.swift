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

  /// The class of a number and the count of its extra bits.
  @inline(__always)
  func size(of value: UInt64, width: Int) -> (number: Int, count: Int) {
    let number = classOf(value)
    return (number, number < Self.open ? max(number &- direct &+ 1, 0) : width)
  }

  /// The class of a number, its extra bits and their count, as a classifier's, by calculation.
  func classify(_ value: UInt64, width: Int) -> PairClass {
    let number = classOf(value)
    guard number < Self.open else {
      return PairClass(number: Self.open, extra: value, count: width)
    }
    let (base, count) = decode(number)
    return PairClass(number: number, extra: value &- base, count: count)
  }

  /// The smallest number of a class, and the count of its extra bits; not of the open class.
  func decode(_ number: Int) -> (base: UInt64, count: Int) {
    if number < direct { return (UInt64(number), 0) }
    let exponent = number - direct
    return (UInt64(direct) + (2 << UInt64(exponent)) - 2, exponent + 1)
  }
}

/// A number's class (of 16), and its extra bits.
struct PairClass {
  var number: Int
  var extra: UInt64
  var count: Int
}

/// A scheme's classes of small numbers as a table, and of large ones by calculation.
struct PairClassifier {
  let scheme: PairScheme
  /// For numbers below `smallCount`: the class (4 bits), 0 (4), the count of extra bits (8) and
  /// they (16); `open` in the open class.
  let small: [UInt32]

  static let smallCount = 512
  /// No other entry has this bit.
  static let open: UInt32 = 1 << 7

  init(_ scheme: PairScheme) {
    self.scheme = scheme
    small = (0..<UInt64(Self.smallCount)).map { value in
      let number = scheme.classOf(value)
      guard number < PairScheme.open else { return Self.open }
      let (base, count) = scheme.decode(number)
      return UInt32(number) | UInt32(count) << 8 | UInt32(value - base) << 16
    }
  }

  /// The class of a number, its extra bits and their count; in the open class the number itself in
  /// `width` bits.
  @inline(__always)
  func classify(_ value: UInt64, width: Int) -> PairClass {
    if value < UInt64(Self.smallCount) {
      let entry = small[Int(truncatingIfNeeded: value)]
      guard entry & Self.open == 0 else {
        return PairClass(number: PairScheme.open, extra: value, count: width)
      }
      return PairClass(
        number: Int(entry & 15), extra: UInt64(entry &>> 16), count: Int(entry &>> 8 & 0xFF))
    }
    return scheme.classify(value, width: width)
  }

  /// The classifiers of all schemes; the scheme of `direct` stands at `direct`.
  static let all = (0...PairScheme.directRange.upperBound).map {
    PairClassifier(PairScheme(direct: max($0, 1)))
  }
}
