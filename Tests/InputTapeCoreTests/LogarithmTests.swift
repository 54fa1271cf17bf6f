// SPDX-License-Identifier: Apache-2.0
//
// Logarithms in integers beside those of the C library.

import Foundation
import InputTapeTestKit
import Testing

@testable import InputTapeCore

struct LogarithmTests {
  @Test func isWithinAThousandthOfABit() {
    var worst = 0.0
    for value in 1...100_000 {
      let scaled = Double(Logarithm.log2(value)) / Double(1 << Logarithm.scale)
      worst = max(worst, abs(scaled - log2(Double(value))))
    }
    #expect(worst < 0.0018)
    #expect(Logarithm.product(0) == 0 && Logarithm.product(1) == 0)
    #expect(Logarithm.product(1 << 16) == 16 << (16 + Logarithm.scale))
  }

  @Test func tokensThatAreAsFrequentCostTheLogarithmOfTheirNumber() {
    var estimate = EntropyEstimate()
    #expect(estimate.takeCost() == 0)
    for bits in 1...6 {
      // So many tokens, each four times, with a bit beside each.
      estimate.add { counts in
        for token in 0..<(1 << bits) { counts[token] += 4 }
        return 4 << bits
      }
      // A table entry takes five bits; costs are in sixteenths.
      #expect(estimate.takeCost() == 16 * ((4 << bits) * (bits + 1) + 5 << bits))
      #expect(estimate.takeCost() == 0)
    }
  }

  @Test func countsAreSummedUpEitherWay() {
    var rng = SeededRandom(seed: 12)
    let logarithms = EntropySum.logarithms
    for round in 0..<200 {
      let places = round % 2 == 0 ? 1 << 8 : 4 << 8
      var counts = [UInt32](repeating: 0, count: 4 << 8)
      for place in 0..<places where rng.next() % 40 > UInt64(round) / 5 {
        counts[place] = UInt32(rng.next() & 1_023) >> UInt32(rng.next() % 11)
      }
      if round == 7 { counts[255] = 3_000 }
      if round == 8 { counts[0] = 1_000_000 }
      var sum = EntropySum(extraBits: 5)
      for token in 0..<256 {
        let count = (0..<4).reduce(0) { $0 + counts[token | $1 << 8] }
        if count > 0 { sum.add(Int(count), logarithms.span) }
      }
      for isWide in WideLoops.areThere ? [false, true] : [false] {
        var rest = counts
        let found = TokenSplit.take(&rest, byTurns: places > 256, isWide: isWide)
        #expect(EntropySum(extraBits: 5, found).cost == sum.cost, "\(round), \(isWide)")
        #expect(rest.allSatisfy { $0 == 0 })
      }
    }
  }

  @Test func arraysHaveAnyLengthThatIsAskedFor() {
    var numbers: [UInt32] = [1, 2, 3]
    for count in [2, 0, 7, 7, 5_000, 40, 4_999, 0] {
      let isShorter = count <= numbers.count
      let before = numbers
      numbers.resize(forAll: count)
      #expect(numbers.count == count)
      #expect(!isShorter || numbers[...] == before.prefix(count))
      for index in numbers.indices { numbers[index] = UInt32(index) }
      #expect(numbers == (0..<count).map { UInt32($0) })
    }
  }
}
