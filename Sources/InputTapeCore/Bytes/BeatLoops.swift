// SPDX-License-Identifier: Apache-2.0
//
// The loops over the movements of a mouse whose sensor looks less often than it reports
// (Specs/Encodings.md, section 6).
//
// Invariant: columns have a movement's place each, and so many in front that no sum reaches further
// back.

/// Sums over movements, and what they leave of the next. Sums are modulo 2³².
enum BeatLoops {
  /// What each of some movements needs of those before: their sum over a window, and how far it is
  /// from that, times the window.
  ///
  /// - Parameters:
  ///   - range: of columns, with a window in front of it.
  ///   - windows: as long as `moves`, as is `deviations`; set within the range.
  static func takeDeviations(
    of moves: Span<Int32>, _ range: Range<Int>, windowBits: Int, windows: inout [Int32],
    deviations: inout [Int32]
  ) {
    let window = 1 << windowBits
    precondition(
      range.lowerBound >= window && range.upperBound <= moves.count
        && windows.count == moves.count && deviations.count == moves.count,
      "Columns of one length, and a window in front")
    var sum: Int32 = 0
    for back in 1...window { sum &+= moves[range.lowerBound - back] }
    // Safe: places are of the range, or up to a window before it.
    unsafe moves.withUnsafeBufferPointer { moves in
      unsafe windows.withUnsafeMutableBufferPointer { windows in
        unsafe deviations.withUnsafeMutableBufferPointer { deviations in
          for place in range {
            unsafe windows[place] = sum
            unsafe deviations[place] = moves[place] &<< Int32(windowBits) &- sum
            sum = unsafe sum &+ moves[place] &- moves[place &- window]
          }
        }
      }
    }
  }

  /// What a beat leaves of movements, zigzag.
  ///
  /// - Parameters:
  ///   - range: of columns, with all terms in front of it.
  ///   - windows: by `takeDeviations`, as are `deviations` in the range and all terms in front.
  ///   - residuals: as many as the range, from `start` on.
  static func takeResiduals(
    of moves: Span<Int32>, _ range: Range<Int>, _ beat: BeatGuess, windows: Span<Int32>,
    deviations: Span<Int32>, to residuals: inout MutableSpan<UInt32>, from start: Int
  ) {
    precondition(
      range.lowerBound >= beat.terms * beat.lag && range.upperBound <= moves.count
        && windows.count == moves.count && deviations.count == moves.count
        && start >= 0 && start + range.count <= residuals.count,
      "Columns of one length, all terms in front, and a place for each residual")
    // Safe: places are of the range, or up to all terms before it; residuals as just compared.
    unsafe moves.withUnsafeBufferPointer { moves in
      unsafe windows.withUnsafeBufferPointer { windows in
        unsafe deviations.withUnsafeBufferPointer { deviations in
          unsafe residuals.withUnsafeMutableBufferPointer { residuals in
            guard let moves = moves.baseAddress, let windows = windows.baseAddress,
              let deviations = deviations.baseAddress, let target = residuals.baseAddress
            else { return }
            let columns = unsafe Columns(
              moves: moves + range.lowerBound, windows: windows + range.lowerBound,
              deviations: deviations + range.lowerBound, target: target + start)
            // Constants, so that the loops are compiled for them.
            switch (beat.terms, beat.shift > 0) {
            case (1, true): columns.take(range.count, beat, terms: 1, isFolded: true)
            case (2, true): columns.take(range.count, beat, terms: 2, isFolded: true)
            case (4, true): columns.take(range.count, beat, terms: 4, isFolded: true)
            default: columns.take(range.count, beat, terms: beat.terms, isFolded: false)
            }
          }
        }
      }
    }
  }

  /// Columns at the start of a range.
  private struct Columns {
    let moves: UnsafePointer<Int32>
    let windows: UnsafePointer<Int32>
    let deviations: UnsafePointer<Int32>
    let target: UnsafeMutablePointer<UInt32>

    @inline(__always)
    func take(_ count: Int, _ beat: BeatGuess, terms: Int, isFolded: Bool) {
      let shift = Int32(beat.shift)
      for index in 0..<count {
        // Safe: the caller's range.
        let sum = unsafe BeatLoops.sum(beat, windows[index], deviations + index, terms: terms)
        let residual = unsafe moves[index] &- sum &>> shift
        unsafe target[index] = Zigzag.encode(
          isFolded ? Movement.fold(residual, sum, shift: shift) : residual)
      }
    }
  }

  /// What a beat guesses for a movement, before its division.
  ///
  /// - Parameters:
  ///   - window: the sum over the window before the movement.
  ///   - deviations: at the movement's place, with all terms in front.
  @inline(__always)
  private static func sum(
    _ beat: BeatGuess, _ window: Int32, _ deviations: UnsafePointer<Int32>, terms: Int
  ) -> Int32 {
    var sum: Int32 = beat.shift > 0 ? 1 &<< Int32(beat.shift &- 1) : 0
    // Safe: the caller's promise.
    for term in 1...terms { sum = unsafe sum &+ deviations[0 &- term &* beat.lag] }
    return sum &+ window &<< Int32(beat.termBits)
  }

  /// How far every second movement is from what a beat guesses, in all.
  ///
  /// - Parameters:
  ///   - range: of columns, with all terms in front of it.
  ///   - windows: by `takeDeviations`, as are `deviations` in the range and all terms in front.
  static func distance(
    of moves: Span<Int32>, _ range: Range<Int>, _ beat: BeatGuess, windows: Span<Int32>,
    deviations: Span<Int32>
  ) -> Int {
    precondition(
      beat.lag > 0 && range.lowerBound >= beat.terms * beat.lag && range.upperBound <= moves.count
        && windows.count == moves.count && deviations.count == moves.count,
      "Columns of one length, and all terms in front")
    var total = 0
    // Safe: places are of the range, or up to all terms before it.
    unsafe moves.withUnsafeBufferPointer { moves in
      unsafe windows.withUnsafeBufferPointer { windows in
        unsafe deviations.withUnsafeBufferPointer { deviations in
          guard let deviations = deviations.baseAddress else { return }
          var place = range.lowerBound
          while place < range.upperBound {
            let sum = unsafe sum(beat, windows[place], deviations + place, terms: beat.terms)
            total &+= unsafe Int((moves[place] &- sum &>> Int32(beat.shift)).magnitude)
            place &+= 2
          }
        }
      }
    }
    return total
  }
}
