// SPDX-License-Identifier: Apache-2.0
//
// A forward cursor over untrusted bytes (Specs/Format.md, section 2).
//
// Invariant: `offset` never passes the end, and a failed read leaves it unmoved.

/// Reads little-endian numbers from bytes that nobody has checked yet.
package struct ByteReader: ~Escapable {
  package let bytes: Span<UInt8>
  package private(set) var offset = 0
  /// The position in the file of the first byte, for errors.
  package let position: UInt64

  @_lifetime(copy bytes)
  package init(_ bytes: Span<UInt8>, at position: UInt64) {
    self.bytes = bytes
    self.position = position
  }

  package var remaining: Int { bytes.count - offset }

  /// An error at the next byte.
  package func error(_ code: FormatError.Code) -> FormatError {
    FormatError(code, at: position &+ UInt64(offset))
  }

  package mutating func readUInt8() throws(FormatError) -> UInt8 {
    guard offset < bytes.count else { throw error(.truncated) }
    let value = bytes[offset]
    offset += 1
    return value
  }

  package mutating func readUInt16() throws(FormatError) -> UInt16 {
    UInt16(truncatingIfNeeded: try readLittleEndian(byteCount: 2))
  }

  package mutating func readUInt32() throws(FormatError) -> UInt32 {
    UInt32(truncatingIfNeeded: try readLittleEndian(byteCount: 4))
  }

  package mutating func readUInt64() throws(FormatError) -> UInt64 {
    try readLittleEndian(byteCount: 8)
  }

  package mutating func readInt64() throws(FormatError) -> Int64 {
    Int64(bitPattern: try readLittleEndian(byteCount: 8))
  }

  private mutating func readLittleEndian(byteCount: Int) throws(FormatError) -> UInt64 {
    guard byteCount <= remaining else { throw error(.truncated) }
    var value: UInt64 = 0
    for index in 0..<byteCount {
      value |= UInt64(bytes[offset + index]) << UInt64(8 * index)
    }
    offset += byteCount
    return value
  }

  /// Reads an unsigned LEB128 number in its shortest form (Specs/Encodings.md, section 1).
  package mutating func readVarint() throws(FormatError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    var index = offset
    while true {
      guard index < bytes.count else { throw error(.truncated) }
      let byte = bytes[index]
      index += 1
      // The tenth byte holds bit 63 only.
      guard shift < 63 || byte <= 1 else { throw error(.malformed) }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 {
        guard byte != 0 || shift == 0 else { throw error(.malformed) }
        offset = index
        return value
      }
      shift += 7
      guard shift <= 63 else { throw error(.malformed) }
    }
  }

  /// Passes over a LEB128 number, whatever its form.
  ///
  /// - Returns: whether one ends within the bytes, and within ten.
  package mutating func passVarint() -> Bool {
    for length in 1...10 where offset + length <= bytes.count {
      guard bytes[offset + length - 1] < 0x80 else { continue }
      offset += length
      return true
    }
    return false
  }

  /// Reads a zigzag LEB128 number.
  package mutating func readSignedVarint() throws(FormatError) -> Int64 {
    Zigzag.decode(try readVarint())
  }

  /// Reads a count or size, and refuses one beyond its limit.
  package mutating func readCount(limit: Int) throws(FormatError) -> Int {
    let start = offset
    let value = try readVarint()
    guard value <= UInt64(limit) else {
      throw FormatError(.limitExceeded, at: position &+ UInt64(start))
    }
    return Int(value)
  }

  /// Takes the next bytes without a copy.
  @_lifetime(copy self)
  package mutating func readSpan(count: Int) throws(FormatError) -> Span<UInt8> {
    guard count >= 0, count <= remaining else { throw error(.truncated) }
    let span = bytes.extracting(offset..<(offset + count))
    offset += count
    return span
  }

  /// Takes the next bytes into an array; the caller has compared `count` with its limit.
  package mutating func readBytes(count: Int) throws(FormatError) -> [UInt8] {
    guard count >= 0, count <= remaining else { throw error(.truncated) }
    let start = offset
    offset += count
    return [UInt8](capacity: count) { (output: inout OutputSpan<UInt8>) in
      for index in start..<(start + count) { output.append(bytes[index]) }
    }
  }
}
