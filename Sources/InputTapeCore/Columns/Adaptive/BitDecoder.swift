// SPDX-License-Identifier: Apache-2.0
//
// Bytes that nobody has checked yet to bits (Specs/Adaptive.md, section 2).
//
// Invariant: beyond the end stand zeros; `shifts` counts the bytes that the interval has used up.

/// Decodes bits by their probabilities.
struct BitDecoder: BitCoder {
  static var isDecoder: Bool { true }
  private var bytes: [UInt8] = []
  private var low: UInt32 = 0
  private var high: UInt32 = .max
  private var value: UInt32 = 0
  private var shifts = 0

  /// Begins with other bytes, and keeps the memory.
  mutating func reset(_ source: Span<UInt8>) {
    bytes.removeAll(keepingCapacity: true)
    bytes.reserveCapacity(source.count)
    for index in source.indices { bytes.append(source[index]) }
    low = 0
    high = .max
    shifts = 0
    value = 0
    for index in 0..<4 { value = (value << 8) | UInt32(byte(index)) }
  }

  private func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

  var isOverrun: Bool { shifts > bytes.count }

  @inline(__always)
  mutating func code(_ bit: Int, probability: Int) -> Int {
    let middle = BitInterval.middle(low, high, probability)
    let bit = value <= middle
    if bit { high = middle } else { low = middle &+ 1 }
    while (low ^ high) >> 24 == 0 {
      low <<= 8
      high = (high << 8) | 0xFF
      let next = shifts &+ 4
      value = (value << 8) | UInt32(next < bytes.count ? bytes[next] : 0)
      shifts &+= 1
    }
    return bit ? 1 : 0
  }

  /// What is wrong with the end of the bytes, if anything: they must end as an encoder ends them.
  func endingError() -> FormatError.Code? {
    let ending = BitInterval.ending(low, high)
    if shifts &+ ending.byteCount > bytes.count { return .truncated }
    return shifts &+ ending.byteCount < bytes.count || value != ending.value ? .malformed : nil
  }
}
