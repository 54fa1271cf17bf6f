// SPDX-License-Identifier: Apache-2.0
//
// What the encoder counts before it chooses, against the plain way to count it.

import InputTapeTestKit
import Testing

@testable import InputTapeCore

struct ChoiceTests {
  @Test func timesAreCloseWhereTheMedianOfTheirDifferencesIs() {
    var rng = SeededRandom(seed: 7)
    var found = [false: 0, true: 0]
    for count in 0..<600 {
      var time: Int64 = 0
      let times = (0..<count).map { _ in
        time += Int64(rng.next() % 9) - 1
        return time
      }
      let limit = Int64(rng.next() % 6)
      #expect(TimeEncoder.areClose(times, within: limit) == median(times, isIn: 1, limit))
      found[median(times, isIn: 1, limit), default: 0] += 1
    }
    #expect(found.values.allSatisfy { $0 > 100 })
  }

  private func median(_ times: [Int64], isIn first: Int64, _ limit: Int64) -> Bool {
    let count = min(times.count - 1, 255)
    guard count > 0 else { return false }
    let stride = (times.count - 1) / count
    let median = (1...count).map { times[$0 * stride] - times[$0 * stride - 1] }.sorted()[count / 2]
    return median >= first && median <= limit
  }

  @Test func aHistogramHasTheTokensOfEachNumberAndForgetsThoseBefore() {
    var rng = SeededRandom(seed: 8)
    var histogram = NumberHistogram()
    for count in [0, 1, 2, 40, 3_000, 5] {
      let numbers = (0..<count).map { _ in rng.next() >> (rng.next() % 64) }
      histogram.replace(with: numbers, count == 0 ? [] : [0..<(count / 2), (count / 2)..<count])
      for (index, scheme) in TokenScheme.all.enumerated() {
        var (known, counts) = ([Int32](repeating: 0, count: 256), [Int32](repeating: 0, count: 256))
        let bits = numbers.reduce(0) { total, number in
          let (token, _, size) = scheme.encode(number)
          known[token & 255] += 1
          return total + size
        }
        #expect(histogram.addTokens(index, to: &counts) == bits)
        #expect(counts == known)
      }
    }
  }
}
