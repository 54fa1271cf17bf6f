// SPDX-License-Identifier: Apache-2.0
//
// How many bits tokens will take, before they are compressed.
//
// Integers only, so that every machine makes the same choice.

/// A histogram of tokens and what it says of their size.
struct EntropyEstimate {
  private var counts = [Int32](repeating: 0, count: 256)
  private var extraBits = 0

  /// Counts the tokens that `count` adds to 256 counts; it returns their extra bits.
  @inline(__always)
  mutating func add(_ count: (inout [Int32]) -> Int) { extraBits &+= count(&counts) }

  /// Sixteenths of a bit, about: order-0 entropy, extra bits, and a table of the tokens in use;
  /// then forgets all tokens.
  mutating func takeCost() -> Int {
    var total = 0
    var cost = 16 * extraBits
    extraBits = 0
    var source = counts.mutableSpan
    for index in 0..<256 { total += Int(source[index]) }
    guard total > 0 else { return 0 }
    let whole = Self.log2(total)
    for index in 0..<256 {
      let count = Int(source[index])
      guard count > 0 else { continue }
      source[index] = 0
      // A fraction of a bit is the least, whatever codes the tokens.
      cost += count * max(whole - Self.log2(count), 1) + 16 * 5
    }
    return cost
  }

  /// The logarithm to base 2, in sixteenths: exact powers, straight lines between.
  private static func log2(_ value: Int) -> Int {
    let exponent = Int.bitWidth - 1 - value.leadingZeroBitCount
    let fraction = ((value << 6) >> exponent) - 64
    return 16 * exponent + (fraction + fraction * (64 - fraction) / 192) / 4
  }
}
