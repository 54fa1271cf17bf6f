// SPDX-License-Identifier: Apache-2.0
//
// Two coordinates together, and which prediction they get (Specs/Encodings.md, section 6).

/// Encodes pairs of coordinates; keeps its memory.
struct PairEncoder {
  private var moves = MovementColumns()
  private var sampleMoves = MovementColumns()
  private var contacts = ContactMovements()
  private var x: [UInt32] = []
  private var y: [UInt32] = []
  /// Residuals that are tried have memory of their own: those of all would be filled with zeros
  /// behind them.
  private var sampleX: [UInt32] = []
  private var sampleY: [UInt32] = []
  /// Of which prediction they are the residuals of all stretches, if they are of one.
  private var taken: PairPrediction?
  private var encoder = PairTokenEncoder()

  /// Appends the pair of a kind's columns.
  ///
  /// - Parameter times: those of all events of the section.
  mutating func encode(
    _ columns: KindColumns, _ place: PairPlace, times: [Int64], preset: Preset,
    to output: inout StreamWriter
  ) {
    let x = CoordinateLattice.find(
      in: columns.int32[place.column], isPosition: place.isPosition)
    let y = CoordinateLattice.find(
      in: columns.int32[place.column + 1], isPosition: place.isPosition)
    let lattices = PairLattices(x: x?.lattice, y: y?.lattice)
    guard lattices.isPresent else {
      return encode(columns, place, lattices, times, preset: preset, to: &output)
    }
    var columns = columns
    if let x { columns.int32[place.column] = x.numbers }
    if let y { columns.int32[place.column + 1] = y.numbers }
    encode(columns, place, lattices, times, preset: preset, to: &output)
  }

  private mutating func encode(
    _ columns: KindColumns, _ place: PairPlace, _ lattices: PairLattices, _ times: [Int64],
    preset: Preset, to output: inout StreamWriter
  ) {
    let (columnX, columnY) = (columns.int32[place.column], columns.int32[place.column + 1])
    if place.isPerContact {
      contacts.take(
        contacts: columns.int32[0], phases: columns.int32[1], columnX, columnY)
      let best = takeContactResiduals(count: columns.count)
      let ranges = Self.longRanges(of: columns.count)
      let form = chooseForm(
        Samples.values(x, ranges), Samples.values(y, ranges), comparing: best)
      write(best.prediction, lattices, form, to: &output)
      encoder.encode(x, y, form, to: &output)
      return
    }
    let (prediction, form) = choose(
      columnX, columnY, isPosition: place.isPosition, times: times, preset: preset, for: output)
    write(prediction, lattices, form, to: &output)
    if case .linear(let a, 0) = prediction.guess {
      encoder.encodeMovements(
        columnX, columnY, a: a, isPosition: prediction.isPosition, form, to: &output)
      return
    }
    resize(to: columns.count)
    for quarter in PairQuarters.ranges(of: columns.count, prediction.guess) {
      let all = [0..<quarter.count]
      moves.take(
        columnX.span.extracting(quarter), columnY.span.extracting(quarter), all,
        isPosition: prediction.isPosition, reach: prediction.guess.reach)
      moves.takeResiduals(prediction, into: &x, &y, from: quarter.lowerBound)
    }
    encoder.encode(x, y, form, to: &output)
  }

  private func write(
    _ prediction: PairPrediction, _ lattices: PairLattices, _ form: PairForm,
    to output: inout StreamWriter
  ) {
    prediction.write(lattices, to: &output.bytes)
    output.bytes.append(form.byte)
  }

  // MARK: - Choice

  /// The form that compares predictions of short columns, before one is chosen for the best.
  private static let shortForm = PairForm(5)
  /// That for samples of long ones: jumps have a class there, and not 32 bits of their own.
  private static let longForm = PairForm(3)

