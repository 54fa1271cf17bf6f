// SPDX-License-Identifier: Apache-2.0
//
// Movements to what is left of guesses, and back to coordinates (Specs/Encodings.md, section 6).
//
// Invariant: columns are as long as each other, quarters lie within them, and a movement that is
// guessed has two in front.

import CInputTapePlatform

/// Movements to residuals, and residuals to movements or positions.
enum MovementLoops {
  /// What a linear guess leaves of movements, zigzag.
  ///
  /// - Parameters:
  ///   - range: of columns, with two movements in front of it.
  ///   - residuals: as many as the range, from `start` on.
  static func takeResiduals(
    of moves: Span<Int32>, _ range: Range<Int>, a: Int8, b: Int8,
    to residuals: inout MutableSpan<UInt32>, from start: Int, isWide: Bool = WideLoops.areThere
  ) {
    precondition(
      range.lowerBound >= 2 && range.upperBound <= moves.count && start >= 0
        && start + range.count <= residuals.count,
      "Two movements in front, and a place for each residual")
    let (a, b) = (Int32(a), Int32(b))
    // Safe: just compared.
    unsafe moves.withUnsafeBufferPointer { moves in
      unsafe residuals.withUnsafeMutableBufferPointer { residuals in
        guard let moves = moves.baseAddress, let residuals = residuals.baseAddress else { return }
        let target = unsafe residuals + start
        if isWide, b == 0 {
          unsafe WideLoops.takeResiduals(of: moves, range, a, false, to: target)
          return
        }
        for (place, index) in range.enumerated() {
          let sum = unsafe Movement.linear(a, b, moves[index &- 1], moves[index &- 2])
          unsafe target[place] = Zigzag.encode(moves[index] &- sum &>> Movement.linearShift)
        }
      }
    }
  }

  /// Puts coordinates in place of residuals, zigzag. Sums are modulo 2³².
  static func restore(
    _ first: inout [Int32], _ second: inout [Int32], _ prediction: PairPrediction,
    isWide: Bool = WideLoops.areThere
  ) {
    let count = first.count
    precondition(second.count == count, "Columns of one length")
    let quarter = PairQuarters.length(of: count, prediction.guess)
    // Safe: quarters are within the columns; a beat's parts are within their bounds wherever one
    // is read or made.
    unsafe first.withUnsafeMutableBufferPointer { xs in
      unsafe second.withUnsafeMutableBufferPointer { ys in
        guard let xs = xs.baseAddress, let ys = ys.baseAddress else { return }
        switch prediction.guess {
        case .linear(let a, let b):
          unsafe itape_restore_linear(
            xs, ys, count, quarter, Int32(a), Int32(b), prediction.isPosition, isWide)
        case .beat(let beat):
          unsafe itape_restore_beat(
            xs, ys, count, quarter, beat.wide, prediction.isPosition, isWide)
        }
      }
    }
  }
}
