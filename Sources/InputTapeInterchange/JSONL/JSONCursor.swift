// SPDX-License-Identifier: Apache-2.0
//
// The tokens of one line of JSON (RFC 8259) over bytes that nobody has checked.
//
// Invariant: each function stops at a line feed at the latest, and a line feed stands at the end
// of the bytes (LineBuffer), so that no index passes the end.

/// Reads the tokens of one line of JSON.
enum JSONCursor {
  @inline(__always)
  static func skipSpace(_ bytes: Span<UInt8>, _ at: inout Int) {
    while bytes[at] == 0x20 || bytes[at] == 0x09 { at &+= 1 }
  }

  /// Takes one byte, or says what stands in its place.
  @inline(__always)
  static func expect(
    _ byte: UInt8, _ bytes: Span<UInt8>, _ at: inout Int
  ) throws(TextFault) {
    guard bytes[at] == byte else {
      throw fault("\"\(Character(Unicode.Scalar(byte)))\"", bytes, at)
    }
    at &+= 1
  }

  /// A fault that says what was expected, and what was found at `at`.
  @inline(never)
  static func fault(_ expected: String, _ bytes: Span<UInt8>, _ at: Int) -> TextFault {
    TextFault("expected \(expected), found \(describe(bytes, at))", at: at)
  }

  private static func describe(_ bytes: Span<UInt8>, _ at: Int) -> String {
    guard at < bytes.count, bytes[at] != 0x0A else { return "the end of the line" }
    if bytes[at] == 0x0D, at + 1 < bytes.count, bytes[at + 1] == 0x0A {
      return "the end of the line"
    }
    let length = UTF8Check.characterLength(bytes, at: at)
    guard length > 0 else { return "byte 0x\(String(bytes[at], radix: 16))" }
    var character: [UInt8] = []
    for offset in 0..<length { character.append(bytes[at + offset]) }
    return "\"\(String(decoding: character, as: UTF8.self))\""
  }

  /// Reads an integer.
  @inline(__always)
  static func readInteger(
    _ bytes: Span<UInt8>, _ at: inout Int
  ) throws(TextFault) -> Int64 {
    let isNegative = bytes[at] == 0x2D
    let first = isNegative ? at &+ 1 : at
    var index = first
    var value: UInt64 = 0
    while true {
      let digit = bytes[index] &- 0x30
      if digit > 9 { break }
      // Modulo 2⁶⁴: more than 18 digits are read again, with checks.
      value = value &* 10 &+ UInt64(digit)
      index &+= 1
    }
    let digits = index &- first
    let next = bytes[index]
    let isPlain = next != 0x2E && next != 0x65 && next != 0x45
    if digits > 0, digits <= 18, isPlain, digits == 1 || bytes[first] != 0x30 {
      at = index
      let result = Int64(bitPattern: value)
      return isNegative ? 0 &- result : result
    }
    return try JSONNumber.read(bytes, &at)
  }

  /// Reads a name in quotes without escapes; nil for any other, which then is unknown.
  @inline(__always)
  static func readName(
    _ bytes: Span<UInt8>, _ at: inout Int
  ) throws(TextFault) -> PackedName? {
    try expect(0x22, bytes, &at)
    var name = PackedName()
    let start = at
    while true {
      let byte = bytes[at]
      if byte == 0x22 {
        at &+= 1
        return name
      }
      if byte == 0x5C || byte < 0x20 || at &- start == PackedName.byteLimit {
        at = start &- 1
        return nil
      }
      name.set(byte, at: at &- start)
      at &+= 1
    }
  }

  /// Reads a word such as `true`.
  static func readWord(_ word: StaticString, _ bytes: Span<UInt8>, _ at: inout Int) -> Bool {
    var index = at
    for byte in String(describing: word).utf8 {
      guard bytes[index] == byte else { return false }
      index += 1
    }
    at = index
    return true
  }
}
