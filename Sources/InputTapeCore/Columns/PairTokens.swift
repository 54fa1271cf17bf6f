// SPDX-License-Identifier: Apache-2.0
//
// Two columns of numbers as one token an entry and raw bits (Specs/Encodings.md, section 6).

/// How two columns become tokens: classes of each, and how many low bits of the second are raw.
struct PairForm: Hashable {
  var firstDirect: Int
  var secondDirect: Int
  /// So many low bits of the second number are extra bits, before it has a class.
  var shift = 0

  static let shiftLimit = 40
  /// The schemes that are looked at; those between are hardly better.
  static let usualDirects = [1, 3, 5, 7, 9, 11, 13]

  /// The scheme of least cost, as far as steps from a middle one lead downhill.
  static func bestDirect(from start: Int = 5, _ cost: (Int) -> Int) -> Int {
    var place = usualDirects.firstIndex(of: start) ?? 0
    var best = cost(usualDirects[place])
    for step in [-1, 1] {
      let first = place
      while usualDirects.indices.contains(place + step) {
        let next = cost(usualDirects[place + step])
        guard next < best else { break }
        best = next
        place += step
      }
      if place != first { break }
    }
    return usualDirects[place]
  }

  var byte: UInt8 { UInt8(firstDirect) | UInt8(secondDirect) << 4 }

  init(_ direct: Int, _ secondDirect: Int? = nil, shift: Int = 0) {
    firstDirect = direct
    self.secondDirect = secondDirect ?? direct
    self.shift = shift
  }

  /// The form of a byte, or nil for none.
  init?(byte: UInt8, shift: Int = 0) {
    self.init(Int(byte & 15), Int(byte >> 4), shift: shift)
    guard PairScheme.directRange.contains(firstDirect),
      PairScheme.directRange.contains(secondDirect)
    else { return nil }
  }
}

/// Encodes two columns of numbers; keeps its memory.
struct PairTokenEncoder {
  private var tokens: [UInt8] = []
  private var estimate = EntropyEstimate()

  /// About what two columns take, in sixteenths of a bit.
  ///
  /// - Parameter width: the bits of a number that has no class.
  mutating func cost(
    _ first: [UInt32], _ second: [UInt32], _ form: PairForm, width: Int = 32
  ) -> Int {
    precondition(first.count < 1 << 20, "A sample")
    estimate.add { counts in
      TokenSplit.count(first.span, second.span, form, width: width, into: &counts)
    }
    return estimate.takeCost(byTurns: TokenSplit.areByTurns(first.count))
  }

  /// About how many bits a sample of two columns takes in contexts, tables aside.
  ///
  /// - Parameter total: how many entries all of it has.
  mutating func cost(
    _ first: [UInt32], _ second: [UInt32], _ form: PairForm, of total: Int,
    by models: ModelEncoder, _ bits: BitRoom
  ) -> Int {
    tokens.resize(forAll: first.count)
    let used = PairSplit.pairs(first.span, second.span, form, tokens: &tokens, bits: bits)
    return 8 * used + models.bits(of: tokens, kind: .pairs, of: total)
  }

  /// Appends the streams of two columns.
  mutating func encode(
    _ first: [UInt32], _ second: [UInt32], _ form: PairForm, to output: inout StreamWriter
  ) {
    tokens.resize(forAll: first.count)
    let used = PairSplit.pairs(first.span, second.span, form, tokens: &tokens, bits: output.bits)
    append(used, to: &output)
  }

  /// Appends the streams of what a grid makes of times: steps and residuals.
  ///
  /// - Parameter lots: that of each token, where there are some.
  mutating func encodeGrid(
    _ columns: GridColumns, _ form: PairForm, lots: EventMarks?, to output: inout StreamWriter
  ) {
    tokens.resize(forAll: columns.steps.count)
    let used = PairSplit.grid(columns, form, tokens: &tokens, bits: output.bits)
    append(used, lots: lots, to: &output)
  }

  /// Appends the streams of what a linear guess leaves of coordinates.
  mutating func encodeMovements(
    _ first: [Int32], _ second: [Int32], a: Int8, isPosition: Bool, _ form: PairForm,
    to output: inout StreamWriter
  ) {
    tokens.resize(forAll: first.count)
    let used = PairSplit.movements(
      first.span, second.span, a: a, isPosition: isPosition, form, tokens: &tokens,
      bits: output.bits)
    append(used, to: &output)
  }

  private func append(_ used: Int, lots: EventMarks? = nil, to output: inout StreamWriter) {
    output.appendTokens(tokens, kind: .pairs, lots: lots)
    output.appendBits(used)
  }
}

/// The streams of two columns, for the loops that take them apart; keeps its memory.
struct PairTokenDecoder: ~Copyable {
  private(set) var tokens: [UInt8] = []
  private(set) var table = PairTable()

  /// Reads the tokens of `count` entries, and returns their bits.
  ///
  /// - Parameter lots: that of each token, where there are some.
  @_lifetime(copy input)
  mutating func read(
    count: Int, _ form: PairForm, width: Int, lots: EventMarks? = nil,
    from input: inout StreamReader
  ) throws(FormatError) -> Span<UInt8> {
    try input.readTokens(count: count, lots: lots, into: &tokens)
    let stored = try input.readRawStream()
    table.set(form, width: width)
    return stored
  }

  /// Passes over both columns.
  static func skip(from input: inout StreamReader) throws(FormatError) {
    for _ in 0..<2 { try input.skipStream() }
  }
}
