// SPDX-License-Identifier: Apache-2.0
//
// Movements of both axes, and their residuals (Specs/Encodings.md, section 6).

/// The movements of a pair.
struct MovementColumns {
  var x = MovementColumn()
  var y = MovementColumn()

  /// Takes over stretches of two columns.
  mutating func take(
    _ columnX: [Int32], _ columnY: [Int32], _ ranges: [Range<Int>], isPosition: Bool
  ) {
    x.take(columnX, ranges, isPosition: isPosition)
    y.take(columnY, ranges, isPosition: isPosition)
  }

  private static let lags = 2...32

  /// The lag of the beat that the sample shows, if it shows one.
  func beatLag(_ ranges: [Range<Int>]) -> Int? {
    var best = (lag: 0, distance: Int.max)
    for lag in Self.lags {
      let guess = BeatGuess(windowBits: 2, termBits: 0, lag: lag)
      let distance = x.distance(guess, ranges) + y.distance(guess, ranges)
      if distance < best.distance { best = (lag, distance) }
    }
    return best.lag > 0 ? best.lag : nil
  }
}

/// The movements of an axis.
struct MovementColumn {
  /// Zeros for what sums reach back to, then the movements.
  private var moves: [Int32] = [Int32](repeating: 0, count: padding)
  private var sums: [Int32] = []

  static let padding = BeatGuess.lagRange.upperBound * 4 + 16

  private var count: Int { moves.count - Self.padding }

  /// Takes over stretches of a column, and as much in front of each as sums reach back to.
  /// Differences are modulo 2³².
  mutating func take(_ column: [Int32], _ ranges: [Range<Int>], isPosition: Bool) {
    moves.resize(to: column.count + Self.padding, filler: 0)
    let source = column.span
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

  /// Appends the residuals of some stretches, zigzag.
  func appendResiduals(
    _ prediction: PairPrediction, _ ranges: [Range<Int>], to residuals: inout [UInt32]
  ) {
    for range in ranges where !range.isEmpty {
      let start = residuals.count
      residuals.resize(to: start + range.count, filler: 0)
      var target = residuals.mutableSpan
      switch prediction.guess {
      case .linear(let a, let b):
        Self.takeLinear(
          moves.span, range, (Int32(a), Int32(b)), isFolded: prediction.isFolded, &target, start)
      case .beat(let beat):
        Self.takeBeat(moves.span, range, beat, isFolded: prediction.isFolded, &target, start)
      }
    }
  }

  private static func takeLinear(
    _ moves: Span<Int32>, _ range: Range<Int>, _ weights: (a: Int32, b: Int32), isFolded: Bool,
    _ target: inout MutableSpan<UInt32>, _ start: Int
  ) {
    let offset = padding + range.lowerBound
    let count = min(range.count, target.count - start)
    guard offset >= 2, offset + count <= moves.count else { return }
    if weights.b == 0, !isFolded {
      for index in 0..<count {
        let sum = Movement.linear(weights.a, 0, moves[offset &+ index &- 1], 0)
        target[start &+ index] = Zigzag.encode(
          moves[offset &+ index] &- sum &>> Movement.linearShift)
      }
      return
    }
    for index in 0..<count {
      let place = offset &+ index
      let sum = Movement.linear(weights.a, weights.b, moves[place &- 1], moves[place &- 2])
      let residual = moves[place] &- sum &>> Movement.linearShift
      target[start &+ index] = Zigzag.encode(
        isFolded ? Movement.fold(residual, sum, shift: Movement.linearShift) : residual)
    }
  }

  private static func takeBeat(
    _ moves: Span<Int32>, _ range: Range<Int>, _ beat: BeatGuess, isFolded: Bool,
    _ target: inout MutableSpan<UInt32>, _ start: Int
  ) {
    let shift = Int32(beat.shift)
    let offset = padding + range.lowerBound
    let count = min(range.count, target.count - start)
    for index in 0..<count {
      let sum = Self.sum(moves, beat, at: offset &+ index)
      let residual = moves[offset &+ index] &- sum &>> shift
      target[start &+ index] = Zigzag.encode(
        isFolded && shift > 0 ? Movement.fold(residual, sum, shift: shift) : residual)
    }
  }

  /// What a beat guesses, before its division.
  @inline(__always)
  private static func sum(_ moves: Span<Int32>, _ beat: BeatGuess, at place: Int) -> Int32 {
    var sum: Int32 = beat.shift > 0 ? 1 &<< Int32(beat.shift &- 1) : 0
    sum &+= Self.window(moves, beat, place) &* Int32(beat.terms)
    for term in 1...beat.terms {
      let past = place &- term &* beat.lag
      sum &+= moves[past] &<< Int32(beat.windowBits)
      sum &-= Self.window(moves, beat, past)
    }
    return sum
  }

  @inline(__always)
  private static func window(_ moves: Span<Int32>, _ beat: BeatGuess, _ place: Int) -> Int32 {
    var sum: Int32 = 0
    for back in 1...beat.window { sum &+= moves[place &- back] }
    return sum
  }

  /// How far movements of some stretches are from what a beat guesses, in all.
  func distance(_ beat: BeatGuess, _ ranges: [Range<Int>]) -> Int {
    let span = moves.span
    var total = 0
    for range in ranges {
      for index in range where index & 1 == 0 {
        let place = Self.padding + index
        let guess = Self.sum(span, beat, at: place) &>> Int32(beat.shift)
        total &+= Int((span[place] &- guess).magnitude)
      }
    }
    return total
  }
}
