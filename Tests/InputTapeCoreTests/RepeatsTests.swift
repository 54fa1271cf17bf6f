// SPDX-License-Identifier: Apache-2.0
//
// The quick search for repeats: what it finds of those that are there, and nothing by chance.

import Testing

@testable import InputTapeCore

@Suite struct RepeatsTests {
  private func noise(_ count: Int, below limit: UInt8, seed: UInt64) -> [UInt8] {
    var rng = SeededGenerator(seed: seed)
    return (0..<count).map { _ in UInt8.random(in: 0..<limit, using: &rng) }
  }

  @Test(arguments: [0, 1, 5, 8, 13, 16, 40])
  func noiseDoesNotRepeatItself(price: Int) {
    for limit in [UInt8(2), 4, 255] {
      let bits = [2: 1, 4: 2, 255: 8][Int(limit)] ?? 8
      let bytes = noise(1_024, below: limit, seed: UInt64(limit))
      let saved = Repeats.saved(in: bytes.span, price: price)
      // By chance some of a thousand places know as many bits.
      #expect(price * bits < 16 || saved < 64, "\(limit), \(price)")
    }
  }

  @Test func whatIsThereTwiceIsSaved() {
    for length in [20, 64, 300] {
      let part = noise(length, below: 200, seed: 7)
      let bytes = noise(400, below: 200, seed: 8) + part + noise(90, below: 200, seed: 9) + part
      for price in [3, 8, 15] {
        let saved = Repeats.saved(in: (bytes + noise(30, below: 200, seed: 10)).span, price: price)
        #expect((length - price - 8...length - price).contains(saved), "\(length), \(price)")
      }
      #expect(Repeats.saved(in: bytes.span, price: length) == 0)
    }
  }

  @Test func theSearchEndsWhereItCannotBeEnough() {
    let part = noise(100, below: 200, seed: 11)
    for distance in [0, 60, 300] {
      let rest = noise(40, below: 200, seed: 13)
      let bytes = part + noise(distance, below: 200, seed: 12) + part + rest
      for price in [3, 12] {
        let saved = Repeats.saved(in: bytes.span, price: price)
        #expect(saved > 50)
        for enough in 0...bytes.count {
          let found = Repeats.saved(in: bytes.span, price: price, enough: enough)
          #expect((found >= enough) == (saved >= enough) && found <= saved, "\(enough), \(price)")
        }
      }
    }
  }

  @Test func shortStretchesAreLeftOut() {
    for count in 0..<17 {
      #expect(Repeats.saved(in: [UInt8](repeating: 1, count: count).span, price: 2) == 0)
    }
    let equal = [UInt8](repeating: 1, count: 65_535)
    #expect(Repeats.saved(in: equal.span, price: 2) > 65_500)
  }
}
