// SPDX-License-Identifier: Apache-2.0
//
// Non-negative numbers to tokens and extra bits, and back (Specs/Encodings.md, section 4).

/// Encodes non-negative numbers; keeps its memory.
struct NumberEncoder {
  private var tokens: [UInt8] = []
  private var histogram = NumberHistogram()
  private var largest: UInt64 = 0

  /// The schemes that compare columns with each other, before one is chosen for the best.
  private static let comparingSchemes = [2, 7, 5]
  /// The schemes that are looked at; the others are rarely better, and not by much.
  private static let usualSchemes = [1, 2, 3, 5, 7, 9]

  /// Looks at numbers, of which a sample tells what they cost and which scheme is best.
  ///
  /// - Parameter union: all numbers joined by "or", where that is known.
  mutating func look(at numbers: [UInt64], union: UInt64? = nil) {
    histogram.replace(with: numbers)
    // No smaller than any number, and its highest bit is the largest number's.
    largest = union ?? numbers.span.union
  }

  /// About what the numbers cost that were looked at last.
  var cost: Int {
    histogram.cheapest(of: Self.comparingSchemes, holding: largest, limit: 2).cost
  }

  /// Appends the numbers that were looked at last: the scheme's number, tokens, extra bits.
  ///
  /// - Parameter lots: that of each number's token, where there are some.
  mutating func appendSeen(
    _ numbers: [UInt64], lots: EventMarks? = nil, to output: inout StreamWriter
  ) {
    if lots == nil, isPacked(numbers.count) { return appendPacked(numbers, to: &output) }
    // A few numbers tell too little to look at every scheme for.
    let schemes = numbers.count < 64 ? Self.comparingSchemes : Self.usualSchemes
    let index = histogram.cheapest(
      of: schemes, holding: largest, tokenCost: Self.tokenCost(of: numbers.count)
    ).scheme
    tokens.resize(forAll: numbers.count)
    let used = TokenSplit.numbers(
      numbers.span, TokenClassifier.all[index], tokens: &tokens, bits: output.bits)
    output.bytes.append(UInt8(index))
    output.appendTokens(tokens, kind: .numbers, lots: lots)
    output.appendBits(used)
  }

  /// What a token in use costs the sample of so many numbers, in sixteenths of a bit.
  ///
  /// A long stream has many tables, but the sample pays only its part of them. It flatters, though:
  /// by half a natural unit for each token (Miller 1955).
  private static func tokenCost(of count: Int) -> Int {
    let tables = count >= ContextChoice.long ? 1_400 : 400
    return min(12 + tables * Samples.size(of: count) / max(count, 1), EntropySum.tokenCost)
  }

  mutating func append(
    _ numbers: [UInt64], union: UInt64? = nil, to output: inout StreamWriter
  ) {
    largest = union ?? numbers.span.union
    if isPacked(numbers.count) { return appendPacked(numbers, to: &output) }
    look(at: numbers, union: largest)
    appendSeen(numbers, to: &output)
  }

  // MARK: - Four numbers in a token

  /// Fewer numbers are hardly quicker so, and mostly shorter by a scheme of their own.
  private static let leastPackedCount = 8_192

  private func isPacked(_ count: Int) -> Bool {
    count >= Self.leastPackedCount && largest <= PackedColumn.largest
  }

  private mutating func appendPacked(_ numbers: [UInt64], to output: inout StreamWriter) {
    output.bytes.append(PackedColumn.scheme)
    PackedColumn.pack(numbers.span, into: &tokens)
    output.appendStream(tokens, kind: .packed)
  }
}

/// Decodes non-negative numbers; keeps its memory.
struct NumberDecoder {
  private var tokens: [UInt8] = []

  /// Replaces `numbers` by `count` numbers of up to 32 or 64 bits.
  ///
  /// - Parameter lots: that of each number's token, where there are some.
  mutating func decode(
    _ numbers: inout [UInt64], count: Int, isWide: Bool, lots: EventMarks? = nil,
    from input: inout StreamReader
  ) throws(FormatError) {
    let error = input.bytes.error(.unsupportedEncoding)
    let scheme = try input.bytes.readUInt8()
    if scheme == PackedColumn.scheme, lots == nil {
      return try PackedColumn.read(&numbers, count: count, &tokens, from: &input)
    }
    let index = Int(scheme)
    guard index < TokenScheme.all.count else { throw error }
    try input.readTokens(count: count, lots: lots, into: &tokens)
    let malformed = input.bytes.error(.malformed)
    let stored = try input.readRawStream()
    numbers.resize(forAll: count)
    let table = isWide ? NumberTable.of64[index] : NumberTable.of32[index]
    guard table.expand(tokens.span, stored, into: &numbers) else { throw malformed }
  }

  /// Passes over numbers.
  static func skip(from input: inout StreamReader) throws(FormatError) {
    let scheme = try input.bytes.readUInt8()
    try input.skipStream()
    if scheme != PackedColumn.scheme { try input.skipStream() }
  }
}

extension PackedColumn {
  /// Replaces `values` by `count` from their stream of tokens.
  static func read<T: PackedInteger>(
    _ values: inout [T], count: Int, _ tokens: inout [UInt8], from input: inout StreamReader
  ) throws(FormatError) {
    let error = input.bytes.error(.malformed)
    try input.readStream(count: tokenCount(count), into: &tokens)
    values.resize(forAll: count)
    guard unpack(tokens.span, into: &values) else { throw error }
  }
}
