// SPDX-License-Identifier: Apache-2.0
//
// Columns of integers from bytes that nobody has checked yet (Specs/Encodings.md, section 4).

/// Decodes columns of integers; keeps its memory.
struct IntegerColumnDecoder {
  private var tokens: [UInt8] = []

  /// Replaces `values` by a column of `count` integers.
  mutating func decode<T: FixedWidthInteger & SignedInteger>(
    _ values: inout [T], count: Int, from input: inout StreamReader
  ) throws(FormatError) {
    values.removeAll(keepingCapacity: true)
    guard count > 0 else { return }
    switch try readEncoding(from: &input) {
    case .constant:
      let value: T = try readValue(from: &input)
      values.append(contentsOf: repeatElement(value, count: count))
    case .runs: try decodeRuns(&values, count: count, from: &input)
    case let encoding:
      try decodeTokens(&values, count: count, from: &input)
      Residuals.restore(&values, encoding: encoding)
    }
  }

  /// Passes over a column.
  func skip(from input: inout StreamReader) throws(FormatError) {
    switch try readEncoding(from: &input) {
    case .constant: _ = try input.bytes.readSignedVarint()
    case .runs:
      _ = try input.bytes.readVarint()
      for _ in 0..<2 { try skipPart(from: &input) }
    default: try skipTokens(from: &input)
    }
  }

  /// Passes over a part of a column, which has no runs of its own.
  private func skipPart(from input: inout StreamReader) throws(FormatError) {
    let error = input.bytes.error(.malformed)
    switch try readEncoding(from: &input) {
    case .constant: _ = try input.bytes.readSignedVarint()
    case .runs: throw error
    default: try skipTokens(from: &input)
    }
  }

  private func skipTokens(from input: inout StreamReader) throws(FormatError) {
    _ = try input.bytes.readUInt8()
    for _ in 0..<2 { try input.skipStream() }
  }

  private func readEncoding(from input: inout StreamReader) throws(FormatError) -> ColumnEncoding {
    let error = input.bytes.error(.unsupportedEncoding)
    guard let encoding = ColumnEncoding(rawValue: try input.bytes.readUInt8()) else { throw error }
    return encoding
  }

  private func readValue<T: FixedWidthInteger & SignedInteger>(
    from input: inout StreamReader
  ) throws(FormatError) -> T {
    let error = input.bytes.error(.malformed)
    guard let value = T(exactly: try input.bytes.readSignedVarint()) else { throw error }
    return value
  }

  private mutating func decodeRuns<T: FixedWidthInteger & SignedInteger>(
    _ values: inout [T], count: Int, from input: inout StreamReader
  ) throws(FormatError) {
    let runCount = try input.bytes.readCount(limit: count)
    var runs: [T] = []
    var lengths: [Int32] = []
    try decodePart(&runs, count: runCount, from: &input)
    try decodePart(&lengths, count: runCount, from: &input)
    for index in 0..<runCount {
      guard lengths[index] > 0, Int(lengths[index]) <= count - values.count else {
        throw input.bytes.error(.malformed)
      }
      values.append(contentsOf: repeatElement(runs[index], count: Int(lengths[index])))
    }
    guard values.count == count else { throw input.bytes.error(.malformed) }
  }

  /// Decodes a part of a column, which has no runs of its own.
  private mutating func decodePart<T: FixedWidthInteger & SignedInteger>(
    _ values: inout [T], count: Int, from input: inout StreamReader
  ) throws(FormatError) {
    guard count > 0 else { return }
    let error = input.bytes.error(.malformed)
    switch try readEncoding(from: &input) {
    case .constant:
      let value: T = try readValue(from: &input)
      values.append(contentsOf: repeatElement(value, count: count))
    case .runs: throw error
    case let encoding:
      try decodeTokens(&values, count: count, from: &input)
      Residuals.restore(&values, encoding: encoding)
    }
  }

  private mutating func decodeTokens<T: FixedWidthInteger & SignedInteger>(
    _ values: inout [T], count: Int, from input: inout StreamReader
  ) throws(FormatError) {
    let error = input.bytes.error(.unsupportedEncoding)
    let number = Int(try input.bytes.readUInt8())
    guard number < TokenScheme.all.count else { throw error }
    let scheme = TokenScheme.all[number]
    try input.readStream(count: count, into: &tokens)
    let bytes = try input.readRawStream()
    var bits = BitReader(bytes)
    for token in tokens {
      guard let (base, extraCount) = scheme.decode(token, width: T.bitWidth) else {
        throw input.bytes.error(.malformed)
      }
      values.append(Residuals.unzigzag(base | bits.read(extraCount)))
    }
    guard bits.isExhausted else { throw input.bytes.error(.malformed) }
  }
}
