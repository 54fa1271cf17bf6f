// SPDX-License-Identifier: Apache-2.0
//
// Movements of both axes, and their residuals (Specs/Encodings.md, section 6).

/// The movements of stretches of a pair.
struct MovementColumns {
  private var x = MovementColumn()
  private var y = MovementColumn()

  /// Takes over stretches of two columns.
  ///
  /// - Parameter reach: so many movements in front of each stretch are wanted, too; zeros where
  ///   there are none.
  mutating func take(
    _ columnX: Span<Int32>, _ columnY: Span<Int32>, _ ranges: [Range<Int>], isPosition: Bool,
    reach: Int
  ) {
    x.take(columnX, ranges, isPosition: isPosition, reach: reach)
    y.take(columnY, ranges, isPosition: isPosition, reach: reach)
  }

  /// Puts what a prediction leaves of all stretches, zigzag, into two columns from `start` on.
  mutating func takeResiduals(
    _ prediction: PairPrediction, into first: inout [UInt32], _ second: inout [UInt32],
    from start: Int
  ) {
    x.takeResiduals(prediction, into: &first, from: start)
    y.takeResiduals(prediction, into: &second, from: start)
  }

  private static let lags = 2...32
  private static let lagWindowBits = BeatGuess.sharpBits

  /// The lag of the beat that the stretches show, if they show one.
  mutating func beatLag() -> Int? {
    x.takeDeviations(windowBits: Self.lagWindowBits)
    y.takeDeviations(windowBits: Self.lagWindowBits)
    var best = (lag: 0, distance: UInt64.max)
    for lag in Self.lags {
      let distance =
        x.distance(lag, windowBits: Self.lagWindowBits)
        + y.distance(lag, windowBits: Self.lagWindowBits)
      if distance < best.distance { best = (lag, distance) }
    }
    return best.lag > 0 ? best.lag : nil
  }
}

/// The movements of stretches of an axis.
private struct MovementColumn {
  /// Those of each stretch, behind as many as it reaches back to.
  private var moves: [Int32] = []
  /// Where each stretch stands there.
  private var places: [Range<Int>] = []
  /// For beats: how far each movement is from the mean of those before it.
  private var deviations: [Int32] = []
  /// By which window, if they were taken.
  private var deviationBits: Int?

  /// Takes over stretches of a column. Differences are modulo 2³².
  mutating func take(
    _ source: Span<Int32>, _ ranges: [Range<Int>], isPosition: Bool, reach: Int
  ) {
    moves.resize(forAll: ranges.reduce(0) { $0 + $1.count + reach })
    places.removeAll(keepingCapacity: true)
    deviationBits = nil
    for range in ranges {
      let start = (places.last?.upperBound ?? 0) + reach
      places.append(start..<start + range.count)
    }
    var target = moves.mutableSpan
    var place = 0
    for range in ranges {
      let missing = max(reach - range.lowerBound, 0)
      for _ in 0..<missing {
        target[place] = 0
        place &+= 1
      }
      let first = range.lowerBound - reach + missing
      MovementLoops.takeMoves(
        of: source, first..<range.upperBound, isPosition: isPosition, to: &target, from: place)
      place += range.upperBound - first
    }
  }

  mutating func takeResiduals(
    _ prediction: PairPrediction, into residuals: inout [UInt32], from start: Int
  ) {
    if case .beat(let beat) = prediction.guess { takeDeviations(windowBits: beat.windowBits) }
    var target = residuals.mutableSpan
    var next = start
    for place in places {
      switch prediction.guess {
      case .linear(let a, let b):
        MovementLoops.takeResiduals(
          of: moves.span, place, a: a, b: b, to: &target, from: next)
      case .beat(let beat):
        BeatLoops.takeResiduals(
          of: moves.span, place, beat, deviations: deviations.span, to: &target, from: next)
      }
      next += place.count
    }
  }

  // MARK: - Beats

  /// Finds what beats need of all stretches, and of what their terms reach back to.
  mutating func takeDeviations(windowBits: Int) {
    guard deviationBits != windowBits else { return }
    deviationBits = windowBits
    // Taken out, so that it is an array of its own while it is filled.
    var deviations: [Int32] = []
    swap(&deviations, &self.deviations)
    deviations.resize(to: moves.count, filler: 0)
    for place in places {
      let first = place.lowerBound - BeatGuess.lagRange.upperBound * BeatGuess.termLimit
      BeatLoops.takeDeviations(
        of: moves.span, first..<place.upperBound, windowBits: windowBits, into: &deviations)
    }
    swap(&deviations, &self.deviations)
  }

  /// How far the movements of all stretches are in all from what a beat of one term guesses: by
  /// the deviations that were taken last.
  func distance(_ lag: Int, windowBits: Int) -> UInt64 {
    places.reduce(0) { total, place in
      total
        + BeatLoops.distance(
          of: moves.span, place, windowBits: windowBits, lag: lag, deviations: deviations.span)
    }
  }
}
