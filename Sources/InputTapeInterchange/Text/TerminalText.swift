// SPDX-License-Identifier: Apache-2.0
//
// Text from elsewhere made safe for a terminal: the one place that decides what is escaped.

/// Makes text safe to show.
public enum TerminalText {
  /// Whether a character could move, hide or reorder what a terminal shows.
  ///
  /// C0 with tab and line feed, DEL, C1, line and paragraph separators, and every format character
  /// (general category Cf: bidirectional controls, zero-width characters, tags).
  public static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    if value < 0x20 || (0x7F...0x9F).contains(value) { return true }
    if value < 0xAD { return false }
    if value == 0x2028 || value == 0x2029 { return true }
    return scalar.properties.generalCategory == .format
  }

  /// The text with each unsafe character as `\u{…}`, and a backslash before `u{` doubled.
  public static func escape(_ text: some StringProtocol) -> String {
    guard text.unicodeScalars.contains(where: { isUnsafe($0) || $0 == "\\" }) else {
      return String(text)
    }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isUnsafe(scalar) {
        result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      } else if scalar == "\\" {
        result.append(contentsOf: "\\\\".unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// The text of bytes that may not be UTF-8, escaped; each other byte is `\x…`.
  public static func escape(bytes: some Collection<UInt8>) -> String {
    let bytes = Array(bytes)
    var result = ""
    var index = 0
    while index < bytes.count {
      let length = UTF8Check.characterLength(bytes.span, at: index)
      if length == 0 {
        result += "\\x" + (bytes[index] < 16 ? "0" : "") + String(bytes[index], radix: 16)
      } else {
        result += escape(String(decoding: bytes[index..<(index + length)], as: UTF8.self))
      }
      index += max(length, 1)
    }
    return result
  }
}
