// SPDX-License-Identifier: Apache-2.0
//
// Modelled streams: round trips of every shape of tokens, and damage.

import Testing

@testable import InputTapeCore

@Suite struct ModelStreamTests {
  private let encoder = ModelEncoder()
  private let decoder = ModelDecoder()

  /// Tokens of an alphabet, skewed and depending on those before them by degrees.
  private func tokens(
    _ count: Int, alphabet: Int, skew: Int, using rng: inout SeededGenerator
  ) -> [UInt8] {
    var last = 0
    return (0..<count).map { _ in
      var token = alphabet - 1
      for _ in 0..<skew { token = min(token, Int.random(in: 0..<alphabet, using: &rng)) }
      if Bool.random(using: &rng) { token = (token + last) / 2 }
      last = token
      return UInt8(token)
    }
  }

  private func stream(_ tokens: [UInt8], _ kind: TokenKind) -> (ModelEncoder.Plan, [UInt8]) {
    let plan = encoder.plan(tokens.span, kind: kind)
    var bytes: [UInt8] = []
    encoder.encode(plan, to: &bytes)
    return (plan, bytes)
  }

  @Test func givesBackTokensOfEveryShape() throws {
    var rng = SeededGenerator(seed: 21)
    for count in [1, 2, 3, 4, 5, 255, 256, 1_000, 7_001, 24_579] {
      for alphabet in [1, 2, 3, 17, 100, 256] {
        for skew in count > 1_000 ? [2, 60] : [1, 2, 8, 60] where count < 7_000 || alphabet > 16 {
          let original = tokens(count, alphabet: alphabet, skew: skew, using: &rng)
          for kind in [TokenKind.pairs, .numbers] {
            let (plan, bytes) = stream(original, kind)
            var decoded = [UInt8](repeating: 0, count: count)
            try decoder.decode(bytes.span, at: 0, into: &decoded)
            #expect(decoded == original, "\(count) of \(alphabet), skew \(skew), \(kind)")
            #expect(bytes.count < plan.byteCount + plan.byteCount / 4 + 64)
          }
        }
      }
    }
  }

  @Test func refusesStreamsOfOtherLengths() throws {
    var rng = SeededGenerator(seed: 22)
    var refused = 0
    for count in [1, 11, 12, 13, 100, 1_003] {
      for (alphabet, skew) in [(2, 60), (17, 2), (200, 1)] {
        let original = tokens(count, alphabet: alphabet, skew: skew, using: &rng)
        for kind in [TokenKind.pairs, .numbers] {
          let (_, bytes) = stream(original, kind)
          var wrong = (1..<bytes.count).map { Array(bytes[..<$0]) }
          wrong += [4, 8, 12, 16, 20].map { bytes + Array(repeating: 0, count: $0) }
          for bytes in wrong {
            var decoded = [UInt8](repeating: 0, count: count)
            #expect(throws: FormatError.self) {
              try decoder.decode(bytes.span, at: 0, into: &decoded)
            }
            refused += 1
          }
          var decoded = [UInt8](repeating: 0, count: count)
          try decoder.decode(bytes.span, at: 0, into: &decoded)
          #expect(decoded == original, "behind what was refused")
        }
      }
    }
    print("refused: \(refused)")
  }
}
