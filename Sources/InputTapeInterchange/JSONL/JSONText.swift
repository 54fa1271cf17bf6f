// SPDX-License-Identifier: Apache-2.0
//
// Strings as JSON that is safe on a terminal.

/// Strings as JSON.
package enum JSONText {
  /// Appends a string in quotes.
  ///
  /// C0, DEL, C1, line and paragraph separators and format characters become `\n`, `\u00XX` and
  /// the like, so that the line can be shown on a terminal as it is.
  ///
  /// - Precondition: `bytes` are UTF-8.
  static func append(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
    output.append(0x22)
    var index = 0
    while index < bytes.count {
      let length = max(UTF8Check.characterLength(bytes, at: index), 1)
      let value = UTF8Check.codePoint(bytes, at: index, length: length)
      if value == 0x22 || value == 0x5C {
        output.append(0x5C)
        output.append(UInt8(truncatingIfNeeded: value))
      } else if let short = shortEscape(value) {
        output.append(0x5C)
        output.append(short)
      } else if let scalar = Unicode.Scalar(value), TerminalText.isUnsafe(scalar) {
        for unit in String(Character(scalar)).utf16 { appendEscape(unit, to: &output) }
      } else {
        for offset in 0..<length { output.append(bytes[index + offset]) }
      }
      index += length
    }
    output.append(0x22)
  }

  package static func append(_ text: String, to output: inout [UInt8]) {
    append(Array(text.utf8).span, to: &output)
  }

  /// The letter that stands for a commoner control character (RFC 8259, section 7).
  private static func shortEscape(_ value: UInt32) -> UInt8? {
    switch value {
    case 0x08: 0x62
    case 0x09: 0x74
    case 0x0A: 0x6E
    case 0x0C: 0x66
    case 0x0D: 0x72
    default: nil
    }
  }

  private static func appendEscape(_ unit: UInt16, to output: inout [UInt8]) {
    output.append(0x5C)
    output.append(0x75)
    for shift: UInt16 in [12, 8, 4, 0] {
      let digit = UInt8(truncatingIfNeeded: unit >> shift & 15)
      output.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
    }
  }
}