  private mutating func choose(
    _ columnX: [Int32], _ columnY: [Int32], isPosition: Bool, times: [Int64], preset: Preset,
    for output: borrowing StreamWriter
  ) -> (prediction: PairPrediction, form: PairForm) {
    let ranges = Self.longRanges(of: columnX.count)
    let isLong = ranges.count > 1
    var best = Best(isPosition: isPosition, comparing: isLong ? Self.longForm : Self.shortForm)
    takeMoves(
      columnX, columnY, Self.shortRanges(of: columnX.count), isPosition: isPosition, reach: 2)
    chooseWeights(&best, isLong: isLong, preset: preset)
    let triesBeats =
      columnX.count >= 1_024
      && TimeEncoder.areClose(times, within: Self.beatInterval)
    if isLong || triesBeats {
      let linear = best.prediction.guess
      takeMoves(
        columnX, columnY, ranges, isPosition: isPosition,
        reach: triesBeats ? BeatGuess.reach : linear.reach)
      best.cost = .max
      if triesBeats {
        weigh(linear, &best)
        let steady = best
        tryBeats(&best, preset: preset)
        let isWorthIt =
          preset == .fast
          ? 8 * best.cost < 7 * steady.cost
          : isShorterInContexts(best, than: steady, of: columnX.count, output)
        if !isWorthIt { best = steady }
      }
    }
    take(best.prediction)
    return (best.prediction, chooseForm(sampleX, sampleY, comparing: best))
  }

  /// The weights of the last movements.
  private mutating func chooseWeights(_ best: inout Best, isLong: Bool, preset: Preset) {
    weigh(best.prediction.guess, &best)
    // Of the weights between, costs mostly fall to the best; 8 is tried in any case, as it alone
    // leaves nothing of a steady movement.
    let isSteady = weigh(.linear(a: 8, b: 0), &best)
    guard preset != .fast else { return }
    if isSteady {
      if weigh(.linear(a: 6, b: 0), &best) { weigh(.linear(a: 4, b: 0), &best) }
    } else if !weigh(.linear(a: 4, b: 0), &best) || !weigh(.linear(a: 6, b: 0), &best) {
      weigh(.linear(a: 2, b: 0), &best)
    }
    // Where the last movement tells nothing, the last two do not either.
    if best.prediction.guess != .linear(a: 0, b: 0) { weigh(.linear(a: 5, b: 3), &best) }
    guard isLong, case .linear(let a, 0) = best.prediction.guess else { return }
    let isLess = a > 0 && weigh(.linear(a: a - 1, b: 0), &best)
    if !isLess, a < 8 { weigh(.linear(a: a + 1, b: 0), &best) }
  }

  /// The stretches that tell what a linear guess is worth. Movements of one stretch are like each
  /// other: many short ones tell more than a few long ones.
  private static func shortRanges(of count: Int) -> [Range<Int>] {
    Samples.ranges(of: count, count: 20, stretch: 64)
  }

  /// The prediction that costs least of those that were tried.
  private struct Best {
    var prediction: PairPrediction
    /// In the form that compares, on the sample at hand; no cost where none is known.
    var cost = Int.max
    let comparing: PairForm

    init(isPosition: Bool, comparing: PairForm) {
      prediction = PairPrediction(isPosition: isPosition, guess: .linear(a: 0, b: 0))
      self.comparing = comparing
    }
  }

  /// Tries a guess.
  ///
  /// - Returns: whether it is the best.
  @discardableResult
  private mutating func weigh(_ guess: MovementGuess, _ best: inout Best) -> Bool {
    let prediction = PairPrediction(isPosition: best.prediction.isPosition, guess: guess)
    take(prediction)
    let cost = encoder.cost(sampleX, sampleY, best.comparing)
    guard cost < best.cost else { return false }
    (best.prediction, best.cost) = (prediction, cost)
    return true
  }

  /// Mice that report more often may do so more often than their sensor looks.
  private static let beatInterval: Int64 = 1_300_000
  private static let beatForms = [(4, 3), (4, 1), (3, 3), (3, 0)]
  /// For reports that are hardly more frequent than pictures: the last four deviations.
  private static let shortBeat = BeatGuess(windowBits: 3, termBits: 3, lag: 1)
  /// So many entries have too little in front of them to show what a beat is worth later on.
  private static let begunCount = 64

  /// The stretches that tell what beats are worth, which take some movements to begin, and which
  /// form is best.
  private static func longRanges(of count: Int) -> [Range<Int>] {
    var ranges = Samples.ranges(of: count)
    if ranges.count > 1 { ranges[0] = begunCount..<ranges[0].upperBound }
    return ranges
  }

