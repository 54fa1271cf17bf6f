// SPDX-License-Identifier: Apache-2.0
//
// Rows of times side by side on a grid are those of one after another, and where parts begin
// (Specs/Encodings.md, section 7).

import InputTapeTestKit
import Testing

@testable import InputTapeCore

@Suite struct GridLoopTests {
  /// Each width of vectors that the processor has.
  private static let widths = Vectors.allCases.filter(\.areThere)

  /// What the format says of the lengths of parts.
  private static func parts(_ count: Int) -> [Range<Int>] {
    guard count >= 8_192 else { return [0..<count] }
    let length = count / 64 * 8
    return (0..<8).map { $0 * length..<($0 < 7 ? ($0 + 1) * length : count) }
  }

  /// Events near a grid; of a hundred so many are far from it.
  private struct Noise {
    let far: Int
    /// Of a thousand, so many are in a row of some that are late or early alike.
    let rows: Int
    /// Of 4,096, so many are pauses of any length.
    let pauses: UInt64

    func differences(
      _ count: Int, period: Int64, jitter: Int64, _ rng: inout SeededRandom
    ) -> [UInt64] {
      var (time, last, lead, left) = (Int64(0), Int64(0), Int64(0), 0)
      return (0..<count).map { _ in
        if rng.next() % 4_096 < pauses {
          return rng.next() >> UInt64.random(in: 1...40, using: &rng)
        }
        time &+= period &* Int64.random(in: rng.next() % 8 == 0 ? 0...3 : 1...1, using: &rng)
        if left == 0, Int.random(in: 0..<1_000, using: &rng) < rows {
          left = Int.random(in: 6...20, using: &rng)
          lead = Int64.random(in: -8...8, using: &rng) &* jitter
        }
        left = max(left - 1, 0)
        let isFar = Int.random(in: 0..<100, using: &rng) < far
        let own = Int64.random(in: 0...max(isFar ? 9 * jitter : jitter / 2, 1), using: &rng)
        let next = max(time >> 16 &+ own &+ (left > 0 ? lead : 0), last)
        defer { last = next }
        return UInt64(bitPattern: next &- last)
      }
    }
  }

  private static let noises = [
    Noise(far: 0, rows: 0, pauses: 0), Noise(far: 4, rows: 1, pauses: 1),
    Noise(far: 20, rows: 20, pauses: 0), Noise(far: 60, rows: 50, pauses: 40),
  ]

  /// Holds columns of each width against the grid that takes one event after another.
  ///
  /// - Returns: how many pairs were large, and how many events beyond the bound.
  private static func expectRows(
    of differences: [UInt64], _ grid: ClockGrid
  ) -> (large: Int, far: Int) {
    var columns = GridColumns()
    columns.take(differences, grid, vectors: .usual)
    let (starts, parts) = (columns.starts, parts(differences.count))
    #expect(starts.count == parts.count)
    var (steps, residuals, large): ([UInt32], [UInt32], [[UInt64]]) = ([], [], [])
    for (part, start) in zip(parts, starts) {
      var follower = grid.starting(at: start)
      for place in part {
        let (count, residual) = follower.take(Int64(bitPattern: differences[place]))
        let (x, y) = (UInt64(bitPattern: count), Zigzag.encode(residual))
        let isLarge = x | y >= UInt64(UInt32.max)
        if isLarge { large.append([UInt64(place), x, y]) }
        steps.append(isLarge ? .max : UInt32(x))
        residuals.append(isLarge ? .max : UInt32(y))
      }
    }
    for vectors in widths {
      columns.take(differences, grid, vectors: vectors)
      #expect(columns.starts == starts)
      #expect(columns.steps == steps, "\(vectors), \(differences.count), \(grid)")
      #expect(columns.residuals == residuals, "\(vectors), \(differences.count), \(grid)")
      #expect(columns.large.map { [UInt64($0.place), $0.numbers.0, $0.numbers.1] } == large)
    }
    let bound = UInt32(clamping: 2 << UInt64(grid.clip))
    return (large.count, residuals.count { $0 > bound })
  }

