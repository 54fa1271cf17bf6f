// SPDX-License-Identifier: Apache-2.0
//
// Coordinates of which only some are in use, and columns of 0 to 3.

import InputTapeTestKit
import Testing

@testable import InputTapeCore

@Suite struct LatticeTests {
  private static let settings = [
    EncodingSettings(preset: .balanced, compression: .none),
    EncodingSettings(preset: .fast, compression: .zstd(level: nil)),
    EncodingSettings(preset: .balanced, compression: .zstd(level: nil)),
  ]

  private func moved(
    _ batch: EventBatch, columns: Range<Int>, by change: (Int32) -> Int32
  ) -> EventBatch {
    var batch = batch
    for column in columns {
      batch.columns[0].int32[column] = batch.columns[0].int32[column].map(change)
    }
    return batch
  }

  // MARK: - Numbers

  @Test func numbersAreCoordinatesByTheLetter() {
    var rng = SeededRandom(seed: 12)
    let edges: [Int32] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]
    for period in [2, 3, 5, 10, 256, 257, 1_000, 65_535, 65_536] {
      for count in Set([1, 2, 7, min(period - 1, 256)]) where count < period {
        let residues = (0..<period).map { Int32($0) }.shuffled(using: &rng).prefix(count).sorted()
        let lattice = CoordinateLattice(period: Int32(period), residues: residues)
        let numbers = edges + (0..<400).map { _ in Int32(truncatingIfNeeded: rng.next()) }
        var found = numbers
        lattice.expand(&found)
        let expected = numbers.map { number in
          let whole = Int((Double(number) / Double(count)).rounded(.down))
          let residue = Int(residues[Int(number) - whole * count])
          return Int32(truncatingIfNeeded: whole * period + residue)
        }
        #expect(found == expected, "\(period), \(count)")
      }
    }
  }

  @Test func coordinatesHaveNumbersWhereAllAreInUse() {
    var rng = SeededRandom(seed: 13)
    for (period, residues) in [(2, [1]), (5, [0, 1, 2, 4]), (65_536, [65_535]), (7, [3, 6])] {
      let lattice = CoordinateLattice(
        period: Int32(period), residues: residues.map { Int32($0) })
      let ends = [Int(Int32.min) / period + 1, Int(Int32.max) / period - 1]
      let coordinates = (0..<300).map { index in
        let whole = index < 2 ? ends[index] : Int.random(in: ends[0]...ends[1], using: &rng)
        return Int32(whole * period + residues[index % residues.count])
      }
      var given = lattice.numbers(of: coordinates)
      given.mutate { lattice.expand(&$0) }
      #expect(given == coordinates)
      let other = (0..<Int32(period)).first { !lattice.residues.contains($0) } ?? 0
      #expect(lattice.numbers(of: coordinates + [other]) == nil)
      #expect(lattice.numbers(of: [other - Int32(period)]) == nil)
    }
  }

  // MARK: - Sections

  /// How a system scales a coordinate, and what share of them is in use.
  private static let scales: [(name: String, scale: @Sendable (Int32) -> Int32)] = [
    ("twice", { 2 * $0 }), ("twice and one", { 2 * $0 + 1 }), ("by 16", { $0 &* 16 - 5 }),
    ("by 3/2, down", { Int32((1.5 * Double($0)).rounded(.down)) }),
    ("by 5/4, even", { Int32((1.25 * Double($0)).rounded(.toNearestOrEven)) }),
    ("by 7/4, up", { Int32((1.75 * Double($0)).rounded(.up)) }),
  ]

  @Test(arguments: scales.indices)
  func scaledPositionsTakeNoMoreThanTheirOwn(index: Int) throws {
    let (name, scale) = Self.scales[index]
    for (batch, columns) in [(pointing(count: 9_000), 0..<2), (touching(count: 9_000), 2..<4)] {
      for settings in Self.settings {
        let plain = try byteCount(of: batch, settings)
        let scaled = try byteCount(of: moved(batch, columns: columns, by: scale), settings)
        #expect(scaled <= plain + plain / 100 + 40, "\(name), \(settings): \(scaled), not \(plain)")
        // One coordinate that is not in use, and there is no lattice.
        var other = moved(batch, columns: columns, by: scale)
        other.columns[0].int32[columns.lowerBound][7_001] += 1
        _ = try byteCount(of: other, settings)
      }
    }
  }

  @Test func columnsOfZeroToThreeAreGivenBack() throws {
    var rng = SeededRandom(seed: 14)
    for count in [63, 64, 65, 66, 67, 5_000] {
      for highest: Int32 in [1, 3, 4] {
        var batch = typing(count: count)
        batch.columns[0].int32[1] = (0..<count).map { _ in
          Int32.random(in: 0...highest, using: &rng)
        }
        for settings in Self.settings { _ = try byteCount(of: batch, settings) }
      }
    }
  }

  @Test func bitsBehindTheLastOfFourAreSeen() {
    for count in 1...9 {
      let values = (0..<count).map { Int32($0 % 4) }
      var (tokens, found) = ([UInt8](), [Int32](repeating: 9, count: count))
      PackedColumn.pack(values.span, into: &tokens)
      #expect(PackedColumn.unpack(tokens.span, into: &found) && found == values)
      tokens[tokens.count - 1] |= 0x80
      #expect(PackedColumn.unpack(tokens.span, into: &found) == (count % 4 == 0))
    }
  }
}

extension Optional {
  fileprivate mutating func mutate(_ change: (inout Wrapped) -> Void) {
    guard var value = self else { return }
    change(&value)
    self = value
  }
}
