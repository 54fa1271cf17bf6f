// SPDX-License-Identifier: Apache-2.0
//
// The loops over the movements of a mouse whose sensor looks less often than it reports
// (Specs/Encodings.md, section 6).
//
// Invariant: columns have a movement's place each, and so many in front that no sum reaches further
// back.

import CInputTapePlatform

/// Sums over movements, and what they leave of the next. Sums are modulo 2³².
enum BeatLoops {
  /// How far each of some movements is from the mean of those before it, times the window.
  ///
  /// - Parameters:
  ///   - range: of columns, with a window in front of it.
  ///   - deviations: as long as `moves`; set within the range.
  static func takeDeviations(
    of moves: Span<Int32>, _ range: Range<Int>, windowBits: Int, into deviations: inout [Int32],
    vectors: Vectors = .best
  ) {
    precondition(
      range.lowerBound >= BeatGuess.window(windowBits) && range.upperBound <= moves.count
        && deviations.count == moves.count,
      "Columns of one length, and a window in front")
    // Safe: places are of the range, or up to a window before it.
    unsafe moves.withUnsafeBufferPointer { moves in
      unsafe deviations.withUnsafeMutableBufferPointer { deviations in
        guard let moves = moves.baseAddress, let deviations = deviations.baseAddress else { return }
        unsafe itape_beat_deviations(
          deviations + range.lowerBound, moves + range.lowerBound, range.count,
          UInt32(windowBits), vectors.rawValue)
      }
    }
  }

  /// What a beat leaves of movements, zigzag.
  ///
  /// - Parameters:
  ///   - range: of columns, with all terms in front of it.
  ///   - deviations: by `takeDeviations`, in the range and all terms in front.
  ///   - residuals: as many as the range, from `start` on.
  static func takeResiduals(
    of moves: Span<Int32>, _ range: Range<Int>, _ beat: BeatGuess, deviations: Span<Int32>,
    to residuals: inout MutableSpan<UInt32>, from start: Int, vectors: Vectors = .best
  ) {
    precondition(
      range.lowerBound >= beat.terms * beat.lag && range.upperBound <= moves.count
        && deviations.count == moves.count && start >= 0
        && start + range.count <= residuals.count,
      "Columns of one length, all terms in front, and a place for each residual")
    // Safe: places are of the range, or up to all terms before it; residuals as just compared.
    unsafe moves.withUnsafeBufferPointer { moves in
      unsafe deviations.withUnsafeBufferPointer { deviations in
        unsafe residuals.withUnsafeMutableBufferPointer { residuals in
          guard let moves = moves.baseAddress, let deviations = deviations.baseAddress,
            let target = residuals.baseAddress
          else { return }
          unsafe itape_beat_residuals(
            target + start, moves + range.lowerBound, deviations + range.lowerBound, range.count,
            beat.wide, vectors.rawValue)
        }
      }
    }
  }

  /// How far movements are in all from what a beat of one term guesses.
  ///
  /// - Parameters:
  ///   - range: of columns, with a lag in front of it.
  ///   - deviations: by `takeDeviations`, in the range and a lag in front.
  static func distance(
    of moves: Span<Int32>, _ range: Range<Int>, windowBits: Int, lag: Int,
    deviations: Span<Int32>, vectors: Vectors = .best
  ) -> UInt64 {
    precondition(
      lag > 0 && range.lowerBound >= lag && range.upperBound <= moves.count
        && deviations.count == moves.count,
      "Columns of one length, and a lag in front")
    // Safe: places are of the range, or up to a lag before it.
    return unsafe moves.withUnsafeBufferPointer { moves in
      unsafe deviations.withUnsafeBufferPointer { deviations in
        guard let moves = moves.baseAddress, let deviations = deviations.baseAddress else {
          return 0
        }
        return unsafe itape_beat_distance(
          moves + range.lowerBound, deviations + range.lowerBound, range.count,
          UInt32(windowBits), lag, vectors.rawValue)
      }
    }
  }
}

extension BeatGuess {
  /// The sharp window, and how many movements it is over.
  static let sharpBits = Int(itape_sharp_bits)
  static let windowLimit = Int(itape_window_limit)

  /// How many movements a sum is over.
  fileprivate static func window(_ bits: Int) -> Int {
    bits < sharpBits ? 1 << bits : windowLimit
  }

  /// As loops in C want it.
  var wide: itape_beat {
    itape_beat(
      window_bits: UInt32(windowBits), term_bits: UInt32(termBits), lag: UInt32(lag))
  }
}
