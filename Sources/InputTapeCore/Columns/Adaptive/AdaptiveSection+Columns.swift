// SPDX-License-Identifier: Apache-2.0
//
// Columns of which nothing special is known, and strings (Specs/Adaptive.md, section 10).

/// What is known of a column.
struct AdaptiveColumn {
  var last: Int64 = 0
  var change: Int64 = 0
  /// Averages of the errors of the last value and of the last change, in 16ths.
  var errors = (16, 64)
}

extension AdaptiveSection {
  /// Codes the Int32 and Int64 columns of an event from one of them on.
  mutating func codeColumns(_ kind: AdaptiveKind, _ row: Int, from first: Int) {
    for index in first..<max(first, kind.layout.int32 + kind.layout.int64) {
      let column = kind.firstColumn + index
      codeColumn(row + index, column, number: column, isNarrow: index < kind.layout.int32)
    }
  }

  /// Codes one value of a column.
  ///
  /// - Parameters:
  ///   - number: tells the column from others.
  ///   - isNarrow: whether the value is an Int32.
  mutating func codeColumn(_ row: Int, _ column: Int, number: Int, isNarrow: Bool) {
    var state = columns[column]
    let isSteady = state.errors.0 <= state.errors.1
    // Values are modulo 2³² or 2⁶⁴ (Specs/Adaptive.md, section 10).
    let predicted = isSteady ? state.last : state.last &+ state.change
    let known = wrapped(values[row] &- predicted, isNarrow)
    let place = UInt64(truncatingIfNeeded: number) << 8 | (isSteady ? 1 << 24 : 0)
    let change = UInt64(UInt16(truncatingIfNeeded: clamped(state.change, 32_767)))
    let last = UInt64(UInt16(truncatingIfNeeded: state.last))
    let error = isSteady ? state.errors.0 : state.errors.1
    let level = min(31, halfBitSize(error))
    let contexts = AdaptiveContexts(
      AdaptiveContexts.hash(111 | place | unsigned(level) << 32),
      AdaptiveContexts.hash(112 | place | change << 32),
      AdaptiveContexts.hash(113 | place | last << 32), AdaptiveContexts.hash(114 | place))
    let rest = model.code(
      known, isNarrow ? .scalar : .wide, level: level, size: min(40, bitSize((error + 8) >> 4)),
      contexts, bitCount: 4, situation: situation(level: level))
    let value = wrapped(predicted &+ rest, isNarrow)
    let found = wrapped(value &- state.last, isNarrow)
    let other = wrapped(found &- state.change, isNarrow)
    state.errors.0 += (size16(found, state.errors.0) - state.errors.0) >> 3
    state.errors.1 += (size16(other, state.errors.1) - state.errors.1) >> 3
    state.change = found
    state.last = value
    columns[column] = state
    values[row] = value
  }

  @inline(__always)
  private func wrapped(_ value: Int64, _ isNarrow: Bool) -> Int64 {
    isNarrow ? Int64(Int32(truncatingIfNeeded: value)) : value
  }

  /// A magnitude in 16ths, limited so that one value far from the others does not make the next
  /// hundred seem large.
  @inline(__always)
  private func size16(_ value: Int64, _ average: Int) -> Int {
    min(Int(clamping: min(value.magnitude, 1 << 44)) << 4, 4 * average + 1_024)
  }

  /// Codes the strings of an event, each as where it stands in `text` and its length.
  ///
  /// - Throws: where a decoder finds strings that are longer than any may be.
  mutating func codeStrings(
    _ kind: AdaptiveKind, _ row: Int, _ budget: inout Int, at position: UInt64
  ) throws(FormatError) {
    let first = kind.layout.int32 + kind.layout.int64
    for index in first..<kind.width {
      let column = kind.firstColumn + index
      let start = Coder.isDecoder ? text.count : Int(values[row + index] >> 32)
      values[row + index] &= 0xFFFF_FFFF
      codeColumn(row + index, column, number: column, isNarrow: true)
      let length = values[row + index]
      guard length >= 0, length <= Int64(Limits.textByteCount) else {
        throw FormatError(.limitExceeded, at: position)
      }
      if Coder.isDecoder {
        budget -= Int(length)
        guard budget >= 0 else { throw FormatError(.limitExceeded, at: position) }
        text.append(contentsOf: repeatElement(0, count: Int(length)))
      }
      codeText(start..<(start + Int(length)), column)
      values[row + index] = Int64(start) << 32 | length
    }
  }

  /// Codes the bytes of a string.
  private mutating func codeText(_ range: Range<Int>, _ column: Int) {
    var prefix = UInt64(truncatingIfNeeded: column)
    var (a, b) = (UInt64(0), UInt64(0))
    for index in range {
      let contexts = AdaptiveContexts(
        AdaptiveContexts.hash(121 | a << 8), AdaptiveContexts.hash(122 | a << 8 | b << 16),
        AdaptiveContexts.hash(123 &+ prefix << 8))
      let byte = model.code(byte: Int(text[index]), .text, contexts)
      text[index] = UInt8(truncatingIfNeeded: byte)
      (a, b) = (unsigned(byte), a)
      prefix = AdaptiveContexts.hash(prefix &* 256 &+ a)
    }
  }
}
