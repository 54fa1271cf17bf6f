// SPDX-License-Identifier: Apache-2.0
//
// Tokens two by two: the loops of each width, streams of them, and damage.

import Testing

@testable import InputTapeCore

@Suite struct TwinTests {
  /// Tokens below 40, the smaller the more often.
  private func tokens(_ count: Int, rare: Int, using rng: inout SeededGenerator) -> [UInt8] {
    (0..<count).map { _ in
      Int.random(in: 0..<rare, using: &rng) == 0
        ? UInt8.random(in: 0...255, using: &rng)
        : UInt8(min(Int.random(in: 0..<4, using: &rng), Int.random(in: 0..<4, using: &rng)))
    }
  }

  @Test func loopsOfAllWidthsAreTheFormat() {
    var rng = SeededGenerator(seed: 51)
    for count in [1, 2, 3, 62, 63, 64, 65, 127, 128, 129, 1_000, 1_001] {
      for (named, rare) in [([3], 4), ([1, 0, 2], 50), (Array(0..<15), 9), ([0, 200, 0, 1], 2)] {
        let twins = TokenTwins(named: named.map { UInt8($0) })
        let original = tokens(count, rare: rare, using: &rng)
        let places = original.map { named.firstIndex(of: Int($0)) ?? named.count }
        let expected = stride(from: 0, to: count, by: 2).map { index in
          UInt8(places[index] | (index + 1 < count ? places[index + 1] << 4 : 0))
        }
        let rest = zip(original, places).filter { $0.1 == named.count }.map { $0.0 }
        for vectors in Vectors.allCases where vectors.areThere {
          var (joined, others): ([UInt8], [UInt8]) = ([9], [9])
          twins.join(original.span, into: &joined, others: &others, vectors: vectors)
          #expect(joined == expected && others == rest, "\(count), \(named), \(vectors)")
          #expect(twins.otherCount(in: joined, of: count, vectors: vectors) == rest.count)
          var back = [UInt8](repeating: 7, count: count)
          #expect(twins.split(joined, others: others, into: &back, vectors: vectors))
          #expect(back == original, "\(count), \(named), \(vectors)")
          // One other more, or one less.
          #expect(!twins.split(joined, others: rest + [1], into: &back, vectors: vectors))
          if !rest.isEmpty {
            let fewer = Array(rest.dropLast())
            #expect(!twins.split(joined, others: fewer, into: &back, vectors: vectors))
          }
        }
      }
    }
  }

  @Test func halvesAboveTheNamesAreRefused() {
    let twins = TokenTwins(named: [5, 9])
    for vectors in Vectors.allCases where vectors.areThere {
      for count in [1, 2, 5, 64, 130, 131] {
        let size = TokenTwins.count(of: count)
        for place in 0..<size {
          var bytes = [UInt8](repeating: 0x12, count: size)
          if count % 2 == 1 { bytes[size - 1] = 0x02 }
          #expect(twins.otherCount(in: bytes, of: count, vectors: vectors) == size)
          for wrong in [UInt8(0x13), 0x30, 0xF1] {
            bytes[place] = wrong
            #expect(twins.otherCount(in: bytes, of: count, vectors: vectors) == nil)
          }
        }
      }
      #expect(twins.otherCount(in: [0x10], of: 1, vectors: vectors) == nil, "behind the last")
      #expect(twins.otherCount(in: [0x10], of: 2, vectors: vectors) == 0)
    }
  }

  // MARK: - Streams

  private func writer() -> StreamWriter {
    var writer = StreamWriter(compressor: Compressor(), bits: BitRoom(), bytes: [], packed: [])
    writer.codec = .zstd(level: nil)
    writer.models = ModelEncoder()
    return writer
  }

  private func read(_ bytes: [UInt8], count: Int) throws -> [UInt8] {
    var tokens: [UInt8] = []
    var reader = StreamReader(
      ByteReader(bytes.span, at: 0), form: .zstd, decompressor: Decompressor(),
      models: ModelDecoder())
    try reader.readStream(count: count, into: &tokens)
    guard reader.bytes.remaining == 0 else { throw reader.bytes.error(.malformed) }
    return tokens
  }

  @Test func streamsOfFewTokensAreTwins() throws {
    var rng = SeededGenerator(seed: 52)
    for count in [6_144, 6_145, 49_152, 65_535] {
      for (rare, isExpected) in [(100, true), (9, true), (4, false)] {
        let original = tokens(count, rare: rare, using: &rng)
        var output = writer()
        output.appendStream(original, kind: .pairs)
        let bytes = output.bytes.bytes
        var head = ByteReader(bytes.span, at: 0)
        let storage = try head.readVarint()
        #expect(storage & 3 == UInt64(StreamStorage.modelled.rawValue))
        #expect(try (head.readUInt8() == TokenTwins.form) == isExpected, "\(count), \(rare)")
        #expect(try read(bytes, count: count) == original)
        var plain = writer()
        plain.appendStream(original, kind: .packed)
        // Every ninth of 256 tokens is what one table knows better.
        #expect(bytes.count < plain.bytes.count + plain.bytes.count / 25, "\(count), \(rare)")
      }
    }
  }

  @Test func damageGivesAnErrorOrTokens() throws {
    var rng = SeededGenerator(seed: 53)
    let count = 6_145
    var output = writer()
    output.appendStream(tokens(count, rare: 30, using: &rng), kind: .numbers)
    let bytes = output.bytes.bytes
    var refused = 0
    for index in stride(from: 0, to: bytes.count, by: 3) {
      #expect(throws: FormatError.self) { try read(Array(bytes[..<index]), count: count) }
      var changed = bytes
      changed[index] ^= 1 << UInt8.random(in: 0..<8, using: &rng)
      do {
        #expect(try read(changed, count: count).count == count)
      } catch {
        refused += 1
      }
    }
    #expect(refused > bytes.count / 4)
    // Nothing says whether a last half that is the first name is a token.
    for other in [count - 1, count - 2, count + 2, 1] {
      #expect(throws: FormatError.self) { try read(bytes, count: other) }
    }
  }
}
