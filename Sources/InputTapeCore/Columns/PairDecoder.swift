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
    var perContact: (a: Int8, b: Int8)?
    if place.isPerContact {
      guard case .linear(let a, let b) = prediction.guess, prediction.isPosition else {
        throw error
      }
      perContact = (a, b)
    }
    let malformed = input.bytes.error(.malformed)
    let bits = try decoder.read(count: columns.count, form, width: 32, from: &input)
    columns.int32[place.column].resize(forAll: columns.count)
    columns.int32[place.column + 1].resize(forAll: columns.count)
    // Taken out, so that each is an array of its own while both are filled.
    var x: [Int32] = []
    var y: [Int32] = []
    swap(&x, &columns.int32[place.column])
    swap(&y, &columns.int32[place.column + 1])
    let isWhole = decoder.table.expand(decoder.tokens.span, bits, into: &x, &y)
    if let (a, b) = perContact {
      MovementLoops.restore(
        &x, &y, a: a, b: b, contacts: columns.int32[0], phases: columns.int32[1])
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
}
