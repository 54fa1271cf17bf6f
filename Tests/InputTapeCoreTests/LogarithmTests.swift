// SPDX-License-Identifier: Apache-2.0
//
// Logarithms in integers beside those of the C library.

import Foundation
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
}
