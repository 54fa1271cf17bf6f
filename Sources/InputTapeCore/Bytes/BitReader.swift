// SPDX-License-Identifier: Apache-2.0
//
// Bit fields from bytes that nobody has checked yet (Specs/Encodings.md, section 1).

/// Reads bit fields, lowest bit first; beyond the end stand zeros, which `isExhausted` tells.
package struct BitReader: ~Escapable {
  private let bytes: Span<UInt8>
  private var bitOffset = 0

  @_lifetime(copy bytes)
  package init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  /// Reads `count` bits, 0 to 64.
  package mutating func read(_ count: Int) -> UInt64 {
    if count > 32 {
      let low = read(32)
      return low | (read(count - 32) << 32)
    }
    var value: UInt64 = 0
    let first = bitOffset >> 3
    for index in 0..<5 where first + index < bytes.count {
      value |= UInt64(bytes[first + index]) << UInt64(8 * index)
    }
    value >>= UInt64(bitOffset & 7)
    bitOffset += count
    return value & ((1 << UInt64(count)) - 1)
  }

  /// Whether every byte was read, no bit beyond them, and the bits left in the last are zero.
  package var isExhausted: Bool {
    guard (bitOffset + 7) >> 3 == bytes.count else { return false }
    guard bitOffset & 7 != 0 else { return true }
    return bytes[bytes.count - 1] >> UInt8(bitOffset & 7) == 0
  }
}
