// SPDX-License-Identifier: Apache-2.0
//
// Modelled streams: round trips of every shape of tokens, and damage.

import Foundation
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
    let plan = encoder.plan(tokens, kind: kind)
    var bytes: [UInt8] = []
    encoder.encode(plan, to: &bytes)
    return (plan, bytes)
  }

  @Test func givesBackTokensOfEveryShape() throws {
    var rng = SeededGenerator(seed: 21)
    for count in [1, 2, 3, 4, 5, 255, 256, 1_000, 4_095, 4_096, 7_001, 24_579] {
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

  /// Tokens of a table of successors, or as large as the one before, now and then others.
  private func followers(
    _ count: Int, isNamed: Bool, using rng: inout SeededGenerator
  ) -> [UInt8] {
    let successors = (0..<12).map { _ in UInt8.random(in: 0..<12, using: &rng) }
    var last: UInt8 = 0
    return (0..<count).map { index in
      if Int.random(in: 0..<8, using: &rng) == 0 {
        last = UInt8.random(in: 0..<(isNamed ? 12 : 200), using: &rng)
      } else {
        last = isNamed ? successors[Int(last)] : last &+ UInt8.random(in: 0..<9, using: &rng) &- 4
      }
      return last
    }
  }

  @Test func longStreamsGetTheRuleThatTellsMost() {
    var rng = SeededGenerator(seed: 23)
    for kind in [TokenKind.pairs, .numbers] {
      let (named, bytes) = stream(followers(65_536, isNamed: true, using: &rng), kind)
      #expect(named.rule.form == .ranks && named.rule.lowCount == 1, "\(kind)")
      // Every eighth is one of twelve, the others follow.
      #expect(bytes.count < 65_536 / 8 + 600, "\(kind): \(bytes.count)")
    }
    let (large, _) = stream(followers(65_536, isNamed: false, using: &rng), .numbers)
    #expect(large.rule.form == .steps)
    let (short, _) = stream(followers(8_192, isNamed: true, using: &rng), .numbers)
    #expect(short.rule.form == .steps, "there is one rule for short streams")
  }

  /// The places of tokens in a lane, by a rule's links.
  private func places(_ lane: ArraySlice<UInt8>, _ rule: ContextRule) -> [UInt16] {
    var links = [(next: Int, later: Int)](repeating: (0, 0), count: 256)
    rule.forEachLink { links[$0] = ($1, $2) }
    return lane.indices.map { index in
      let next = index > lane.startIndex ? links[Int(lane[index - 1])].next : 0
      let later = index > lane.startIndex + 1 ? links[Int(lane[index - 2])].later : 0
      return UInt16((next + later) << 8) | UInt16(lane[index])
    }
  }

  @Test func contextsAreThoseOfTheRule() {
    var rng = SeededGenerator(seed: 25)
    let counter = ContextCounter()
    for rule in [
      ContextRule.none,
      ContextRule(form: .halves, highCount: 4, lowCount: 3, marks: [2, 5, 9, 4, 12]),
      ContextRule(form: .ranks, highCount: 5, lowCount: 3, marks: [200, 0, 128, 127]),
      ContextRule(form: .ranks, highCount: 16, lowCount: 1, marks: Array(120..<135)),
      ContextRule(form: .steps, highCount: 16, lowCount: 2, marks: Array(120..<135) + [255]),
    ] {
      for count in [
        0, 1, 8, 9, 10, 18, 26, 44, 135, 144, 145, 153, 161, 1_000, 4_095, 4_096, 4_113, 4_320,
        24_575, 24_593,
      ] {
        let tokens = (0..<count).map { _ in UInt8.random(in: 0...255, using: &rng) }
        let all = Lanes(of: count)
        let (each, last) = (all.each, all.count - 1)
        let lanes = (0...last).map { lane in
          places(tokens[lane * each..<(lane < last ? (lane + 1) * each : count)], rule)
        }
        let expected =
          (0..<all.dealt).map { lanes[$0 % all.count][$0 / all.count] }
          + lanes[last].dropFirst(each)
        for vectors in Vectors.allCases where vectors.areThere {
          var found: [UInt16] = [7]
          counter.count(tokens.span, by: rule, places: &found, vectors: vectors)
          #expect(Array(found.prefix(count)) == expected, "\(rule), \(count), \(vectors)")
          var counts = [UInt32](repeating: 0, count: rule.count << 8)
          for place in expected { counts[Int(place)] += 1 }
          #expect(counter.counts(of: Array(0...255), contexts: rule.count) == counts)
        }
      }
    }
  }

  @Test func weighingIsTheEntropyOfContexts() {
    var rng = SeededGenerator(seed: 24)
    let counter = ContextCounter()
    for rule in [
      ContextRule.none,
      ContextRule(form: .steps, highCount: 4, lowCount: 2, marks: [2, 5, 9, 4]),
      ContextRule(form: .ranks, highCount: 3, lowCount: 1, marks: [1, 0]),
    ] {
      let sample = tokens(4_096, alphabet: 17, skew: 2, using: &rng)
      let used = Array(Set(sample))
      var places: [UInt16] = []
      let (entropy, filled) = counter.weigh(sample.span, by: rule, used: used, places: &places)
      var expected = 0.0
      var cells = 0
      let all = counter.counts(of: Array(0...255), contexts: rule.count)
      for context in 0..<rule.count {
        let counts = all[context * 256..<(context + 1) * 256].map { Double($0) }
        let sum = counts.reduce(0, +)
        for count in counts where count > 0 {
          expected += count * log2(sum / count)
          cells += 1
        }
      }
      #expect(filled == cells)
      #expect(cells > 2 && abs(Double(entropy) / 4_096 - expected) < 0.005 * expected)
    }
  }

  @Test func whatRareTokensTakeAllOthersPay() {
    // A hundred tokens of a share below 1 in front of, among and behind others.
    let rare = [UInt32](repeating: 1, count: 50)
    let counts = rare + [3_000, 1_500, 12_000] + rare + [800, 6_000]
    var taken: [Int32] = []
    let rest = FrequencyTable.take(counts, into: &taken)
    let frequencies = taken.map { Int($0) }
    #expect(rest == 52)
    let scale = Double(FrequencyTable.total - 100) / 23_300
    for (count, frequency) in zip(counts, frequencies) {
      guard count > 1 else {
        #expect(frequency == 1)
        continue
      }
      // A frequency has three bits.
      #expect(abs(Double(frequency) / (Double(count) * scale) - 1) < 0.08, "\(count)")
    }
  }

  @Test func refusesStreamsOfOtherLengths() throws {
    var rng = SeededGenerator(seed: 22)
    var refused = 0
    for count in [1, 8, 9, 10, 100, 1_003, 4_097] {
      for (alphabet, skew) in [(2, 60), (17, 2), (200, 1)] {
        let original = tokens(count, alphabet: alphabet, skew: skew, using: &rng)
        for kind in [TokenKind.pairs, .numbers] {
          let (_, bytes) = stream(original, kind)
          let step = count < 4_096 ? 1 : 97
          var wrong = stride(from: 1, to: bytes.count, by: step).map { Array(bytes[..<$0]) }
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
