// SPDX-License-Identifier: Apache-2.0
//
// Columns of integers to tokens and extra bits (Specs/Encodings.md, section 4).

/// Encodes columns of integers; keeps its memory.
struct IntegerColumnEncoder {
  private var residuals: [UInt64] = []
  private var trial: [UInt64] = []
  private var tokens: [UInt8] = []
  private var bits = BitWriter()

  /// Appends a column.
  mutating func encode<T: FixedWidthInteger & SignedInteger>(
    _ values: [T], allowingRuns: Bool = true, to output: inout StreamWriter
  ) {
    guard let first = values.first else { return }
    if values.allSatisfy({ $0 == first }) {
      output.bytes.append(ColumnEncoding.constant.rawValue)
      output.bytes.appendSignedVarint(Int64(first))
      return
    }
    if allowingRuns, let (runs, lengths) = runs(of: values) {
      output.bytes.append(ColumnEncoding.runs.rawValue)
      output.bytes.appendVarint(runs.count)
      encode(runs, allowingRuns: false, to: &output)
      encode(lengths, allowingRuns: false, to: &output)
      return
    }
    encodeTokens(values, to: &output)
  }

  /// The runs of equal values, where they are long on average.
  private func runs<T: FixedWidthInteger & SignedInteger>(of values: [T]) -> ([T], [Int32])? {
    var count = 1
    for index in values.indices.dropFirst() where values[index] != values[index - 1] { count += 1 }
    guard count * 8 < values.count else { return nil }
    var runs: [T] = []
    var lengths: [Int32] = []
    var start = 0
    for index in 1...values.count where index == values.count || values[index] != values[start] {
      runs.append(values[start])
      lengths.append(Int32(index - start))
      start = index
    }
    return (runs, lengths)
  }

  private mutating func encodeTokens<T: FixedWidthInteger & SignedInteger>(
    _ values: [T], to output: inout StreamWriter
  ) {
    var best = ColumnEncoding.values
    var bestCost = Int.max
    for encoding in [ColumnEncoding.values, .differences, .secondDifferences] {
      Residuals.take(values, encoding: encoding, into: &trial)
      let cost = trial.reduce(0) { $0 + (64 - ($1 + ($1 == .max ? 0 : 1)).leadingZeroBitCount) }
      if cost < bestCost {
        bestCost = cost
        best = encoding
        swap(&trial, &residuals)
      }
    }
    output.bytes.append(best.rawValue)
    appendTokens(residuals, to: &output)
  }

  /// Appends the tokens and extra bits of non-negative numbers.
  private mutating func appendTokens(_ numbers: [UInt64], to output: inout StreamWriter) {
    let largest = numbers.max() ?? 0
    let number = largest < 192 ? 0 : 1
    let scheme = TokenScheme.all[number]
    tokens.removeAll(keepingCapacity: true)
    bits.removeAll()
    for value in numbers {
      let (token, extra, count) = scheme.encode(value)
      tokens.append(token)
      bits.append(extra, count: count)
    }
    bits.finish()
    output.bytes.append(UInt8(number))
    output.appendStream(tokens)
    output.appendRawStream(bits.bytes)
  }
}
