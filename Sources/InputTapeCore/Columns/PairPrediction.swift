// SPDX-License-Identifier: Apache-2.0
//
// What coordinates are predicted from (Specs/Encodings.md, section 6).

/// How the coordinates of a kind stand in its columns.
struct PairPlace {
  /// The column of x or dx; y or dy is the next.
  let column: Int
  /// Whether each contact has a history of its own: columns 0 and 1 are contact and phase.
  let isPerContact: Bool
  /// Whether columns hold positions, whose differences are the movements.
  let isPosition: Bool

  /// The pair of a kind, or nil for a kind without one.
  static func of(_ kind: EventKind) -> PairPlace? {
    switch kind {
    case .motion, .pen: PairPlace(column: 0, isPerContact: false, isPosition: true)
    case .rawMotion, .scroll: PairPlace(column: 0, isPerContact: false, isPosition: false)
    case .touch: PairPlace(column: 2, isPerContact: true, isPosition: true)
    default: nil
    }
  }
}

/// In long columns guesses start anew in each quarter: so movements, each of which waits for the
/// one before, are given back four at a time.
enum PairQuarters {
  /// The entries of the first three quarters, a multiple of four; the last has all others.
  ///
  /// A beat takes some hundred entries to begin, a linear guess two.
  static func length(of count: Int, _ guess: MovementGuess) -> Int {
    let shortest = if case .beat = guess { 32_768 } else { 8_192 }
    return count < shortest ? 0 : count / 16 * 4
  }

  /// The quarters that have entries, where each has so many; without a length the first has all.
  static func numbers(length: Int) -> Range<Int> { 0..<(length > 0 ? 4 : 1) }

  /// The entries of a quarter of so many.
  static func range(_ number: Int, length: Int, of count: Int) -> Range<Int> {
    let start = number * length
    return start..<(length > 0 && number < 3 ? start + length : count)
  }

  /// The entries of each quarter that has some.
  static func ranges(of count: Int, _ guess: MovementGuess) -> [Range<Int>] {
    let length = length(of: count, guess)
    return numbers(length: length).map { range($0, length: length, of: count) }
  }
}

/// How a movement is guessed from those before it, in an axis.
enum MovementGuess: Hashable {
  /// `a` eighths of the last movement and `b` eighths of the one before.
  case linear(a: Int8, b: Int8)
  /// A mean of the last movements, and how far movements were from it some reports ago: a sensor
  /// that takes pictures at a steady rate of its own shows a beat with the rate of reports.
  case beat(BeatGuess)

  /// No guess looks further back than so many movements.
  var reach: Int {
    switch self {
    case .linear: 2
    case .beat: BeatGuess.reach
    }
  }
}

/// A mouse's beat: sums over the last movements, deviations `lag`, 2 · `lag`, … ago.
struct BeatGuess: Hashable {
  /// Movements count `1 << windowBits` in all: 1 each, or in the sharp window 4, 4, 2 and six times
  /// 1.
  var windowBits: Int
  /// The weights of deviations are `1 << termBits` in all: one, two, or four of 3, 2, 2 and 1.
  var termBits: Int
  var lag: Int

  static let windowBitsRange = 3...sharpBits
  static let termBitsChoices = [0, 1, 3]
  static let termLimit = 4
  static let lagRange = 1...64
  /// The furthest deviation of any beat, and the window in front of it.
  static let reach = lagRange.upperBound * termLimit + windowLimit

  var terms: Int { min(1 << termBits, Self.termLimit) }
}

/// How coordinates become residuals: the bytes in front of a pair.
struct PairPrediction: Hashable {
  /// Whether columns hold positions, whose differences are the movements.
  var isPosition: Bool
  var guess: MovementGuess

  static let beatFlag: UInt8 = 1
  static let positionFlag: UInt8 = 2
  static let latticeFlag: UInt8 = 4

  /// Appends the prediction, and the lattices if there are some.
  func write(_ lattices: PairLattices, to bytes: inout ByteWriter) {
    let flags =
      (isPosition ? Self.positionFlag : 0) | (lattices.isPresent ? Self.latticeFlag : 0)
    switch guess {
    case .linear(let a, let b):
      bytes.append(flags)
      bytes.append(UInt8(bitPattern: a))
      bytes.append(UInt8(bitPattern: b))
    case .beat(let beat):
      bytes.append(flags | Self.beatFlag)
      bytes.append(UInt8(beat.windowBits) | UInt8(beat.termBits) << 4)
      bytes.append(UInt8(beat.lag))
    }
    if lattices.isPresent { lattices.write(to: &bytes) }
  }

  /// Reads a prediction, and the lattices.
  static func read(
    from bytes: inout ByteReader
  ) throws(FormatError) -> (PairPrediction, PairLattices) {
    let error = bytes.error(.unsupportedEncoding)
    let flags = try bytes.readUInt8()
    guard flags < 8 else { throw error }
    let malformed = bytes.error(.malformed)
    let first = try bytes.readUInt8()
    let second = try bytes.readUInt8()
    var guess = MovementGuess.linear(a: Int8(bitPattern: first), b: Int8(bitPattern: second))
    if flags & beatFlag != 0 {
      let beat = BeatGuess(
        windowBits: Int(first & 15), termBits: Int(first >> 4), lag: Int(second))
      guard BeatGuess.windowBitsRange.contains(beat.windowBits),
        BeatGuess.termBitsChoices.contains(beat.termBits), BeatGuess.lagRange.contains(beat.lag)
      else { throw malformed }
      guess = .beat(beat)
    }
    let prediction = PairPrediction(isPosition: flags & positionFlag != 0, guess: guess)
    guard flags & latticeFlag != 0 else { return (prediction, PairLattices()) }
    return (prediction, try PairLattices.read(from: &bytes))
  }
}

/// Movements to residuals and back. Sums are modulo 2³².
enum Movement {
  static let linearShift: Int32 = 3

  /// What `linear` guesses, before its division.
  @inline(__always)
  static func linear(_ a: Int32, _ b: Int32, _ last: Int32, _ before: Int32) -> Int32 {
    a &* last &+ b &* before &+ 4
  }
}
