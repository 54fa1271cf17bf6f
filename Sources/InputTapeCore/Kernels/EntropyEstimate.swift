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
    var cost = 16 * extraBits
    extraBits = 0
    var (total, known, largest) = (0, 0, 0)
    let logarithms = Self.logarithms
    var source = counts.mutableSpan
    precondition(source.count == 256, "A count for each token")
    for first in stride(from: 0, to: 256, by: 8) {
      // Few tokens are in use: eight others are passed over at once.
      var union: Int32 = 0
      for index in first..<(first &+ 8) { union |= source[index] }
      guard union != 0 else { continue }
      for index in first..<(first &+ 8) where source[index] != 0 {
        let count = Int(source[index])
        source[index] = 0
        total &+= count
        largest = max(largest, count)
        known &+= count &* (count < logarithms.count ? Int(logarithms[count]) : Self.log2(count))
        cost &+= 16 * 5
      }
    }
    guard total > 0 else { return cost }
    let whole = Self.log2(total)
    // A fraction of a bit is the least, whatever codes the tokens: one of them may have less.
    return cost + total * whole - known + largest * max(1 - whole + Self.log2(largest), 0)
  }

  /// The logarithms of counts in a sample.
  private static let logarithms = [0] + (1..<2_048).map { UInt8(log2($0)) }

  /// The logarithm to base 2, in sixteenths: exact powers, straight lines between.
  private static func log2(_ value: Int) -> Int {
    let exponent = Int.bitWidth - 1 - value.leadingZeroBitCount
    let fraction = ((value << 6) >> exponent) - 64
    return 16 * exponent + (fraction + fraction * (64 - fraction) / 192) / 4
  }
}
