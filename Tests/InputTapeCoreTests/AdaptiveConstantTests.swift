// SPDX-License-Identifier: Apache-2.0
//
// The adaptive coder's constants, beside what Specs/Adaptive.md says of them in another way.

import CInputTapePlatform
import Testing

@testable import InputTapeCore

struct AdaptiveConstantTests {
  private let tables = AdaptiveTables.shared

  /// The probability of a level plus 128.
  private func probability(_ level: Int) -> Int { Int(tables.squash[16 * level]) }

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
    for sum in Int(Int16.min)...Int(Int16.max) {
      let logit = min(max(sum, -2_048), 2_047) + 2_048
      let number = Int(UInt16(truncatingIfNeeded: sum))
      guard tables.probabilities[number] != tables.squash[logit] else { continue }
      Issue.record("\(sum)")
    }
  }

  @Test func everyStateHasTheNearestSuccessor() {
    var found = 0
    for count in 0..<16 {
      let rate = 655_360 / (10 * count + 14)
      for level in 0..<256 {
        let known = probability(level)
        let zero = known - (known * rate) >> 16
        let one = known + ((65_535 - known) * rate) >> 16
        for (bit, target) in [zero, one].enumerated() {
          // `min` gives the first, the lower of two.
          let nearest =
            (0..<256).min { abs(probability($0) - target) < abs(probability($1) - target) } ?? 0
          let other = min(max(level + 2 * bit - 1, 0), 255)
          // The low byte of a state is a signed level.
          let state = 256 * count + (level - 128) & 255
          let next = Int(tables.successors[4_096 * bit + state])
          #expect(Int(Int8(truncatingIfNeeded: next)) + 128 == (nearest == level ? other : nearest))
          #expect(next >> 8 == min(count + 1, 15))
          found += 1
        }
      }
    }
    #expect(found == 8_192)
  }

  @Test func weightsLearnLessWithTheirAge() {
    #expect(tables.rates.count == 2_400)
    for (age, rate) in tables.rates.enumerated() {
      #expect(Int(rate) == 40_960 / (160 + age))
    }
    #expect(tables.rates[0] == 256)
    #expect(tables.rates[2_399] == 16)
  }

  /// A set grows a year older whenever it learns, and its weights stay where sums have 31 bits.
  @Test func setsAge() {
    var set = AdaptiveTables.firstSet
    let logits = SIMD8<Int16>(.min, .max, 0, .min, .max, 5_120, 0, 0)
    for year in 0..<3_000 {
      #expect(set[6] == min(year, 2_399) && set[7] == 0)
      #expect(set[2] == 900)
      let error: Int16 = year < 1_500 ? .min : .max
      set = itape_learn(set, logits, error, AdaptiveTables.moreOfSet, AdaptiveTables.mostOfSet)
      for lane in 0..<6 { #expect(abs(Int(set[lane])) <= 12_600) }
      if year == 1_499 { #expect(set[0] == 12_600 && set[1] == -12_600) }
    }
    let most = Array(0..<6).map { Int(AdaptiveTables.mostOfSet[$0]) }
    #expect(5 * most[0] * 32_768 + most[5] * 5_120 < 1 << 31)
  }

  @Test func sizesFromExponentsAreThoseOfBits() {
    var numbers: [Int32] = [0, 1, 2, 3, .min, .min + 1, .max]
    for shift in 1..<31 { for near in -2...2 { numbers.append(Int32(1 << shift) + Int32(near)) } }
    for shift in 1..<30 { numbers.append(3 << Int32(shift)) }
    for number in numbers.flatMap({ [$0, 0 &- $0] }) {
      let size = String(number.magnitude, radix: 2).count
      #expect(bitSize(number) == (number == 0 ? 0 : size))
      #expect(halfBitSize(number) == halfBitSize(Int(number.magnitude)))
      #expect(bitSize(number) == bitSize(Int64(number)))
    }
    #expect(halfBitSize(5 as Int32) == 4 && halfBitSize(-6 as Int32) == 5)
  }

  @Test func vectorsDoWhatNumbersDo() {
    var random = SeededGenerator(seed: 8)
    for _ in 0..<1_000 {
      let a = SIMD8<Int16>.random(in: .min ... .max, using: &random)
      let b = SIMD8<Int16>.random(in: -13_000...13_000, using: &random)
      let sum = (0..<8).reduce(Int32(0)) { $0 &+ Int32(a[$1]) &* Int32(b[$1]) }
      #expect(itape_dot(a, b) == UInt16(truncatingIfNeeded: sum >> 16))
      let error = Int16.random(in: .min ... .max, using: &random)
      let more = SIMD8<Int16>.random(in: 0...16, using: &random)
      let bounds = SIMD8<Int16>.random(in: 0...13_000, using: &random)
      let learnt = itape_learn(b, a, error, more, bounds)
      let words = (0..<6).map { _ in UInt16.random(in: .min ... .max, using: &random) }
      let high = UInt32(words[4]) | UInt32(words[5]) << 16
      let bytes = itape_low_bytes(words[0], words[1], words[2], words[3], high)
      for lane in 0..<8 {
        let change = ((Int(a[lane]) * Int(error)) >> 16 + Int(more[lane])) >> 4
        let bound = Int(bounds[lane])
        #expect(Int(learnt[lane]) == min(max(Int(b[lane]) + change, -bound), bound))
        let byte = lane < 6 ? Int8(truncatingIfNeeded: words[lane]) : 0
        #expect(Int(bytes[lane]) == 256 * Int(byte))
      }
    }
    let least = SIMD8(repeating: Int16.min)
    #expect(itape_dot(least, least) == 0)  // 2³³.
    #expect(itape_dot(least, SIMD8(repeating: 1)) == UInt16(bitPattern: -4))
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
      let scaled = Double(AdaptivePeriods.period(number, length: 1)) / 256
      #expect(abs(scaled - nanoseconds) < nanoseconds / 100_000)
      let halves = AdaptivePeriods.period(number, length: 2)
      #expect(abs(halves * 2 - AdaptivePeriods.period(number, length: 1)) <= 1)
    }
    #expect(AdaptivePeriods.period(4, length: 1_000_000) == 256)
    #expect(AdaptivePeriods.period(4, length: 1 << 40) == 0)
    #expect(AdaptivePeriods.period(4, length: 0) == 0)
  }
}
