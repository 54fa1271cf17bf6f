// SPDX-License-Identifier: Apache-2.0
//
// The loops that make steps and residuals of times (Specs/Encodings.md, section 7).
//
// Invariant: there is a difference and a place of each column for each entry.

import CInputTapePlatform

/// What a grid makes of times; keeps its memory.
struct GridColumns {
  /// Steps and residuals, zigzag; both are all ones where both joined by "or" are as much, or more.
  private(set) var steps: [UInt32] = []
  private(set) var residuals: [UInt32] = []
  /// Those that are all ones, by their places.
  private(set) var large: [LargePair] = []
  /// Where each part begins.
  private(set) var starts: [Int64] = []
  private var deviations: [UInt64] = []

  /// Makes room for so many.
  fileprivate mutating func resize(to count: Int) {
    steps.resize(forAll: count)
    residuals.resize(forAll: count)
    large.removeAll(keepingCapacity: true)
  }

  /// Replaces all by what a grid makes of differences, anew in each part.
  mutating func take(_ differences: [UInt64], _ grid: ClockGrid, vectors: Vectors = .best) {
    resize(to: differences.count)
    let length = GridParts.length(of: differences.count)
    let parts = (0..<GridParts.count(of: differences.count)).map { part in
      GridRow(source: part * length, target: part * length, grid: grid)
    }
    findStarts(differences, grid, parts, min(length, Self.startCount), vectors)
    var rows = zip(parts, starts).map { part, start in
      GridRow(source: part.source, target: part.target, grid: grid.starting(at: start))
    }
    take(differences, &rows, length, vectors)
    // What is behind them is the last part's.
    rows.removeFirst(rows.count - 1)
    take(differences, &rows, differences.count - parts.count * length, vectors)
    large.sort { $0.place < $1.place }
  }

  /// So many events of a part say where it begins.
  private static let startCount = 64

  /// Finds where parts begin: most of their first events are as far from the grid as half of them.
  private mutating func findStarts(
    _ differences: [UInt64], _ grid: ClockGrid, _ parts: [GridRow], _ count: Int, _ vectors: Vectors
  ) {
    var rows = parts
    take(differences, &rows, count, vectors)
    starts.removeAll(keepingCapacity: true)
    for part in parts {
      var deviation: Int64 = 0
      deviations.removeAll(keepingCapacity: true)
      for place in 0..<count {
        let difference = Int64(bitPattern: differences[part.source + place])
        let count = Int64(steps[part.target + place])
        deviation = deviation &+ (difference &<< 16) &- count &* grid.period
        deviations.append(UInt64(bitPattern: deviation) ^ 1 << 63)
      }
      let median = Selection.median(&deviations) ?? 1 << 63
      starts.append(grid.startNumber(Int64(bitPattern: median ^ 1 << 63)))
    }
    large.removeAll(keepingCapacity: true)
  }

  /// Replaces all by what a grid makes of stretches of the same length, each anew, without the
  /// first of each; those that are all ones stay so.
  mutating func take(
    _ differences: [UInt64], _ grid: ClockGrid, _ stretches: [Range<Int>], skipping skipped: Int
  ) {
    let count = (stretches.first?.count ?? 0) - skipped
    // Those that are skipped stand where the next ones do, or behind the last.
    resize(to: max(count * stretches.count + skipped, 0))
    var rows = stretches.enumerated().map { index, stretch in
      GridRow(source: stretch.lowerBound, target: index * count, grid: grid)
    }
    take(differences, &rows, skipped, .best)
    for index in rows.indices { rows[index].target -= skipped }
    take(differences, &rows, count, .best)
    steps.removeLast(skipped)
    residuals.removeLast(skipped)
    large.removeAll(keepingCapacity: true)
  }

  /// Takes so many differences of each row, and passes over them.
  private mutating func take(
    _ differences: [UInt64], _ rows: inout [GridRow], _ count: Int, _ vectors: Vectors
  ) {
    precondition(
      steps.count == residuals.count
        && rows.allSatisfy {
          min($0.source, $0.target, count) >= 0 && $0.source + count <= differences.count
            && $0.target + count <= steps.count
        }, "Rows within differences and both columns")
    // Safe: as just compared.
    unsafe differences.withUnsafeBufferPointer { source in
      unsafe steps.withUnsafeMutableBufferPointer { steps in
        unsafe residuals.withUnsafeMutableBufferPointer { residuals in
          guard let source = source.baseAddress, let steps = steps.baseAddress,
            let residuals = residuals.baseAddress
          else { return }
          unsafe GridLoops.take(source, &rows, count, steps, residuals, vectors) {
            large.append(LargePair(place: $0, numbers: $1))
          }
        }
      }
    }
  }
}

/// Differences that stand in a row, the place of what becomes of them, and the grid in front.
struct GridRow {
  fileprivate(set) var source: Int
  fileprivate(set) var target: Int
  fileprivate(set) var grid: ClockGrid
}

