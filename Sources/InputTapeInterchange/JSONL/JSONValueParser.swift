// SPDX-License-Identifier: Apache-2.0
//
// Values of fields that are not plain numbers.

import InputTapeCore

/// Reads values of every form.
struct JSONValueParser {
  private let states = NameTable.states
  private let phases = NameTable.phases
  private let causes = NameTable.causes

  /// The table of a form with named values, and what it calls them.
  func table(of form: FieldForm) -> (names: NameTable, expected: String)? {
    switch form {
    case .state: (states, "a state")
    case .phase: (phases, "a phase")
    case .cause: (causes, "a cause")
    default: nil
    }
  }

  @inline(never)
  func read(
    _ form: FieldForm, _ bytes: Span<UInt8>, _ index: inout Int, into values: inout FieldValues
  ) throws(TextFault) -> Int64 {
    switch form {
    case .number: return try JSONCursor.readInteger(bytes, &index)
    case .text, .base64:
      return try JSONString.read(bytes, &index, scratch: &values.scratch).packed
    case .state: return try readName(states, "a state", bytes, &index)
    case .phase: return try readName(phases, "a phase", bytes, &index)
    case .cause: return try readName(causes, "a cause", bytes, &index)
    case .flag:
      if JSONCursor.readWord("true", bytes, &index) { return 1 }
      if JSONCursor.readWord("false", bytes, &index) { return 0 }
      return try JSONCursor.readInteger(bytes, &index)
    case .numbers: try readNumbers(bytes, &index, &values)
    case .texts: try readTexts(bytes, &index, &values)
    }
    return 0
  }

  /// Reads a quoted name of a table, or a number.
  private func readName(
    _ table: NameTable, _ expected: String, _ bytes: Span<UInt8>, _ index: inout Int
  ) throws(TextFault) -> Int64 {
    guard bytes[index] == 0x22 else { return try JSONCursor.readInteger(bytes, &index) }
    let start = index
    if let name = try JSONCursor.readName(bytes, &index) {
      let number = table.number(of: name)
      if number >= 0 { return Int64(number) }
    }
    throw Self.unknownName(expected, bytes, start)
  }

  /// Reads the numbers of an unknown kind.
  private func readNumbers(
    _ bytes: Span<UInt8>, _ index: inout Int, _ values: inout FieldValues
  ) throws(TextFault) {
    // Of the two fields with numbers, the one that was met last is the one at hand.
    let isShort = values.has(.int32) && values.offset(of: .int32) == index
    var numbers: [Int64] = []
    try readArray(bytes, &index) { (bytes, index, count) throws(TextFault) in
      let start = index
      let value = try JSONCursor.readInteger(bytes, &index)
      guard !isShort || Int32(exactly: value) != nil else {
        throw TextFault("expected a number of 32 bits, found \(value)", at: start)
      }
      numbers.append(value)
    }
    if isShort {
      values.int32 = numbers.map { Int32(truncatingIfNeeded: $0) }
    } else {
      values.int64 = numbers
    }
  }

  /// Reads the byte strings of an unknown kind, in base64.
  private func readTexts(
    _ bytes: Span<UInt8>, _ index: inout Int, _ values: inout FieldValues
  ) throws(TextFault) {
    var strings: [[UInt8]] = []
    var scratch: [UInt8] = []
    try readArray(bytes, &index) { (bytes, index, count) throws(TextFault) in
      let start = index
      let range = try JSONString.read(bytes, &index, scratch: &scratch)
      var string: [UInt8] = []
      let end = range.start + range.count
      let isBase64 =
        range.isUnescaped
        ? Base64.decode(scratch.span.extracting(range.start..<end), into: &string)
        : Base64.decode(bytes.extracting(range.start..<end), into: &string)
      guard isBase64, string.count <= Limits.textByteCount else {
        throw TextFault(
          "expected base64 of at most \(Limits.textByteCount) bytes, found other text", at: start)
      }
      strings.append(string)
    }
    values.strings = strings
  }

  /// Reads an array; `readElement` reads each of its elements.
  private func readArray(
    _ bytes: Span<UInt8>, _ index: inout Int,
    _ readElement: (Span<UInt8>, inout Int, Int) throws(TextFault) -> Void
  ) throws(TextFault) {
    try JSONCursor.expect(0x5B, bytes, &index)
    JSONCursor.skipSpace(bytes, &index)
    var count = 0
    while bytes[index] != 0x5D {
      guard count < EventAssembler.unknownColumnLimit else {
        throw TextFault(
          "expected at most \(EventAssembler.unknownColumnLimit) columns, found more", at: index)
      }
      try readElement(bytes, &index, count)
      count += 1
      JSONCursor.skipSpace(bytes, &index)
      if bytes[index] == 0x5D { break }
      guard bytes[index] == 0x2C else { throw JSONCursor.fault("\",\" or \"]\"", bytes, index) }
      index += 1
      JSONCursor.skipSpace(bytes, &index)
      if bytes[index] == 0x5D { throw JSONCursor.fault("a value", bytes, index) }
    }
    index += 1
  }

  @inline(never)
  static func unknownName(
    _ expected: String, _ bytes: Span<UInt8>, _ offset: Int
  ) -> TextFault {
    var index = offset
    var scratch: [UInt8] = []
    do {
      let range = try JSONString.read(bytes, &index, scratch: &scratch)
      var name: [UInt8] = []
      for place in range.start..<(range.start + min(range.count, 64)) {
        name.append(range.isUnescaped ? scratch[place] : bytes[place])
      }
      let text = String(decoding: name, as: UTF8.self)
      return TextFault("expected \(expected), found \"\(text)\"", at: offset)
    } catch {
      return error
    }
  }
}
