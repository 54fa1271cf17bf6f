// SPDX-License-Identifier: Apache-2.0
//
// CRC-32C of all lengths, against one bit at a time.

import InputTapeCore
import Testing

@Suite struct ChecksumTests {
  /// The checksum as the specification words it (Specs/Format.md, section 2).
  private static func bitwise(_ bytes: ArraySlice<UInt8>, continuing: UInt32) -> UInt32 {
    var register = ~continuing
    for byte in bytes {
      register ^= UInt32(byte)
      for _ in 0..<8 { register = register >> 1 ^ (register & 1 == 1 ? 0x82F6_3B78 : 0) }
    }
    return ~register
  }

  @Test func checksumsOfAllLengthsAreThoseOfTheDefinition() {
    let text = Array("123456789".utf8)
    #expect(CRC32C.checksum(text.span) == 0xE306_9283)
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<10_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    // Around the lengths at which three stretches are taken at once, and far from them.
    let lengths = Array(0...70) + [3_071, 3_072, 3_073, 3_080, 6_143, 6_144, 6_151, 9_216, 9_999]
    for length in lengths {
      let start = Int.random(in: 0...(bytes.count - length), using: &generator)
      let before = UInt32.random(in: 0...UInt32.max, using: &generator)
      let part = bytes[start..<(start + length)]
      #expect(
        CRC32C.checksum(bytes.span.extracting(start..<(start + length)), continuing: before)
          == Self.bitwise(part, continuing: before), "\(length) bytes at \(start)")
    }
    print("\(lengths.count) lengths")
  }
}
