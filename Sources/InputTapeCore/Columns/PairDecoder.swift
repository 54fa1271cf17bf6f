// SPDX-License-Identifier: Apache-2.0
//
// Two coordinates together, from bytes that nobody has checked yet (Specs/Encodings.md, section 6).

/// Decodes pairs of coordinates; keeps its memory.
struct PairDecoder: ~Copyable {
  private var decoder = PairTokenDecoder()

  /// Fills the pair of a kind's columns, whose earlier columns are filled.
  mutating func decode(
    _ columns: inout KindColumns, _ place: PairPlace, from input: inout StreamReader
  ) throws(FormatError) {
    let error = input.bytes.error(.unsupportedEncoding)
    let (prediction, lattices) = try PairPrediction.read(from: &input.bytes)
    guard let form = PairForm(byte: try input.bytes.readUInt8()) else { throw error }
    if place.isPerContact {
      guard case .linear = prediction.guess, prediction.isPosition else { throw error }
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
    let isWhole = decoder.table.expand(decoder.tokens.span, bits, into: &x, &y)
    if place.isPerContact {
      Self.restore(&x, &y, prediction, contacts: columns.int32[0], phases: columns.int32[1])
    } else {
      MovementLoops.restore(&x, &y, prediction)
    }
    lattices.x?.expand(&x)
    lattices.y?.expand(&y)
    swap(&x, &columns.int32[place.column])
    swap(&y, &columns.int32[place.column + 1])
    guard isWhole else { throw malformed }
  }

  /// Passes over a pair.
  static func skip(from input: inout StreamReader) throws(FormatError) {
    _ = try PairPrediction.read(from: &input.bytes)
    _ = try input.bytes.readUInt8()
    try PairTokenDecoder.skip(from: &input)
  }

  /// Residuals to coordinates by contacts; sums are modulo 2³².
  private static func restore(
    _ x: inout [Int32], _ y: inout [Int32], _ prediction: PairPrediction,
    contacts: [Int32], phases: [Int32]
  ) {
    guard case .linear(let a, let b) = prediction.guess else { return }
    var histories = [(x: ContactHistory, y: ContactHistory)](
      repeating: (ContactHistory(), ContactHistory()), count: ContactHistory.slotCount)
    for index in 0..<min(x.count, y.count, contacts.count, phases.count) {
      let slot = ContactHistory.slot(of: contacts[index])
      let began = phases[index] == Phase.began.rawValue
      var history = histories[slot]
      if began {
        history.x.begin()
        history.y.begin()
      }
      let sumX = Movement.linear(Int32(a), Int32(b), history.x.last, history.x.before)
      let sumY = Movement.linear(Int32(a), Int32(b), history.y.last, history.y.before)
      let stepX = sumX &>> Movement.linearShift &+ Zigzag.decode(UInt32(bitPattern: x[index]))
      let stepY = sumY &>> Movement.linearShift &+ Zigzag.decode(UInt32(bitPattern: y[index]))
      history.x.move(by: stepX, began: began)
      history.y.move(by: stepY, began: began)
      histories[slot] = history
      x[index] = history.x.position
      y[index] = history.y.position
    }
  }
}
