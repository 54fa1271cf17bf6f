// SPDX-License-Identifier: Apache-2.0
//
// How many bits tokens will take, before they are compressed.
//
// Integers only, so that every machine makes the same choice.

/// A histogram of tokens and what it says of their size.
struct EntropyEstimate {
  /// Behind those of each token there are as many three times, for who counts by turns.
  private var counts = [UInt32](repeating: 0, count: 4 << 8)
  private var extraBits = 0

  /// Counts the tokens that `count` adds to the first 256 counts; it returns their extra bits.
  @inline(__always)
  mutating func add(_ count: (inout [UInt32]) -> Int) { extraBits &+= count(&counts) }

  /// What the tokens take, about; then forgets them all.
  mutating func takeCost() -> Int {
    var sum = EntropySum(extraBits: extraBits)
    let logarithms = EntropySum.logarithms
    extraBits = 0
    var source = counts.mutableSpan
    precondition(source.count == 4 << 8, "A count for each token")
    for first in stride(from: 0, to: 256, by: 8) {
      // Few tokens are in use: eight others are passed over at once.
      var union: UInt32 = 0
      for index in first..<(first &+ 8) { union |= source[index] }
      guard union != 0 else { continue }
      for index in first..<(first &+ 8) where source[index] != 0 {
        sum.add(Int(source[index]), logarithms.span)
        source[index] = 0
      }
    }
    return sum.cost
  }
}
