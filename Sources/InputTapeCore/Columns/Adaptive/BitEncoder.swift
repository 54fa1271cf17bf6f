// SPDX-License-Identifier: Apache-2.0
//
// Bits to bytes: a carryless binary arithmetic coder (Specs/Adaptive.md, section 2).

/// Encodes bits by their probabilities.
struct BitEncoder: BitCoder {
  static var isDecoder: Bool { false }
  private(set) var bytes: [UInt8] = []
  private var low: UInt32 = 0
  private var high: UInt32 = .max

  var isOverrun: Bool { false }

  /// Begins anew, and keeps the memory.
  mutating func reset() {
    bytes.removeAll(keepingCapacity: true)
    low = 0
    high = .max
  }

  @inline(__always)
  mutating func code(_ bit: Int, probability: Int) -> Int {
    let middle = BitInterval.middle(low, high, probability)
    if bit != 0 { high = middle } else { low = middle &+ 1 }
    while (low ^ high) >> 24 == 0 {
      bytes.append(UInt8(truncatingIfNeeded: high >> 24))
      low <<= 8
      high = (high << 8) | 0xFF
    }
    return bit
  }

  /// Appends the bytes that end the section.
  mutating func finish() {
    let (value, byteCount) = BitInterval.ending(low, high)
    for index in 0..<byteCount {
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * index)))
    }
  }
}
