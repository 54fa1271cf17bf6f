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

/// The sizes of small numbers in all schemes, for where only sizes count.
enum PairSizes {
  /// For each scheme from `direct` 0 on, and in it for numbers below `PairClassifier.smallCount`:
  /// the class (24 bits), the count of extra bits of numbers of 32 bits (20) and of 64 (20), so
  /// that `sumLimit` pairs can be added.
  static let all = PairClassifier.all.flatMap { classifier in
    classifier.small.map { entry in
      let count = UInt64(entry >> 8 & 0xFF)
      guard entry & PairClassifier.open == 0 else {
        return UInt64(PairScheme.open) | 32 << count32Place | 64 << count64Place
      }
      return UInt64(entry & 15) | count << count32Place | count << count64Place
    }
  }

  static let sumLimit = 4_096
  private static let count32Place: UInt64 = 24
  private static let count64Place: UInt64 = 44

  /// Where a scheme's sizes begin.
  static func start(of direct: Int) -> Int { direct * PairClassifier.smallCount }

  /// The extra bits in a sum of sizes.
  static func bits(_ sum: UInt64, width: Int) -> Int {
    width == 64 ? Int(sum >> count64Place) : Int(sum >> count32Place & 0xF_FFFF)
  }
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
