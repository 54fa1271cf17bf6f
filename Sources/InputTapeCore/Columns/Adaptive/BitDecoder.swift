// SPDX-License-Identifier: Apache-2.0
//
// Bytes that nobody has checked yet to bits (Specs/Adaptive.md, section 2).
//
// Invariant: beyond the end stand zeros; `shifted` counts the bytes that the interval has used up.

/// Decodes bits by their probabilities.
struct BitDecoder: BitCoder {
  static var isDecoder: Bool { true }
  private var bytes: [UInt8] = []
  private var range: UInt64 = .max
  /// What the bytes name, less the interval's low end.
  private var value: UInt64 = 0
  private var shifted = 0

  /// Begins with other bytes, and keeps the memory.
  mutating func reset(_ source: Span<UInt8>) {
    bytes.removeAll(keepingCapacity: true)
    bytes.reserveCapacity(source.count)
    for index in source.indices { bytes.append(source[index]) }
    range = .max
    shifted = 0
    value = window
  }

  /// The eight bytes behind those used up.
  private var window: UInt64 {
    (0..<8).reduce(0) { $0 << 8 | UInt64(byte(shifted &+ $1)) }
  }

  private func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

  var isOverrun: Bool { shifted > bytes.count }

  @inline(__always)
  mutating func code(_ bit: Int, probability: Int) -> Int {
    let part = BitInterval.part(range, probability)
    let rest = value &- part
    let isOne = value < part
    range = isOne ? part : range &- part
    value = isOne ? value : rest
    if range >> 32 == 0 { shift() }
    return isOne ? 1 : 0
  }

  @inline(__always)
  mutating func codeRaw(_ known: UInt64, bitCount: Int) -> UInt64 {
    var result: UInt64 = 0
    var rest = bitCount
    while rest > 0 {
      let count = min(rest, 16)
      rest &-= count
      range >>= UInt64(count)
      // What is beyond the interval is no number of any encoder; the end will not fit.
      let found = min(value / range, 1 << UInt64(count) &- 1)
      value &-= found &* range
      result = result << UInt64(count) | found
      if range >> 32 == 0 { shift() }
    }
    return result
  }

  /// Makes room in the range.
  @inline(never)
  private mutating func shift() {
    range <<= 32
    for index in 4..<8 { value = value << 8 | UInt64(byte(shifted &+ index &+ 4)) }
    shifted &+= 4
  }

  /// What is wrong with the end of the bytes, if anything: they must end as an encoder ends them.
  func endingError() -> FormatError.Code? {
    let known = window
    let ending = BitInterval.ending(known &- value, range)
    if shifted &+ ending.byteCount > bytes.count { return .truncated }
    return shifted &+ ending.byteCount < bytes.count || known != ending.value ? .malformed : nil
  }
}
