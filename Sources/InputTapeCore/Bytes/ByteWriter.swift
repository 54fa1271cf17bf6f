// SPDX-License-Identifier: Apache-2.0
//
// Little-endian numbers at the end of a growing array.

/// Appends little-endian numbers and bytes.
package struct ByteWriter: Sendable {
  package var bytes: [UInt8]

  package init(reserving capacity: Int = 0) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  package var count: Int { bytes.count }

  package mutating func append(_ value: UInt8) { bytes.append(value) }

  package mutating func append(_ value: UInt16) { appendLittleEndian(UInt64(value), byteCount: 2) }

  package mutating func append(_ value: UInt32) { appendLittleEndian(UInt64(value), byteCount: 4) }

  package mutating func append(_ value: UInt64) { appendLittleEndian(value, byteCount: 8) }

  package mutating func append(_ value: Int64) {
    appendLittleEndian(UInt64(bitPattern: value), byteCount: 8)
  }

  private mutating func appendLittleEndian(_ value: UInt64, byteCount: Int) {
    for index in 0..<byteCount {
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index)))
    }
  }

  /// Appends an unsigned LEB128 number in its shortest form (Specs/Encodings.md, section 1).
  package mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  package mutating func appendVarint(_ value: Int) { appendVarint(UInt64(value)) }

  /// Appends a zigzag LEB128 number.
  package mutating func appendSignedVarint(_ value: Int64) { appendVarint(Zigzag.encode(value)) }

  /// Bytes of an unsigned LEB128 number.
  package static func varintByteCount(_ value: UInt64) -> Int {
    max((64 - value.leadingZeroBitCount + 6) / 7, 1)
  }

  /// Bytes of a zigzag LEB128 number.
  package static func signedVarintByteCount(_ value: Int64) -> Int {
    varintByteCount(Zigzag.encode(value))
  }

  package mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

  /// Overwrites four bytes.
  package mutating func set(_ value: UInt32, at offset: Int) {
    for index in 0..<4 {
      bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index))
    }
  }
}
