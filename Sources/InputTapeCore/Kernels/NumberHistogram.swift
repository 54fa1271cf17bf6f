// SPDX-License-Identifier: Apache-2.0
//
// A sample of numbers, counted once for all schemes.

/// How many numbers of a sample are in which class.
struct NumberHistogram {
  private var counts = [Int32](repeating: 0, count: FineClass.count)
  /// The classes that have some, in front of any.
  private var used = [UInt16](repeating: 0, count: FineClass.count + 1)
  private var usedCount = 0

  /// Counts numbers, in place of those before.
  mutating func replace(with numbers: [UInt64], _ ranges: [Range<Int>]) {
    for index in 0..<usedCount { counts[Int(used[index])] = 0 }
    usedCount = 0
    for range in ranges {
      TokenSplit.count(
        numbers.span.extracting(range), into: &counts, used: &used, usedCount: &usedCount)
    }
  }

  /// Adds their tokens to 256 counts.
  ///
  /// - Returns: how many extra bits they have.
  func addTokens(_ scheme: Int, to counts: inout [Int32]) -> Int {
    let tokens = FineClass.tokens[scheme]
    var total = 0
    for number in used[..<usedCount] {
      let entry = tokens[Int(number)]
      let count = self.counts[Int(number)]
      counts[Int(entry & 0xFF)] &+= count
      total &+= Int(count) &* Int(entry &>> 8)
    }
    return total
  }
}
