// SPDX-License-Identifier: Apache-2.0
//
// A sample of numbers, counted once for all schemes.

/// How many numbers of a sample are in which class.
struct NumberHistogram {
  private var counts = [Int32](repeating: 0, count: FineClass.count)
  private var used: [(number: UInt16, count: Int32)] = []

  /// Counts numbers, in place of those before.
  mutating func replace(with numbers: [UInt64], _ ranges: [Range<Int>]) {
    for range in ranges { TokenSplit.count(numbers.span.extracting(range), into: &counts) }
    Self.take(&counts, into: &used)
  }

  /// Moves counts to where the classes that have some stand one after another.
  private static func take(
    _ counts: inout [Int32], into used: inout [(number: UInt16, count: Int32)]
  ) {
    used.removeAll(keepingCapacity: true)
    var source = counts.mutableSpan
    for number in 0..<source.count where source[number] != 0 {
      used.append((UInt16(truncatingIfNeeded: number), source[number]))
      source[number] = 0
    }
  }

  /// Adds their tokens to 256 counts.
  ///
  /// - Returns: how many extra bits they have.
  func addTokens(_ scheme: Int, to counts: inout [Int32]) -> Int {
    let tokens = FineClass.tokens[scheme]
    var total = 0
    for (number, count) in used {
      let entry = tokens[Int(number)]
      counts[Int(entry & 0xFF)] &+= count
      total &+= Int(count) &* Int(entry &>> 8)
    }
    return total
  }
}
