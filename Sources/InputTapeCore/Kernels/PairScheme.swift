// SPDX-License-Identifier: Apache-2.0
//
// Two numbers as one token of two classes, and raw extra bits (Specs/Encodings.md, section 6).

/// How a pair of numbers becomes one token and extra bits.
///
/// Each number has one of 16 classes: below `direct` it is its own class; class `direct + e` is the
/// 2^(e + 1) numbers from `direct + 2^(e + 1) − 2` on; class 15 is any number, in 32 bits. The
/// token is the first's class times 16 plus the second's.
package struct PairScheme: Hashable, Sendable {
  package let direct: UInt32

  /// The schemes of the format, by number.
  package static let all = [1, 3, 5, 7, 9, 11].map { PairScheme(direct: $0) }

  /// A number's class.
  @inline(__always)
  func classOf(_ value: UInt32) -> Int {
    if value < direct { return Int(value) }
    let exponent = 30 - (value &- direct &+ 2).leadingZeroBitCount
    // A number near 2³² wraps and has no exponent.
    return exponent < 0 || Int(direct) + exponent >= 15 ? 15 : Int(direct) + exponent
  }

  /// The smallest number of a class, and the count of its extra bits.
  func decode(_ number: Int) -> (base: UInt32, count: Int) {
    if number == 15 { return (0, 32) }
    if number < Int(direct) { return (UInt32(number), 0) }
    let exponent = number - Int(direct)
    return (direct &+ (2 << UInt32(exponent)) &- 2, exponent + 1)
  }

  /// Bases and counts of the 16 classes.
  static let tables = all.map { scheme in (0..<16).map { scheme.decode($0) } }
}

/// The classes of small numbers, and those of large ones.
struct PairClassifier {
  private let scheme: PairScheme
  private var small = [UInt8](repeating: 0, count: 512)

  init(_ scheme: PairScheme) {
    self.scheme = scheme
    for value in 0..<512 { small[value] = UInt8(scheme.classOf(UInt32(value))) }
  }

  @inline(__always)
  func classOf(_ value: UInt32) -> Int {
    value < 512 ? Int(small[Int(value)]) : scheme.classOf(value)
  }

  static let all = PairScheme.all.map { PairClassifier($0) }
}
