// SPDX-License-Identifier: Apache-2.0
//
// One line of nested JSON, for forms that others have made.

/// A value of JSON.
enum JSONTree {
  case null
  case bool(Bool)
  /// As it was written.
  case number(String)
  case text(String)
  case list([JSONTree])
  case object([(name: String, value: JSONTree)])

  /// Deeper than this is refused.
  private static let depthLimit = 16

  /// Reads a line that ends with a line feed.
  static func read(_ bytes: Span<UInt8>) throws(TextFault) -> JSONTree {
    var at = 0
    let value = try read(bytes, &at, depth: 0)
    JSONCursor.skipSpace(bytes, &at)
    guard bytes[at] == 0x0A else { throw JSONCursor.fault("the end of the line", bytes, at) }
    return value
  }

  private static func read(
    _ bytes: Span<UInt8>, _ at: inout Int, depth: Int
  ) throws(TextFault) -> JSONTree {
    guard depth < depthLimit else { throw TextFault("expected less depth", at: at) }
    JSONCursor.skipSpace(bytes, &at)
    switch bytes[at] {
    case 0x7B: return try readObject(bytes, &at, depth: depth)
    case 0x5B: return try readList(bytes, &at, depth: depth)
    case 0x22: return .text(try readText(bytes, &at))
    case 0x74 where JSONCursor.readWord("true", bytes, &at): return .bool(true)
    case 0x66 where JSONCursor.readWord("false", bytes, &at): return .bool(false)
    case 0x6E where JSONCursor.readWord("null", bytes, &at): return .null
    default: return try readNumber(bytes, &at)
    }
  }

  private static func readText(
    _ bytes: Span<UInt8>, _ at: inout Int
  ) throws(TextFault) -> String {
    var scratch: [UInt8] = []
    let range = try JSONString.read(bytes, &at, scratch: &scratch)
    if range.isUnescaped { return String(decoding: scratch, as: UTF8.self) }
    var text: [UInt8] = []
    for index in range.start..<(range.start + range.count) { text.append(bytes[index]) }
    return String(decoding: text, as: UTF8.self)
  }

  private static func readNumber(
    _ bytes: Span<UInt8>, _ at: inout Int
  ) throws(TextFault) -> JSONTree {
    let start = at
    var text = ""
    while "+-.eE0123456789".unicodeScalars.contains(Unicode.Scalar(bytes[at])) {
      text.unicodeScalars.append(Unicode.Scalar(bytes[at]))
      at += 1
    }
    guard text.contains(where: \.isNumber) else { throw JSONCursor.fault("a value", bytes, start) }
    return .number(text)
  }

  private static func readList(
    _ bytes: Span<UInt8>, _ at: inout Int, depth: Int
  ) throws(TextFault) -> JSONTree {
    at += 1
    var values: [JSONTree] = []
    JSONCursor.skipSpace(bytes, &at)
    if bytes[at] == 0x5D {
      at += 1
      return .list([])
    }
    while true {
      values.append(try read(bytes, &at, depth: depth + 1))
      JSONCursor.skipSpace(bytes, &at)
      if bytes[at] == 0x5D {
        at += 1
        return .list(values)
      }
      try JSONCursor.expect(0x2C, bytes, &at)
    }
  }

  private static func readObject(
    _ bytes: Span<UInt8>, _ at: inout Int, depth: Int
  ) throws(TextFault) -> JSONTree {
    at += 1
    var fields: [(name: String, value: JSONTree)] = []
    JSONCursor.skipSpace(bytes, &at)
    if bytes[at] == 0x7D {
      at += 1
      return .object([])
    }
    while true {
      JSONCursor.skipSpace(bytes, &at)
      let name = try readText(bytes, &at)
      JSONCursor.skipSpace(bytes, &at)
      try JSONCursor.expect(0x3A, bytes, &at)
      fields.append((name, try read(bytes, &at, depth: depth + 1)))
      JSONCursor.skipSpace(bytes, &at)
      if bytes[at] == 0x7D {
        at += 1
        return .object(fields)
      }
      try JSONCursor.expect(0x2C, bytes, &at)
    }
  }

  // MARK: - Parts

  /// The value of a name in an object.
  subscript(name: String) -> JSONTree? {
    guard case .object(let fields) = self else { return nil }
    return fields.first { $0.name == name }?.value
  }

  var text: String? {
    if case .text(let text) = self { return text }
    return nil
  }

  var bool: Bool? {
    if case .bool(let value) = self { return value }
    return nil
  }

  var list: [JSONTree]? {
    if case .list(let values) = self { return values }
    return nil
  }

  /// A whole number of 64 bits.
  var int64: Int64? {
    guard case .number(let text) = self else { return nil }
    if let value = Int64(text) { return value }
    return Double(text).flatMap { Int64(exactly: $0.rounded()) }
  }

  var int32: Int32? { int64.flatMap { Int32(exactly: $0) } }

  /// A time in nanoseconds: whole numbers are that already, others are seconds.
  var nanoseconds: Int64? {
    switch self {
    case .number(let text), .text(let text):
      if let value = Int64(text) { return value }
      return EvemuReader.time(Substring(text))
    default: return nil
    }
  }
}