/// Differences of times to what a grid makes of them.
enum GridLoops {
  /// How many numbers are within a distance of multiples of a period; all are whole and below 2⁵¹.
  static func countMultiples(
    of period: Double, within distance: Double, _ numbers: Span<Double>,
    isWide: Bool = WideLoops.areThere
  ) -> Int {
    unsafe numbers.withUnsafeBufferPointer { numbers in
      guard let start = numbers.baseAddress else { return 0 }
      // Safe: so many numbers.
      return unsafe itape_count_multiples(start, numbers.count, period, distance, isWide)
    }
  }

  /// Takes so many differences of each row, and passes over them.
  ///
  /// - Parameter large: gets the places and numbers of those that are all ones.
  fileprivate static func take(
    _ differences: UnsafePointer<UInt64>, _ rows: inout [GridRow], _ count: Int,
    _ steps: UnsafeMutablePointer<UInt32>, _ residuals: UnsafeMutablePointer<UInt32>,
    _ vectors: Vectors, large: (Int, (UInt64, UInt64)) -> Void
  ) {
    // Half of a vector is worth more than one event after another.
    let areSideBySide = vectors.areWide && rows.count > 2
    var rest = count
    while rest > 0 {
      if areSideBySide {
        rest -= unsafe takeSideBySide(differences, &rows, rest, steps, residuals, vectors)
      }
      let size = areSideBySide ? min(8, rest) : rest
      for index in rows.indices where size > 0 {
        // Safe: the caller's promise.
        unsafe take(
          differences, &rows[index], size, steps, residuals, isWide: vectors.areWide, large: large)
      }
      rest -= size
    }
  }

  /// Takes differences of up to eight rows, as far as they are usual.
  ///
  /// - Returns: how many of each.
  private static func takeSideBySide(
    _ differences: UnsafePointer<UInt64>, _ rows: inout [GridRow], _ count: Int,
    _ steps: UnsafeMutablePointer<UInt32>, _ residuals: UnsafeMutablePointer<UInt32>,
    _ vectors: Vectors
  ) -> Int {
    // The last row is there as often as lanes are left.
    let places = (0..<Int(itape_grid_lanes)).map { min($0, rows.count - 1) }
    var states = places.map { rows[$0].grid.state() }
    // Safe: the caller's promise; of the last row all lanes write the same.
    let taken = unsafe itape_take_grids(
      differences, places.map { rows[$0].source }, count, rows[0].grid.rule, &states, steps,
      residuals, places.map { rows[$0].target }, vectors.rawValue)
    for index in rows.indices {
      rows[index].grid.take(states[index])
      rows[index].source += taken
      rows[index].target += taken
    }
    return taken
  }

  /// Takes differences of a row.
  private static func take(
    _ differences: UnsafePointer<UInt64>, _ row: inout GridRow, _ count: Int,
    _ steps: UnsafeMutablePointer<UInt32>, _ residuals: UnsafeMutablePointer<UInt32>, isWide: Bool,
    large: (Int, (UInt64, UInt64)) -> Void
  ) {
    for first in stride(from: 0, to: count, by: limit) {
      let size = min(limit, count &- first)
      // Safe: the caller's promise, and no more than `limit` at once.
      unsafe takeSome(
        differences + row.source, size, &row.grid, steps + row.target, residuals + row.target,
        isWide: isWide
      ) { large(row.target &+ $0, $1) }
      row.source += size
      row.target += size
    }
  }

  /// No more are taken at once.
  private static let limit = 128

  /// Takes up to `limit` differences.
  @inline(__always)
  private static func takeSome(
    _ differences: UnsafePointer<UInt64>, _ count: Int, _ grid: inout ClockGrid,
    _ steps: UnsafeMutablePointer<UInt32>, _ residuals: UnsafeMutablePointer<UInt32>,
    isWide: Bool, large: (Int, (UInt64, UInt64)) -> Void
  ) {
    if isWide {
      var state = grid.state()
      // Safe: the caller's promise.
      if unsafe itape_take_grid(differences, count, grid.rule, &state, steps, residuals) {
        grid.take(state)
        return
      }
    }
    // A copy, so that it stays in registers.
    var rest = grid
    for place in 0..<count {
      // Safe: the caller's promise.
      let (count, residual) = rest.take(unsafe Int64(bitPattern: differences[place]))
      let (x, y) = (UInt64(bitPattern: count), Zigzag.encode(residual))
      unsafe steps[place] = UInt32(truncatingIfNeeded: x)
      unsafe residuals[place] = UInt32(truncatingIfNeeded: y)
      if x | y >= UInt64(UInt32.max) {
        unsafe steps[place] = .max
        unsafe residuals[place] = .max
        large(place, (x, y))
      }
    }
    grid = rest
  }
}