  private mutating func tryBeats(_ best: inout Best, preset: Preset) {
    guard var lag = sampleMoves.beatLag() else { return }
    let first = Self.beatForms[0]
    func beat(_ form: (windowBits: Int, termBits: Int), _ lag: Int) -> MovementGuess {
      .beat(BeatGuess(windowBits: form.windowBits, termBits: form.termBits, lag: lag))
    }
    weigh(beat(first, lag), &best)
    // What comes back after a lag comes back after twice as many reports, too.
    if lag.isMultiple(of: 2), weigh(beat(first, lag / 2), &best) { lag /= 2 }
    guard preset != .fast else { return }
    for form in Self.beatForms.dropFirst() { weigh(beat(form, lag), &best) }
    weigh(.beat(Self.shortBeat), &best)
  }

  /// Whether the sample is shorter by one than by another where contexts know the entry before, as
  /// they will for so many entries: part of what a beat takes away they see for themselves.
  private mutating func isShorterInContexts(
    _ one: Best, than other: Best, of total: Int, _ output: borrowing StreamWriter
  ) -> Bool {
    guard let models = output.models, one.prediction != other.prediction else { return true }
    take(one.prediction)
    let cost = encoder.cost(sampleX, sampleY, one.comparing, of: total, by: models, output.bits)
    take(other.prediction)
    return cost
      < encoder.cost(sampleX, sampleY, other.comparing, of: total, by: models, output.bits)
  }

  /// Takes the residuals of so many touches by the guess that costs least on the first of them.
  ///
  /// - Returns: that guess, with its cost where these are all.
  private mutating func takeContactResiduals(count: Int) -> Best {
    var best = Best(isPosition: true, comparing: Self.shortForm)
    for guess in Self.contactGuesses {
      resizeSamples(to: min(count, Self.contactSample))
      contacts.takeResiduals(guess, into: &sampleX, &sampleY)
      let cost = encoder.cost(sampleX, sampleY, best.comparing)
      guard cost < best.cost else { continue }
      best.cost = cost
      best.prediction.guess = .linear(a: guess.a, b: guess.b)
      swap(&x, &sampleX)
      swap(&y, &sampleY)
    }
    if count > Self.contactSample, case .linear(let a, let b) = best.prediction.guess {
      best.cost = .max
      resize(to: count)
      contacts.takeResiduals((a, b), into: &x, &y)
    }
    return best
  }

  private static let contactSample = 1_024
  private static let contactGuesses: [(a: Int8, b: Int8)] = [
    (0, 0), (8, 0), (6, 0), (4, 0), (5, 3),
  ]

  /// The form that makes residuals shortest.
  ///
  /// - Parameter known: what they cost in the form that compares, where that is known.
  private mutating func chooseForm(
    _ sampleX: [UInt32], _ sampleY: [UInt32], comparing known: Best? = nil
  ) -> PairForm {
    let direct = PairForm.bestDirect { direct in
      if let known, known.cost < .max, PairForm(direct) == known.comparing { return known.cost }
      return encoder.cost(sampleX, sampleY, PairForm(direct))
    }
    return PairForm(direct)
  }

  // MARK: - Residuals

  private mutating func takeMoves(
    _ columnX: [Int32], _ columnY: [Int32], _ ranges: [Range<Int>], isPosition: Bool, reach: Int
  ) {
    sampleMoves.take(columnX.span, columnY.span, ranges, isPosition: isPosition, reach: reach)
    resizeSamples(to: ranges.reduce(0) { $0 + $1.count })
  }

  private mutating func take(_ prediction: PairPrediction) {
    guard taken != prediction else { return }
    sampleMoves.takeResiduals(prediction, into: &sampleX, &sampleY, from: 0)
    taken = prediction
  }

  private mutating func resizeSamples(to count: Int) {
    taken = nil
    sampleX.resize(forAll: count)
    sampleY.resize(forAll: count)
  }

  private mutating func resize(to count: Int) {
    x.resize(forAll: count)
    y.resize(forAll: count)
  }
}
