// SPDX-License-Identifier: Apache-2.0
//
// Whether bytes are UTF-8 (RFC 3629), without making a string.

enum UTF8Check {
  /// The number of bytes at the start of `bytes` that are whole characters of UTF-8.
  static func validPrefixCount(_ bytes: Span<UInt8>) -> Int {
    var index = 0
    while index < bytes.count {
      let length = characterLength(bytes, at: index)
      guard length > 0 else { return index }
      index += length
    }
    return index
  }

  static func isValid(_ bytes: Span<UInt8>) -> Bool { validPrefixCount(bytes) == bytes.count }

  /// The number of bytes of the character at `index`, or 0 where there is none.
  static func characterLength(_ bytes: Span<UInt8>, at index: Int) -> Int {
    let first = bytes[index]
    if first < 0x80 { return 1 }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard (0xC2...0xF4).contains(first), length <= bytes.count - index else { return 0 }
    let lowest: UInt8 = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80
    let highest: UInt8 = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF
    guard (lowest...highest).contains(bytes[index + 1]) else { return 0 }
    for offset in 2..<max(length, 2) where bytes[index + offset] & 0xC0 != 0x80 { return 0 }
    return length
  }

  /// The code point of the character of `length` bytes at `index`.
  static func codePoint(_ bytes: Span<UInt8>, at index: Int, length: Int) -> UInt32 {
    if length == 1 { return UInt32(bytes[index]) }
    var value = UInt32(bytes[index]) & (0x7F >> UInt32(length))
    for offset in 1..<length { value = value << 6 | UInt32(bytes[index + offset] & 0x3F) }
    return value
  }
}
