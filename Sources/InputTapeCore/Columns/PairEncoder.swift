// SPDX-License-Identifier: Apache-2.0
//
// Two coordinates together, and which prediction they get (Specs/Encodings.md, section 6).

/// Encodes pairs of coordinates; keeps its memory.
struct PairEncoder {
  private var moves = MovementColumns()
  private var x: [UInt32] = []
  private var y: [UInt32] = []
  private var encoder = PairTokenEncoder()

  /// Appends the pair of a kind's columns.
  ///
  /// - Parameter interval: the usual time between two events, in nanoseconds; 0 if unknown.
  mutating func encode(
    _ columns: KindColumns, _ place: PairPlace, interval: Int64, preset: Preset,
    to output: inout StreamWriter
  ) {
    let prediction =
      place.isPerContact
      ? chooseForContacts(columns, place)
      : choose(columns, place, interval: interval, preset: preset)
    if place.isPerContact {
      takePerContact(columns, place, prediction, count: columns.count)
    } else {
      take(prediction, [0..<columns.count])
    }
    let form = chooseForm()
    prediction.write(to: &output.bytes)
    output.bytes.append(form.byte)
    encoder.encode(x, y, form, to: &output)
  }

  // MARK: - Choice

  /// The form that compares predictions, before one is chosen for the best.
  private static let comparingForm = PairForm(5)
  private static let linears: [(Int8, Int8)] = [(8, 0), (6, 0), (4, 0)]

  private mutating func choose(
    _ columns: KindColumns, _ place: PairPlace, interval: Int64, preset: Preset
  ) -> PairPrediction {
    let (columnX, columnY) = (columns.int32[place.column], columns.int32[place.column + 1])
    let isPosition = columns.kind == .motion || columns.kind == .pen
    moves.take(columnX, columnY, isPosition: isPosition)
    let ranges = Samples.ranges(of: columns.count)
    var best = (
      prediction: PairPrediction(isPosition: isPosition, guess: .linear(a: 0, b: 0)),
      cost: Int.max
    )
    weigh(best.prediction, ranges, &best)
    for (a, b) in Self.linears.prefix(preset == .fast ? 1 : 3) {
      weigh(PairPrediction(isPosition: isPosition, guess: .linear(a: a, b: b)), ranges, &best)
    }
    if interval > 0, interval <= Self.beatInterval, columns.count >= 1_024, preset != .fast {
      tryBeats(ranges, &best)
    }
    return best.prediction
  }

  private mutating func weigh(
    _ prediction: PairPrediction, _ ranges: [Range<Int>],
    _ best: inout (prediction: PairPrediction, cost: Int)
  ) {
    take(prediction, ranges)
    let cost = encoder.cost(x, y, Self.comparingForm)
    if cost < best.cost { best = (prediction, cost) }
  }

  /// Mice that report more often may do so more often than their sensor looks.
  private static let beatInterval: Int64 = 1_300_000
  private static let beatForms: [(Int, Int)] = [(2, 1), (2, 2), (3, 2), (3, 0)]

  private mutating func tryBeats(
    _ ranges: [Range<Int>], _ best: inout (prediction: PairPrediction, cost: Int)
  ) {
    let isPosition = best.prediction.isPosition
    guard let lag = moves.beatLag(ranges) else { return }
    for (windowBits, termBits) in Self.beatForms {
      let guess = BeatGuess(windowBits: windowBits, termBits: termBits, lag: lag)
      weigh(
        PairPrediction(isPosition: isPosition, isFolded: true, guess: .beat(guess)), ranges, &best)
    }
  }

  private mutating func chooseForContacts(
    _ columns: KindColumns, _ place: PairPlace
  ) -> PairPrediction {
    var best = (
      prediction: PairPrediction(isPosition: true, guess: .linear(a: 0, b: 0)), cost: Int.max
    )
    for (a, b) in [(0, 0)] + Self.linears {
      let prediction = PairPrediction(isPosition: true, guess: .linear(a: a, b: b))
      takePerContact(columns, place, prediction, count: min(columns.count, Self.contactSample))
      let cost = encoder.cost(x, y, Self.comparingForm)
      if cost < best.cost { best = (prediction, cost) }
    }
    return best.prediction
  }

  private static let contactSample = 4_096

  /// The form that makes the residuals shortest, as a sample tells.
  private mutating func chooseForm() -> PairForm {
    let ranges = Samples.ranges(of: x.count)
    let (sampleX, sampleY) = (Samples.values(x, ranges), Samples.values(y, ranges))
    let place = PairForm.bestDirect { encoder.cost(sampleX, sampleY, PairForm($0)) }
    return PairForm(place)
  }

  // MARK: - Residuals

  private mutating func take(_ prediction: PairPrediction, _ ranges: [Range<Int>]) {
    x.removeAll(keepingCapacity: true)
    y.removeAll(keepingCapacity: true)
    moves.x.appendResiduals(prediction, ranges, to: &x)
    moves.y.appendResiduals(prediction, ranges, to: &y)
  }

  private mutating func takePerContact(
    _ columns: KindColumns, _ place: PairPlace, _ prediction: PairPrediction, count: Int
  ) {
    guard case .linear(let a, let b) = prediction.guess else { return }
    var histories = [PairHistory](repeating: PairHistory(), count: PairHistory.slotCount)
    x.resize(to: count, filler: 0)
    y.resize(to: count, filler: 0)
    let (contacts, phases) = (columns.int32[0], columns.int32[1])
    let (xs, ys) = (columns.int32[place.column], columns.int32[place.column + 1])
    for index in 0..<count {
      let slot = PairHistory.slot(of: contacts[index])
      let began = phases[index] == Phase.began.rawValue
      if began { histories[slot].begin() }
      let history = histories[slot]
      let stepX = xs[index] &- history.x
      let stepY = ys[index] &- history.y
      let sumX = Movement.linear(Int32(a), Int32(b), history.dx.last, history.dx.before)
      let sumY = Movement.linear(Int32(a), Int32(b), history.dy.last, history.dy.before)
      x[index] = Zigzag.encode(stepX &- sumX &>> Movement.linearShift)
      y[index] = Zigzag.encode(stepY &- sumY &>> Movement.linearShift)
      histories[slot].move(by: stepX, stepY, began: began)
    }
  }
}
