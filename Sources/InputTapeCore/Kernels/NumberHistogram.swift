// SPDX-License-Identifier: Apache-2.0
//
// A sample of numbers, counted once for all schemes.

/// How many numbers of a sample are in which class.
struct NumberHistogram {
  /// Of each class there are four by turns: a count that waits for itself is slow.
  private var counts = [SIMD4<Int32>](repeating: .zero, count: FineClass.count)
  /// The classes that have some, each up to four times, in front of any.
  private var found = [UInt16](repeating: 0, count: 4 * FineClass.count + 1)
  /// A bit for each class.
  private var marks = [UInt64](repeating: 0, count: (FineClass.count + 63) / 64)
  /// The classes that have some, ascending, and how many.
  private var used: [(number: UInt16, count: Int32)] = []

  /// Counts a sample of numbers, in place of those before.
  mutating func replace(with numbers: [UInt64]) {
    var foundCount = 0
    for index in 0..<Samples.count(of: numbers.count) {
      TokenSplit.count(
        numbers.span.extracting(Samples.range(index, of: numbers.count)), into: &counts,
        found: &found, foundCount: &foundCount)
    }
    used.removeAll(keepingCapacity: true)
    used.reserveCapacity(foundCount)
    for number in found[..<foundCount] {
      marks[Int(number >> 6)] |= 1 << UInt64(number & 63)
    }
    for index in marks.indices {
      var rest = marks[index]
      marks[index] = 0
      while rest != 0 {
        let number = index &<< 6 | rest.trailingZeroBitCount
        rest &= rest &- 1
        used.append((UInt16(truncatingIfNeeded: number), counts[number].wrappedSum()))
        counts[number] = .zero
      }
    }
  }

  /// About what their tokens take in the cheapest of some schemes, in sixteenths of a bit.
  ///
  /// - Parameters:
  ///   - limit: so many schemes are looked at, at most.
  ///   - tokenCost: what a table takes for each token in use, in sixteenths of a bit.
  /// - Returns: the scheme of the first that takes least; 0 where none holds `largest`.
  func cheapest(
    of schemes: [Int], holding largest: UInt64, limit: Int = .max,
    tokenCost: Int = EntropySum.tokenCost
  ) -> (scheme: Int, cost: Int) {
    let (tokens, logarithms) = (FineClass.tokens, EntropySum.logarithms)
    var best = (scheme: 0, cost: Int.max)
    var rest = limit
    for scheme in schemes where rest > 0 && TokenScheme.all[scheme].holds(largest) {
      rest -= 1
      let first = scheme * FineClass.count
      let cost = cost(
        tokens.span.extracting(first..<(first + FineClass.count)), logarithms.span
      ).cost(ofToken: tokenCost)
      if cost < best.cost { best = (scheme, cost) }
    }
    return best
  }

  private func cost(_ tokens: Span<UInt16>, _ logarithms: Span<UInt8>) -> EntropySum {
    var sum = EntropySum(extraBits: 0)
    // A larger number has no smaller token: those of one token stand together.
    var (last, together) = (0, 0)
    for index in used.indices {
      let entry = tokens[Int(used[index].number)]
      let count = Int(used[index].count)
      let token = Int(entry & 0xFF)
      if token != last, together > 0 {
        sum.add(together, logarithms)
        together = 0
      }
      last = token
      together &+= count
      sum.add(extraBits: count &* Int(entry &>> 8))
    }
    if together > 0 { sum.add(together, logarithms) }
    return sum
  }
}
