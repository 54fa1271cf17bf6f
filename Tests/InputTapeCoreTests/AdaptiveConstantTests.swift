// SPDX-License-Identifier: Apache-2.0
//
// The adaptive coder's constants, beside what Specs/Adaptive.md says of them in another way.

import Testing

@testable import InputTapeCore

struct AdaptiveConstantTests {
  private let tables = AdaptiveTables.shared

  private func probability(_ level: Int) -> Int { Int(tables.squash[16 * level + 8]) }

  @Test func probabilitiesOfLogitsAreThoseOfTheLogisticFunction() {
    // Twice around the middle is all, and both ends are left open.
    for logit in 0..<4_096 {
      let sum = Int(tables.squash[logit]) + Int(tables.squash[4_096 - max(logit, 1)])
      #expect(abs(sum - 65_536) <= 26)
    }
    #expect(tables.squash[0] == 22 && tables.squash[4_095] == 65_514)
    #expect(tables.squash[2_048] == 32_768)
    // 1 / (1 + 1/e) at a logit of 1.
    #expect(tables.squash[2_048 + 256] == 47_911)
    for level in 1..<256 { #expect(probability(level - 1) < probability(level)) }
  }

  @Test func everyStateHasTheNearestSuccessor() {
    var found = 0
    for count in 0..<16 {
      let rate = 655_360 / (10 * count + 16)
      for level in 0..<256 {
        let known = probability(level)
        #expect(
          tables.logits[256 * count + level] == (count == 0 ? 0 : Int16(8 * (16 * level - 2_040))))
        let zero = known - (known * rate) >> 16
        let one = known + ((65_535 - known) * rate) >> 16
        for (bit, target) in [zero, one].enumerated() {
          // `min` gives the first, the lower of two.
          let nearest =
            (0..<256).min { abs(probability($0) - target) < abs(probability($1) - target) } ?? 0
          let other = min(max(level + 2 * bit - 1, 0), 255)
          let next = Int(tables.successors[4_096 * bit + 256 * count + level])
          #expect(next & 255 == (nearest == level ? other : nearest))
          #expect(next >> 8 == min(count + 1, 15))
          found += 1
        }
      }
    }
    #expect(found == 8_192)
  }

  @Test func unitsAndPeriodsAreThoseOfTheFormat() {
    #expect(
      AdaptivePeriods.units == [
        1, 1_000_000, 1_000, 100, 10_000, 100_000, 10_000_000, 1_000_000_000, 8_000_000,
        16_000_000, 4_000_000, 10, 125_000, 2_000_000, 15_625_000,
      ])
    // Reports a second, in thousandths.
    let rates = [
      16_000_000, 8_000_000, 4_000_000, 2_000_000, 1_000_000, 500_000, 266_667, 250_000, 200_000,
      144_000, 133_333, 125_000, 100_000, 90_000, 80_000, 64_103, 64_000, 60_000,
    ]
    #expect(AdaptivePeriods.periods.count == rates.count)
    for (number, rate) in rates.enumerated() {
      let nanoseconds = 1e12 / Double(rate)
      let scaled = Double(AdaptivePeriods.period(number, unit: 1)) / 256
      #expect(abs(scaled - nanoseconds) < nanoseconds / 100_000)
      let halves = AdaptivePeriods.period(number, unit: 2)
      #expect(abs(halves * 2 - AdaptivePeriods.period(number, unit: 1)) <= 1)
    }
    #expect(AdaptivePeriods.period(4, unit: 1_000_000) == 256)
    #expect(AdaptivePeriods.period(4, unit: 1 << 40) == 0)
    #expect(AdaptivePeriods.period(4, unit: 0) == 0)
  }
}
