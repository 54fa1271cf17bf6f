// SPDX-License-Identifier: Apache-2.0
//
// Bits to bytes: a binary range coder (Specs/Adaptive.md, section 2).
//
// Invariant: `range` is at least 2³² before a bit. `bytes` and `low` are one number, and with
// `range` more it still has no more bytes: a carry ends within `bytes`.

/// Encodes bits by their probabilities.
struct BitEncoder: BitCoder {
  static var isDecoder: Bool { false }
  private(set) var bytes: [UInt8] = []
  private var low: UInt64 = 0
  private var range: UInt64 = .max

  var isOverrun: Bool { false }

  /// Begins anew, and keeps the memory.
  mutating func reset() {
    bytes.removeAll(keepingCapacity: true)
    low = 0
    range = .max
  }

  @inline(__always)
  mutating func code(_ bit: Int, probability: Int) -> Int {
    let part = BitInterval.part(range, probability)
    range = bit != 0 ? part : range &- part
    add(bit != 0 ? 0 : part)
    if range >> 32 == 0 { shift() }
    return bit
  }

  @inline(__always)
  mutating func codeRaw(_ value: UInt64, bitCount: Int) -> UInt64 {
    var rest = bitCount
    while rest > 0 {
      let count = min(rest, 16)
      rest &-= count
      range >>= UInt64(count)
      add(range &* (value >> UInt64(rest) & (1 << UInt64(count) &- 1)))
      if range >> 32 == 0 { shift() }
    }
    return value
  }

  @inline(__always)
  private mutating func add(_ part: UInt64) {
    let (sum, overflow) = low.addingReportingOverflow(part)
    low = sum
    if overflow { carry() }
  }

  /// Appends the highest bytes of a number.
  private mutating func append(_ number: UInt64, byteCount: Int) {
    for index in 0..<byteCount {
      bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(56 &- 8 &* index)))
    }
  }

  /// Adds one to the number that the bytes are.
  @inline(never)
  private mutating func carry() {
    var index = bytes.count &- 1
    while index >= 0, bytes[index] == 255 {
      bytes[index] = 0
      index &-= 1
    }
    if index >= 0 { bytes[index] &+= 1 }
  }

  /// Makes room in the range.
  @inline(never)
  private mutating func shift() {
    append(low, byteCount: 4)
    low <<= 32
    range <<= 32
  }

  /// Appends the bytes that end the section.
  mutating func finish() {
    let (value, byteCount) = BitInterval.ending(low, range)
    if value < low { carry() }
    append(value, byteCount: byteCount)
  }
}
