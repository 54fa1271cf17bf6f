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
}
