// SPDX-License-Identifier: Apache-2.0
//
// Movements of a mouse whose sensor looks less often than it reports (Specs/Encodings.md, section
// 6).

/// Memory for movements by a beat.
struct BeatScratch {
  private var moves: [Int32] = [Int32](repeating: 0, count: MovementColumn.padding)
  private var deviations: [Int32] = [Int32](repeating: 0, count: MovementColumn.padding)

  /// Movements by a beat, into `values`.
  mutating func restore(
    _ residuals: Span<UInt32>, _ beat: BeatGuess, isFolded: Bool, into values: inout [Int32]
  ) {
    precondition(residuals.count == values.count, "A residual for each movement")
    let padding = MovementColumn.padding
    // Zeros in front, as always; what stands behind is overwritten.
    moves.resize(to: padding + values.count, filler: 0)
    deviations.resize(to: padding + values.count, filler: 0)
    BeatLoops.restore(
      residuals, beat, isFolded: isFolded, moves: &moves, deviations: &deviations,
      padding: padding, into: &values)
  }
}
