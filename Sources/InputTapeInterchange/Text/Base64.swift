// SPDX-License-Identifier: Apache-2.0
//
// Base64 (RFC 4648, section 4), with padding and without line breaks.

enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 0xFF, count: 256)
    for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
    return values
  }()

  /// Appends `bytes` in base64.
  static func encode(_ bytes: Span<UInt8>, into output: inout [UInt8]) {
    var index = 0
    while index < bytes.count {
      let left = bytes.count - index
      let first = UInt32(bytes[index]) << 16
      let second = left > 1 ? UInt32(bytes[index + 1]) << 8 : 0
      let third = left > 2 ? UInt32(bytes[index + 2]) : 0
      let word = first | second | third
      output.append(alphabet[Int(word >> 18)])
      output.append(alphabet[Int(word >> 12 & 63)])
      output.append(left > 1 ? alphabet[Int(word >> 6 & 63)] : 0x3D)
      output.append(left > 2 ? alphabet[Int(word & 63)] : 0x3D)
      index += 3
    }
  }

  /// Appends the bytes that `text` stands for.
  ///
  /// - Returns: false where `text` is not base64 in its only canonical form.
  static func decode(_ text: Span<UInt8>, into output: inout [UInt8]) -> Bool {
    guard text.count % 4 == 0 else { return false }
    var index = 0
    while index < text.count {
      let isLast = index + 4 == text.count
      let padding = !isLast || text[index + 3] != 0x3D ? 0 : text[index + 2] == 0x3D ? 2 : 1
      var word: UInt32 = 0
      for offset in 0..<4 {
        let value = offset >= 4 - padding ? 0 : values[Int(text[index + offset])]
        guard value < 64 else { return false }
        word = word << 6 | UInt32(value)
      }
      // The bits that padding leaves over are zero in the canonical form.
      guard padding == 0 || word & (padding == 2 ? 0xFFFF : 0xFF) == 0 else { return false }
      output.append(UInt8(truncatingIfNeeded: word >> 16))
      if padding < 2 { output.append(UInt8(truncatingIfNeeded: word >> 8)) }
      if padding < 1 { output.append(UInt8(truncatingIfNeeded: word)) }
      index += 4
    }
    return true
  }
}
