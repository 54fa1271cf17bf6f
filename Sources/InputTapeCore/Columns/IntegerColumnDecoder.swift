// SPDX-License-Identifier: Apache-2.0
//
// Columns of integers from bytes that nobody has checked yet (Specs/Encodings.md, section 5).

/// Decodes columns of integers; keeps its memory.
struct IntegerColumnDecoder {
  private var numbers: [UInt64] = []
  private var decoder = NumberDecoder()
  private var tokens: [UInt8] = []

  /// Replaces `values` by a column of `count` integers.
  mutating func decode<T: ColumnInteger>(
    _ values: inout [T], count: Int, from input: inout StreamReader
  ) throws(FormatError) {
    guard count > 0 else { return values.removeAll(keepingCapacity: true) }
    let (encoding, isUnsigned) = try Self.readEncoding(from: &input)
    if encoding == .runs {
      try decodeRuns(&values, count: count, from: &input)
    } else {
      try decode(
        &values, count: count, encoding: encoding, isUnsigned: isUnsigned, from: &input)
    }
  }

  private mutating func decode<T: ColumnInteger>(
    _ values: inout [T], count: Int, encoding: ColumnEncoding, isUnsigned: Bool,
    from input: inout StreamReader
  ) throws(FormatError) {
    if encoding == .constant {
      let error = input.bytes.error(.malformed)
      guard let value = T(exactly: try input.bytes.readSignedVarint()) else { throw error }
      values.removeAll(keepingCapacity: true)
      values.append(contentsOf: repeatElement(value, count: count))
      return
    }
    if encoding == .packed {
      return try PackedColumn.read(&values, count: count, &tokens, from: &input)
    }
    try decoder.decode(&numbers, count: count, isWide: T.isWide, from: &input)
    values.resize(forAll: count)
    Self.restore(numbers.span, encoding: encoding, isUnsigned: isUnsigned, into: &values)
  }

  /// Residuals to values. Sums are modulo 2 to the power of the width.
  private static func restore<T: ColumnInteger>(
    _ numbers: Span<UInt64>, encoding: ColumnEncoding, isUnsigned: Bool, into values: inout [T]
  ) {
    var target = values.mutableSpan
    let count = min(numbers.count, target.count)
    if isUnsigned {
      for index in 0..<count { target[index] = T(truncatingIfNeeded: numbers[index]) }
    } else {
      for index in 0..<count {
        let number = numbers[index]
        target[index] = T(truncatingIfNeeded: (number &>> 1) ^ (0 &- (number & 1)))
      }
    }
    var previous: T = 0
    var velocity: T = 0
    switch encoding {
    case .differences:
      for index in 0..<count {
        previous &+= target[index]
        target[index] = previous
      }
    case .secondDifferences:
      for index in 0..<count {
        velocity &+= target[index]
        previous &+= velocity
        target[index] = previous
      }
    default: break
    }
  }

  /// Passes over a column of `count` integers.
  static func skip(count: Int, from input: inout StreamReader) throws(FormatError) {
    guard count > 0 else { return }
    let error = input.bytes.error(.malformed)
    switch try readEncoding(from: &input).encoding {
    case .constant: _ = try input.bytes.readSignedVarint()
    case .runs:
      guard try input.bytes.readCount(limit: count) > 0 else { throw error }
      for _ in 0..<2 {
        switch try readEncoding(from: &input).encoding {
        case .constant: _ = try input.bytes.readSignedVarint()
        case .runs: throw error
        case .packed: try input.skipStream()
        default: try NumberDecoder.skip(from: &input)
        }
      }
    case .packed: try input.skipStream()
    default: try NumberDecoder.skip(from: &input)
    }
  }

  private static func readEncoding(
    from input: inout StreamReader
  ) throws(FormatError) -> (encoding: ColumnEncoding, isUnsigned: Bool) {
    let error = input.bytes.error(.unsupportedEncoding)
    let head = try input.bytes.readUInt8()
    guard let encoding = ColumnEncoding(rawValue: head & 0x7F) else { throw error }
    return (encoding, head & ColumnEncoding.unsignedFlag != 0)
  }

  private mutating func decodeRuns<T: ColumnInteger>(
    _ values: inout [T], count: Int, from input: inout StreamReader
  ) throws(FormatError) {
    let error = input.bytes.error(.malformed)
    let runCount = try input.bytes.readCount(limit: count)
    guard runCount > 0 else { throw error }
    var runs: [T] = []
    var lengths: [Int32] = []
    try decodePart(&runs, count: runCount, from: &input)
    try decodePart(&lengths, count: runCount, from: &input)
    values.removeAll(keepingCapacity: true)
    for index in 0..<runCount {
      guard lengths[index] > 0, Int(lengths[index]) <= count - values.count else { throw error }
      values.append(contentsOf: repeatElement(runs[index], count: Int(lengths[index])))
    }
    guard values.count == count else { throw error }
  }

  /// Decodes a part of a column, which has no runs of its own.
  private mutating func decodePart<T: ColumnInteger>(
    _ values: inout [T], count: Int, from input: inout StreamReader
  ) throws(FormatError) {
    let error = input.bytes.error(.malformed)
    let (encoding, isUnsigned) = try Self.readEncoding(from: &input)
    guard encoding != .runs else { throw error }
    try decode(&values, count: count, encoding: encoding, isUnsigned: isUnsigned, from: &input)
  }
}
