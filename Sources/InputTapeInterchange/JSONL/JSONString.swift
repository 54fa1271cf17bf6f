// SPDX-License-Identifier: Apache-2.0
//
// Strings of JSON: escapes, and UTF-8.

/// Where a string's bytes are: in the line, or, if it had escapes, in the scratch bytes.
struct TextRange {
  var start: Int
  var count: Int
  var isUnescaped: Bool

  init(start: Int, count: Int, isUnescaped: Bool) {
    self.start = start
    self.count = count
    self.isUnescaped = isUnescaped
  }

  /// A range packed by `packed`.
  init(packed: Int64) {
    start = Int(packed & 0x3FFF_FFFF)
    count = Int(packed >> 30 & 0x3FFF_FFFF)
    isUnescaped = packed >> 60 != 0
  }

  /// The range as one number; lines and so ranges are below 2³⁰ bytes.
  var packed: Int64 { Int64(start) | Int64(count) << 30 | (isUnescaped ? 1 << 60 : 0) }
}

enum JSONString {
  /// Reads a string.
  ///
  /// - Parameter scratch: where the bytes go if the string has escapes.
  static func read(
    _ bytes: Span<UInt8>, _ at: inout Int, scratch: inout [UInt8]
  ) throws(TextFault) -> TextRange {
    guard bytes[at] == 0x22 else { throw JSONCursor.fault("a string", bytes, at) }
    let start = at + 1
    var index = start
    var isASCII = true
    while bytes[index] != 0x22 {
      if bytes[index] == 0x5C { return try readEscaped(bytes, &at, scratch: &scratch) }
      guard bytes[index] >= 0x20 else { throw JSONCursor.fault("\"\\\"\"", bytes, index) }
      if bytes[index] >= 0x80 { isASCII = false }
      index += 1
    }
    if !isASCII { try checkUTF8(bytes, start..<index) }
    at = index + 1
    return TextRange(start: start, count: index - start, isUnescaped: false)
  }

  private static func checkUTF8(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(TextFault) {
    let valid = UTF8Check.validPrefixCount(bytes.extracting(range))
    guard valid == range.count else {
      throw JSONCursor.fault("UTF-8", bytes, range.lowerBound + valid)
    }
  }

  private static func readEscaped(
    _ bytes: Span<UInt8>, _ at: inout Int, scratch: inout [UInt8]
  ) throws(TextFault) -> TextRange {
    var index = at + 1
    let start = scratch.count
    while bytes[index] != 0x22 {
      if bytes[index] == 0x5C {
        try readEscape(bytes, &index, &scratch)
        continue
      }
      let length = bytes[index] < 0x20 ? 0 : UTF8Check.characterLength(bytes, at: index)
      guard length > 0 else {
        throw JSONCursor.fault(bytes[index] < 0x20 ? "\"\\\"\"" : "UTF-8", bytes, index)
      }
      for offset in 0..<length { scratch.append(bytes[index + offset]) }
      index += length
    }
    at = index + 1
    return TextRange(start: start, count: scratch.count - start, isUnescaped: true)
  }

  private static func readEscape(
    _ bytes: Span<UInt8>, _ index: inout Int, _ scratch: inout [UInt8]
  ) throws(TextFault) {
    let start = index
    let letter = bytes[index + 1]
    index += 2
    switch letter {
    case 0x22, 0x5C, 0x2F: scratch.append(letter)
    case 0x62: scratch.append(0x08)
    case 0x66: scratch.append(0x0C)
    case 0x6E: scratch.append(0x0A)
    case 0x72: scratch.append(0x0D)
    case 0x74: scratch.append(0x09)
    case 0x75:
      let scalar = try readScalar(bytes, &index, escapeAt: start)
      scratch.append(contentsOf: Array(String(Character(scalar)).utf8))
    default: throw JSONCursor.fault("an escape of JSON", bytes, start + 1)
    }
  }

  private static func readScalar(
    _ bytes: Span<UInt8>, _ index: inout Int, escapeAt start: Int
  ) throws(TextFault) -> Unicode.Scalar {
    var value = try readHex(bytes, &index)
    if value & 0xFC00 == 0xD800, bytes[index] == 0x5C, bytes[index + 1] == 0x75 {
      index += 2
      let low = try readHex(bytes, &index)
      // Anything but a low surrogate gives no character.
      value = low & 0xFC00 == 0xDC00 ? 0x10000 + ((value & 0x3FF) << 10) + (low & 0x3FF) : 0xD800
    }
    guard let scalar = Unicode.Scalar(value) else {
      throw TextFault("expected a character, found half of a surrogate pair", at: start)
    }
    return scalar
  }

  private static func readHex(
    _ bytes: Span<UInt8>, _ index: inout Int
  ) throws(TextFault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else {
        throw JSONCursor.fault("a hexadecimal digit", bytes, index)
      }
      value = value << 4 | UInt32(digit)
      index += 1
    }
    return value
  }
}
