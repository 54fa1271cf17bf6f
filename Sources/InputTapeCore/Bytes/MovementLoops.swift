// SPDX-License-Identifier: Apache-2.0
//
// What is left of guesses to coordinates (Specs/Encodings.md, section 6).
//
// Invariant: both columns are as long as the other, and quarters lie within them.

import CInputTapePlatform

/// Residuals to movements or positions, in place.
enum MovementLoops {
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
