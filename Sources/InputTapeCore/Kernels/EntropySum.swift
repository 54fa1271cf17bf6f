// SPDX-License-Identifier: Apache-2.0
//
// How many bits tokens will take that come so often.
//
// Integers only, so that every machine makes the same choice.

import CInputTapePlatform

/// The size of tokens, by how often each comes.
struct EntropySum {
  private var total = 0
  private var known = 0
  private var largest = 0
  private var table: Int
  private var tokenCount = 0

  init(extraBits: Int) { table = 16 * extraBits }

  /// The size of counted tokens.
  init(extraBits: Int, _ counts: itape_count_sums) {
    self.init(extraBits: extraBits)
    (total, known) = (Int(counts.total), Int(counts.known))
    (largest, tokenCount) = (Int(counts.largest), Int(counts.used))
  }

  /// Adds extra bits of a token.
  @inline(__always)
  mutating func add(extraBits: Int) { table &+= 16 &* extraBits }

  /// Adds a token that comes so often, at least once.
  ///
  /// - Parameter logarithms: those of this type, which who adds many has at hand.
  @inline(__always)
  mutating func add(_ count: Int, _ logarithms: Span<UInt8>) {
    total &+= count
    largest = max(largest, count)
    known &+= count &* (count < logarithms.count ? Int(logarithms[count]) : Self.log2(count))
    tokenCount &+= 1
  }

  /// Sixteenths of a bit, about: order-0 entropy, extra bits, and a table of the tokens in use.
  var cost: Int {
    cost(ofToken: Self.tokenCost)
  }

  /// What a table takes for each token in use, about.
  static let tokenCost = 16 * 5

  /// The same, where the table takes so many sixteenths of a bit for each token in use.
  func cost(ofToken tokenCost: Int) -> Int {
    let table = table + tokenCost * tokenCount
    guard total > 0 else { return table }
    let whole = Self.log2(total)
    // A fraction of a bit is the least, whatever codes the tokens: one of them may have less.
    return table + total * whole - known + largest * max(1 - whole + Self.log2(largest), 0)
  }

  /// The logarithms of counts in a sample.
  static let logarithms = [0] + (1..<2_048).map { UInt8(log2($0)) }

  /// The logarithm to base 2, in sixteenths: exact powers, straight lines between.
  private static func log2(_ value: Int) -> Int {
    let exponent = Int.bitWidth - 1 - value.leadingZeroBitCount
    let fraction = ((value << 6) >> exponent) - 64
    return 16 * exponent + (fraction + fraction * (64 - fraction) / 192) / 4
  }
}