  @Test func rowsAreThoseOfOneAfterAnother() {
    var rng = SeededRandom(seed: 41)
    var (large, far, total) = (0, 0, 0)
    for (index, noise) in Self.noises.enumerated() {
      for count in [0, 1, 63, 64, 65, 129, 8_191, 8_192, 8_193, 8_255, 8_256, 8_300, 16_447] {
        for bits: Int64 in [2, 4, 10, 20, 27, 29, 31, 40] {
          let period = Int64.random(in: 1 << bits..<2 << bits, using: &rng) << 16 + 977
          let clip = Int64(index) * (bits - 2) / 3
          let grid = ClockGrid(
            period: period, gain: Int64.random(in: 0...6, using: &rng), clip: clip)
          let differences = noise.differences(count, period: period, jitter: 1 << clip, &rng)
          let found = Self.expectRows(of: differences, grid)
          large += found.large
          far += found.far
          total += count
        }
      }
    }
    #expect(large > 1_000 && far > 10_000)
    print("differences: \(total), of which large: \(large), far: \(far)")
  }

  @Test func eventsThatComeAtOnceOnShortPeriods() {
    // A grid may be beyond half a period in front of an event that comes at once.
    var rng = SeededRandom(seed: 43)
    for _ in 0..<40 {
      let grid = ClockGrid(
        period: Int64.random(in: 4 << 16..<9 << 16, using: &rng),
        gain: Int64.random(in: 0...3, using: &rng), clip: Int64.random(in: 0...3, using: &rng))
      let most = UInt64.random(in: 1...12, using: &rng)
      let differences = (0..<8_192).map { _ in rng.next() % (most + 1) }
      #expect(Self.expectRows(of: differences, grid).large == 0)
    }
  }

  @Test func stretchesAreTakenAnew() {
    var rng = SeededRandom(seed: 42)
    let noise = Self.noises[2]
    for (count, length, skipped) in [(1, 300, 64), (3, 40, 0), (4, 320, 64), (4, 330, 61)] {
      let grid = ClockGrid(period: 99 << 16 + 7, gain: 3, clip: 2)
      let differences = noise.differences(2_000, period: grid.period, jitter: 4, &rng)
      let stretches = (0..<count).map { $0 * 411..<($0 * 411 + length) }
      var columns = GridColumns()
      columns.take(differences, grid, stretches, skipping: skipped)
      var (steps, residuals): ([UInt32], [UInt32]) = ([], [])
      for stretch in stretches {
        var follower = grid
        for place in stretch {
          let (count, residual) = follower.take(Int64(bitPattern: differences[place]))
          guard place >= stretch.lowerBound + skipped else { continue }
          steps.append(UInt32(count))
          residuals.append(UInt32(Zigzag.encode(residual)))
        }
      }
      #expect(columns.steps == steps && columns.residuals == residuals, "\(count), \(length)")
    }
  }

  @Test func partsBeginWhereMostEventsAre() {
    // A clock that ticks every 15.6 units, seen in whole ones: from any event on, none is late or
    // early by more than what is cut off, if the phase is right from the start.
    var columns = GridColumns()
    let period = Int64(15.6 * 65_536)
    for first in 0..<25 {
      let times = (first...(first + 9_000)).map { tick in (Int64(tick) * period) >> 16 }
      let differences = zip(times.dropFirst(), times).map { UInt64($0 - $1) }
      columns.take(differences, ClockGrid(period: period, gain: 6, clip: 0))
      #expect(columns.starts.count == 8)
      #expect(columns.starts.allSatisfy { abs($0) <= 64 })
      #expect(columns.residuals.allSatisfy { $0 == 0 }, "\(first)")
    }
    // Behind a pause that is no multiple of the period they are near the grid, too.
    var differences = [UInt64](repeating: 100, count: 100)
    differences[0] = 1 << 45 + 37
    columns.take(differences, ClockGrid(period: 100 << 16, gain: 3, clip: 2))
    #expect(columns.starts.allSatisfy { abs($0) <= 50 * 16 })
  }
}
