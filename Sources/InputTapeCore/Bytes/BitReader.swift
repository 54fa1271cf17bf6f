// SPDX-License-Identifier: Apache-2.0
//
// Bit fields from bytes that nobody has checked yet (Specs/Encodings.md, section 1).

/// Reads bit fields, lowest bit first; beyond the end stand zeros, which `isExhausted` tells.
package struct BitReader: ~Escapable {
  private let bytes: Span<UInt8>
  private let lastWord: Int
  /// Where the next field begins, in bits.
  var offset = 0

  @_lifetime(copy bytes)
  package init(_ bytes: Span<UInt8>) {
    self.bytes = bytes
    lastWord = bytes.count - 8
  }

  /// Reads `count` bits, 0 to 56.
  @inline(__always)
  package mutating func readShort(_ count: Int) -> UInt64 {
    let first = offset &>> 3
    guard first <= lastWord else { return readSlowly(count) }
    // Safe: `first + 8` does not pass the end, as was just compared; offsets are not negative.
    let word = unsafe bytes.bytes.unsafeLoadUnaligned(
      fromUncheckedByteOffset: first, as: UInt64.self)
    let value = UInt64(littleEndian: word) &>> UInt64(offset & 7)
    offset &+= count
    return value & ((1 &<< UInt64(count)) &- 1)
  }

  private mutating func readSlowly(_ count: Int) -> UInt64 {
    var value: UInt64 = 0
    let first = offset &>> 3
    for index in 0..<8 where first + index < bytes.count {
      value |= UInt64(bytes[first + index]) << UInt64(8 * index)
    }
    value >>= UInt64(offset & 7)
    offset &+= count
    return value & ((1 << UInt64(count)) - 1)
  }

  /// Reads fields of up to `limit` bits (below 16): `body` is given which of them each is, how many
  /// bits it has, and what they are.
  @inline(__always)
  mutating func readFields(
    count: Int, limit: Int, width: (Int) -> Int, body: (Int, Int, Int) -> Void
  ) {
    var place = 0
    while place < count {
      // As many as are in one word, so that none waits for a load.
      let start = offset
      var word = readShort(56)
      var used = 0
      let end = min(place &+ 56 / limit, count)
      while place < end {
        let width = width(place)
        body(place, width, Int(truncatingIfNeeded: word) & ((1 &<< width) &- 1))
        word = word &>> UInt64(width)
        used &+= width
        place &+= 1
      }
      offset = start &+ used
    }
  }

  /// Reads numbers of Elias's gamma code, of up to `limit` zeros (below 16) each, until `body`
  /// wants no more: it is given how many were read before, and the number.
  ///
  /// - Returns: false where a number has more zeros.
  @inline(__always)
  mutating func readGammas(limit: Int, _ body: (Int, Int) -> Bool) -> Bool {
    var (place, goesOn) = (0, true)
    while goesOn {
      // As many as are in one word, so that none waits for a load.
      let start = offset
      var word = readShort(56)
      var used = 0
      repeat {
        let zeros = word.trailingZeroBitCount
        guard zeros <= limit else { return false }
        word = word &>> UInt64(zeros &+ 1)
        let value = 1 &<< zeros | Int(word) & ((1 &<< zeros) &- 1)
        word = word &>> UInt64(zeros)
        used &+= 2 &* zeros &+ 1
        goesOn = body(place, value)
        place &+= 1
      } while goesOn && used <= 56 &- (2 &* limit &+ 1)
      offset = start &+ used
    }
    return true
  }

  /// Reads `count` bits, 0 to 64.
  @inline(__always)
  package mutating func read(_ count: Int) -> UInt64 {
    if count <= 56 { return readShort(count) }
    let low = readShort(32)
    return low | (readShort(count &- 32) &<< 32)
  }

  /// Where the next whole byte begins; nil where bits beyond the end were read or those left in the
  /// last byte are not zero.
  package var nextByteOffset: Int? {
    let end = (offset + 7) >> 3
    guard end <= bytes.count else { return nil }
    guard offset & 7 != 0 else { return end }
    return bytes[end - 1] >> UInt8(offset & 7) == 0 ? end : nil
  }

  /// Whether every byte was read, no bit beyond them, and the bits left in the last are zero.
  package var isExhausted: Bool { nextByteOffset == bytes.count }
}
