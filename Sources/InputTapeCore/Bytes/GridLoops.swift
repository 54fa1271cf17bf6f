// SPDX-License-Identifier: Apache-2.0
//
// The loop that makes steps and residuals of times (Specs/Encodings.md, section 7).
//
// Invariant: there is a difference and a place of each column for each entry.

import CInputTapePlatform

/// Differences of times to what a grid makes of them.
enum GridLoops {
  /// Puts steps and residuals, zigzag, into columns behind `start`; both are all ones where both
  /// joined by "or" are as much, or more.
  static func take(
    _ differences: Span<UInt64>, _ grid: inout ClockGrid, _ steps: inout [UInt32],
    _ residuals: inout [UInt32], from start: Int, isWide: Bool = WideLoops.areThere
  ) {
    precondition(
      start >= 0 && start + differences.count <= steps.count && steps.count == residuals.count,
      "A place in both columns for each difference")
    // Safe: as just compared, and no more than `limit` at once.
    unsafe differences.withUnsafeBufferPointer { source in
      unsafe steps.withUnsafeMutableBufferPointer { steps in
        unsafe residuals.withUnsafeMutableBufferPointer { residuals in
          guard let source = source.baseAddress, let steps = steps.baseAddress,
            let residuals = residuals.baseAddress
          else { return }
          for first in stride(from: 0, to: differences.count, by: limit) {
            let count = min(limit, differences.count &- first)
            unsafe take(
              source + first, count, &grid, steps + start + first, residuals + start + first,
              isWide: isWide
            ) { _, _ in }
          }
        }
      }
    }
  }

  /// No more are taken at once.
  static let limit = PairChunk.capacity

  /// The same for up to `limit` differences.
  ///
  /// - Parameter large: gets the numbers of those that are all ones.
  @inline(__always)
  static func take(
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
