// SPDX-License-Identifier: Apache-2.0
//
// Two coordinates together, from bytes that nobody has checked yet (Specs/Encodings.md, section 6).

/// Decodes pairs of coordinates; keeps its memory.
struct PairDecoder: ~Copyable {
  private var decoder = PairTokenDecoder()
  private var first: [UInt32] = []
  private var second: [UInt32] = []
  private var scratch = BeatScratch()

  /// Fills the pair of a kind's columns, whose earlier columns are filled.
  mutating func decode(
    _ columns: inout KindColumns, _ place: PairPlace, from input: inout StreamReader
  ) throws(FormatError) {
    let error = input.bytes.error(.unsupportedEncoding)
    let prediction = try PairPrediction.read(from: &input.bytes)
    guard let form = PairForm(byte: try input.bytes.readUInt8()) else { throw error }
    if place.isPerContact {
      guard case .linear = prediction.guess, prediction.isPosition, !prediction.isFolded else {
        throw error
      }
    }
    let malformed = input.bytes.error(.malformed)
    let bits = try decoder.read(count: columns.count, form, width: 32, from: &input)
    columns.int32[place.column].resize(to: columns.count, filler: 0)
    columns.int32[place.column + 1].resize(to: columns.count, filler: 0)
    // Taken out, so that each is an array of its own while both are filled.
    var x: [Int32] = []
    var y: [Int32] = []
    swap(&x, &columns.int32[place.column])
    swap(&y, &columns.int32[place.column + 1])
    var isWhole = true
    if case .linear(let a, 0) = prediction.guess, !prediction.isFolded, !place.isPerContact {
      isWhole = decoder.table.restore(
        decoder.tokens.span, bits, a: Int32(a), isPosition: prediction.isPosition, into: &x, &y)
    } else {
      var (first, second) = (first, second)
      (self.first, self.second) = ([], [])
      first.resize(to: columns.count, filler: 0)
      second.resize(to: columns.count, filler: 0)
      isWhole = decoder.table.expand(decoder.tokens.span, bits, into: &first, &second)
      (self.first, self.second) = (first, second)
      restore(&x, &y, prediction, place, columns)
    }
    swap(&x, &columns.int32[place.column])
    swap(&y, &columns.int32[place.column + 1])
    guard isWhole else { throw malformed }
  }

  private mutating func restore(
    _ x: inout [Int32], _ y: inout [Int32], _ prediction: PairPrediction, _ place: PairPlace,
    _ columns: KindColumns
  ) {
    if place.isPerContact {
      restore(&x, &y, prediction, contacts: columns.int32[0], phases: columns.int32[1])
    } else {
      // References of their own, so that `scratch` can change beside them.
      let (first, second) = (first, second)
      Self.restore(first.span, prediction, &scratch, into: &x)
      Self.restore(second.span, prediction, &scratch, into: &y)
    }
  }

  /// Passes over a pair.
  static func skip(from input: inout StreamReader) throws(FormatError) {
    _ = try PairPrediction.read(from: &input.bytes)
    _ = try input.bytes.readUInt8()
    try PairTokenDecoder.skip(from: &input)
  }

  /// Residuals to coordinates; sums are modulo 2³².
  private static func restore(
    _ residuals: Span<UInt32>, _ prediction: PairPrediction, _ scratch: inout BeatScratch,
    into values: inout [Int32]
  ) {
    switch prediction.guess {
    case .linear(let a, let b):
      restoreLinear(
        residuals, Int32(a), Int32(b), isPosition: prediction.isPosition,
        isFolded: prediction.isFolded, into: &values)
    case .beat(let beat):
      scratch.restore(residuals, beat, isFolded: prediction.isFolded, into: &values)
      if prediction.isPosition { sum(&values) }
    }
  }

  private static func restoreLinear(
    _ residuals: Span<UInt32>, _ a: Int32, _ b: Int32, isPosition: Bool, isFolded: Bool,
    into values: inout [Int32]
  ) {
    var target = values.mutableSpan
    let count = min(residuals.count, target.count)
    let keep: Int32 = isPosition ? -1 : 0
    var position: Int32 = 0
    var last: Int32 = 0
    var before: Int32 = 0
    for index in 0..<count {
      let sum = Movement.linear(a, b, last, before)
      var residual = Zigzag.decode(residuals[index])
      if isFolded { residual = Movement.fold(residual, sum, shift: Movement.linearShift) }
      before = last
      last = sum &>> Movement.linearShift &+ residual
      position = (position & keep) &+ last
      target[index] = position
    }
  }

  private static func sum(_ values: inout [Int32]) {
    var target = values.mutableSpan
    var position: Int32 = 0
    for index in 0..<target.count {
      position &+= target[index]
      target[index] = position
    }
  }

  private mutating func restore(
    _ x: inout [Int32], _ y: inout [Int32], _ prediction: PairPrediction,
    contacts: [Int32], phases: [Int32]
  ) {
    guard case .linear(let a, let b) = prediction.guess else { return }
    var histories = [PairHistory](repeating: PairHistory(), count: PairHistory.slotCount)
    for index in 0..<min(x.count, y.count, contacts.count, phases.count) {
      let slot = PairHistory.slot(of: contacts[index])
      let began = phases[index] == Phase.began.rawValue
      if began { histories[slot].begin() }
      let history = histories[slot]
      let sumX = Movement.linear(Int32(a), Int32(b), history.dx.last, history.dx.before)
      let sumY = Movement.linear(Int32(a), Int32(b), history.dy.last, history.dy.before)
      let stepX = sumX &>> Movement.linearShift &+ Zigzag.decode(first[index])
      let stepY = sumY &>> Movement.linearShift &+ Zigzag.decode(second[index])
      histories[slot].move(by: stepX, stepY, began: began)
      x[index] = histories[slot].x
      y[index] = histories[slot].y
    }
  }
}
