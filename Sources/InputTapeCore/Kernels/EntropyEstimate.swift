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

  /// Counts the tokens that `count` adds to counts, fewer than 2²⁰ in all; it returns their extra
  /// bits.
  @inline(__always)
  mutating func add(_ count: (inout [UInt32]) -> Int) { extraBits &+= count(&counts) }

  /// What the tokens take, about; then forgets them all.
  ///
  /// - Parameter areByTurns: whether there are four counts of each token.
  mutating func takeCost(byTurns areByTurns: Bool = true) -> Int {
    let sum = EntropySum(extraBits: extraBits, TokenSplit.take(&counts, byTurns: areByTurns))
    extraBits = 0
    return sum.cost
  }
}
