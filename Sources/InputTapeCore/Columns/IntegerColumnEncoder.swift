// SPDX-License-Identifier: Apache-2.0
//
// Columns of integers to tokens and extra bits (Specs/Encodings.md, section 5).

/// Encodes columns of integers; keeps its memory.
struct IntegerColumnEncoder {
  private var numbers: [UInt64] = []
  private var encoder = NumberEncoder()
  /// Those of the best encoding yet.
  private var bestNumbers: [UInt64] = []
  private var bestEncoder = NumberEncoder()
  private var tokens: [UInt8] = []

  /// Appends a column.
  mutating func encode<T: ColumnInteger>(
    _ values: [T], allowingRuns: Bool = true, to output: inout StreamWriter
  ) {
    guard let first = values.first else { return }
    let (changes, union) = T.facts(of: values.span)
    if changes == 0 {
      output.bytes.append(ColumnEncoding.constant.rawValue)
      output.bytes.appendSignedVarint(Int64(first))
      return
    }
    if allowingRuns, (changes + 1) * 8 < values.count {
      let (runs, lengths) = Self.runs(of: values, count: changes + 1)
      output.bytes.append(ColumnEncoding.runs.rawValue)
      output.bytes.appendVarint(runs.count)
      encode(runs, allowingRuns: false, to: &output)
      encode(lengths, allowingRuns: false, to: &output)
      return
    }
    if values.count >= PackedColumn.shortest, PackedColumn.holds(union) {
      output.bytes.append(ColumnEncoding.packed.rawValue)
      PackedColumn.pack(values.span, into: &tokens)
      output.appendStream(tokens, kind: .packed)
      return
    }
    encodeTokens(values, to: &output)
  }

  private static func runs<T: ColumnInteger>(of values: [T], count: Int) -> ([T], [Int32]) {
    var runs: [T] = []
    var lengths: [Int32] = []
    runs.reserveCapacity(count)
    lengths.reserveCapacity(count)
    let source = values.span
    var (start, value) = (0, source[0])
    for index in 1..<source.count where source[index] != value {
      runs.append(value)
      lengths.append(Int32(index - start))
      (start, value) = (index, source[index])
    }
    runs.append(value)
    lengths.append(Int32(source.count - start))
    return (runs, lengths)
  }

  private mutating func encodeTokens<T: ColumnInteger>(
    _ values: [T], to output: inout StreamWriter
  ) {
    // Where stretches meet, a residual is not one of the column: four of over a thousand.
    let sample = Samples.values(values, Samples.ranges(of: values.count))
    var chosen = (encoding: ColumnEncoding.values, cost: Int.max, isUnsigned: false)
    for encoding in [ColumnEncoding.values, .differences, .secondDifferences] {
      let seen = take(sample, encoding)
      encoder.look(at: numbers, union: seen.union)
      let cost = encoder.cost
      guard cost < chosen.cost else { continue }
      chosen = (encoding, cost, seen.isUnsigned)
      swap(&numbers, &bestNumbers)
      swap(&encoder, &bestEncoder)
    }
    // A short column is all of its sample.
    if sample.count < values.count || chosen.cost == .max {
      let seen = take(values, chosen.encoding)
      chosen.isUnsigned = seen.isUnsigned
      swap(&numbers, &bestNumbers)
      bestEncoder.look(at: bestNumbers, union: seen.union)
    }
    output.bytes.append(
      chosen.encoding.rawValue | (chosen.isUnsigned ? ColumnEncoding.unsignedFlag : 0))
    bestEncoder.appendSeen(bestNumbers, to: &output)
  }

  /// Puts residuals into a column: what becomes of a value, the one before and how much more that
  /// was than the one before it.
  ///
  /// - Returns: all joined by "or".
  @inline(__always)
  private static func take<T: ColumnInteger>(
    _ source: Span<T>, into target: inout MutableSpan<UInt64>, _ residual: (T, T, T) -> T
  ) -> T {
    var (last, velocity, union) = (0 as T, 0 as T, 0 as T)
    // Differences are modulo 2 to the power of the width (Specs/Encodings.md, section 5).
    for index in 0..<min(source.count, target.count) {
      let value = source[index]
      let number = residual(value, last, velocity)
      (last, velocity) = (value, value &- last)
      union |= number
      target[index] = UInt64(bitPattern: Int64(number))
    }
    return union
  }

  /// Puts the residuals into `numbers`, zigzag only where some are negative.
  ///
  /// - Returns: whether none is negative, and all numbers joined by "or".
  private mutating func take<T: ColumnInteger>(
    _ values: [T], _ encoding: ColumnEncoding
  ) -> (isUnsigned: Bool, union: UInt64) {
    numbers.resize(forAll: values.count)
    var target = numbers.mutableSpan
    let source = values.span
    let union: T =
      switch encoding {
      case .differences: Self.take(source, into: &target) { value, last, _ in value &- last }
      case .secondDifferences:
        Self.take(source, into: &target) { value, last, velocity in value &- last &- velocity }
      default: Self.take(source, into: &target) { value, _, _ in value }
      }
    if union >= 0 { return (true, UInt64(bitPattern: Int64(union))) }
    var joined: T.Magnitude = 0
    for index in 0..<target.count {
      let residual = T(truncatingIfNeeded: target[index])
      let zigzag = (residual &<< 1) ^ (residual &>> T(T.bitWidth - 1))
      let number = T.Magnitude(truncatingIfNeeded: zigzag)
      joined |= number
      target[index] = UInt64(number)
    }
    return (false, UInt64(joined))
  }
}
