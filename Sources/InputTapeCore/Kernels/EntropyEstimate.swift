// SPDX-License-Identifier: Apache-2.0
//
// How many bits tokens will take, before they are compressed.
//
// Integers only, so that every machine makes the same choice.

/// A histogram of tokens and what it says of their size.
struct EntropyEstimate {
  private var counts = InlineArray<256, Int32>(repeating: 0)
  private var total = 0
  private var extraBits = 0

  mutating func reset() {
    counts = InlineArray(repeating: 0)
    total = 0
    extraBits = 0
  }

  @inline(__always)
  mutating func add(_ token: Int, extra: Int) {
    counts[token & 255] &+= 1
    total &+= 1
    extraBits &+= extra
  }

  /// Sixteenths of a bit, about: order-0 entropy, extra bits, and a table of the tokens in use.
  var cost: Int {
    guard total > 0 else { return 0 }
    let whole = Self.log2(total)
    var cost = 16 * extraBits
    for index in 0..<256 {
      let count = counts[index]
      guard count > 0 else { continue }
      // No token of a Huffman code takes less than a bit.
      cost += Int(count) * max(whole - Self.log2(Int(count)), 4) + 16 * 5
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
