// SPDX-License-Identifier: Apache-2.0
//
// Movements of both axes, and their residuals (Specs/Encodings.md, section 6).

/// The movements of a pair.
struct MovementColumns {
  var x = MovementColumn()
  var y = MovementColumn()

  /// Takes over stretches of two columns.
  mutating func take(
    _ columnX: Span<Int32>, _ columnY: Span<Int32>, _ ranges: [Range<Int>], isPosition: Bool
  ) {
    x.take(columnX, ranges, isPosition: isPosition)
    y.take(columnY, ranges, isPosition: isPosition)
  }

  /// Puts the residuals of some stretches, zigzag, into two columns from `start` on.
  mutating func takeResiduals(
    _ prediction: PairPrediction, _ ranges: [Range<Int>], into first: inout [UInt32],
    _ second: inout [UInt32], from start: Int
  ) {
    x.takeResiduals(prediction, ranges, into: &first, from: start)
    y.takeResiduals(prediction, ranges, into: &second, from: start)
  }

  private static let lags = 2...32
  private static let lagWindowBits = 2

  /// The lag of the beat that the sample shows, if it shows one.
  mutating func beatLag(_ ranges: [Range<Int>]) -> Int? {
    x.takeDeviations(ranges, windowBits: Self.lagWindowBits)
    y.takeDeviations(ranges, windowBits: Self.lagWindowBits)
    var best = (lag: 0, distance: UInt64.max)
    for lag in Self.lags {
      let distance =
        x.distance(lag, windowBits: Self.lagWindowBits, ranges)
        + y.distance(lag, windowBits: Self.lagWindowBits, ranges)
      if distance < best.distance { best = (lag, distance) }
    }
    return best.lag > 0 ? best.lag : nil
  }
}

/// The movements of an axis.
struct MovementColumn {
  /// Zeros for what sums reach back to, then the movements.
  private var moves: [Int32] = [Int32](repeating: 0, count: padding)
  /// For beats: how far each movement is from the mean of those before it.
  private var deviations: [Int32] = []

  static let padding = BeatGuess.lagRange.upperBound * 4 + 16

  /// Takes over stretches of a column, and as much in front of each as sums reach back to.
  /// Differences are modulo 2³².
  mutating func take(_ source: Span<Int32>, _ ranges: [Range<Int>], isPosition: Bool) {
    let room = source.count + Self.padding
    if moves.count < room { moves.resize(to: room, filler: 0) }
    var target = moves.mutableSpan
    for range in ranges {
      let start = max(range.lowerBound - Self.padding, 0)
      if isPosition {
        if start == 0 { target[Self.padding] = source[0] }
        for index in max(start, 1)..<range.upperBound {
          target[Self.padding &+ index] = source[index] &- source[index &- 1]
        }
      } else {
        for index in start..<range.upperBound { target[Self.padding &+ index] = source[index] }
      }
    }
  }

  /// Puts the residuals of some stretches, zigzag, into a column from `start` on.
  fileprivate mutating func takeResiduals(
    _ prediction: PairPrediction, _ ranges: [Range<Int>], into residuals: inout [UInt32],
    from start: Int
  ) {
    if case .beat(let beat) = prediction.guess {
      takeDeviations(ranges, windowBits: beat.windowBits)
    }
    var target = residuals.mutableSpan
    var place = start
    for range in ranges {
      switch prediction.guess {
      case .linear(let a, let b):
        MovementLoops.takeResiduals(
          of: moves.span, Self.places(range), a: a, b: b, to: &target, from: place)
      case .beat(let beat):
        BeatLoops.takeResiduals(
          of: moves.span, Self.places(range), beat, deviations: deviations.span, to: &target,
          from: place)
      }
      place += range.count
    }
  }

  /// Where the movements of a range stand.
  private static func places(_ range: Range<Int>) -> Range<Int> {
    (padding + range.lowerBound)..<(padding + range.upperBound)
  }

  // MARK: - Beats

  /// Finds what beats need of some stretches, and of what their terms reach back to.
  fileprivate mutating func takeDeviations(_ ranges: [Range<Int>], windowBits: Int) {
    // Taken out, so that it is an array of its own while it is filled.
    var deviations: [Int32] = []
    swap(&deviations, &self.deviations)
    deviations.resize(to: moves.count, filler: 0)
    for range in ranges {
      let places = Self.places(range)
      let first = places.lowerBound - BeatGuess.lagRange.upperBound << BeatGuess.termBitsLimit
      BeatLoops.takeDeviations(
        of: moves.span, first..<places.upperBound, windowBits: windowBits, into: &deviations)
    }
    swap(&deviations, &self.deviations)
  }

  /// How far movements of some stretches are in all from what a beat of one term guesses: by the
  /// deviations that were taken last.
  fileprivate func distance(_ lag: Int, windowBits: Int, _ ranges: [Range<Int>]) -> UInt64 {
    ranges.reduce(0) { total, range in
      total
        + BeatLoops.distance(
          of: moves.span, Self.places(range), windowBits: windowBits, lag: lag,
          deviations: deviations.span)
    }
  }
}
