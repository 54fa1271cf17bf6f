// SPDX-License-Identifier: Apache-2.0
//
// One line of the neutral text form to the fields of an event (Specs/Registry.md, section 1).

import InputTapeCore

/// Reads lines that each hold one flat object.
struct JSONLineParser {
  private let fieldNames = NameTable(FieldName.names)
  private let states = NameTable(FieldForm.state.names)
  private let phases = NameTable(FieldForm.phase.names)
  private let causes = NameTable(FieldForm.cause.names)
  private let forms = FieldName.allCases.map(\.form)
  private let assembler = EventAssembler()
  private var values = FieldValues()

  /// What a line was.
  enum Outcome {
    case event
    case blank
    /// The group cannot take the event; the line is to be read again.
    case groupFull
  }

  /// Reads the line at `at` and moves on to the next one.
  @inline(__always)
  mutating func readLine(
    _ bytes: Span<UInt8>, _ at: inout Int, into group: inout EventGroup
  ) throws(TextFault) -> Outcome {
    var index = at
    JSONCursor.skipSpace(bytes, &index)
    if bytes[index] == 0x0D || bytes[index] == 0x0A {
      try Self.endLine(bytes, &index)
      at = index
      return .blank
    }
    values.clear()
    try JSONCursor.expect(0x7B, bytes, &index)
    var kind: EventKind?
    JSONCursor.skipSpace(bytes, &index)
    if bytes[index] != 0x7D {
      while true {
        try readField(bytes, &index, &kind)
        JSONCursor.skipSpace(bytes, &index)
        guard bytes[index] == 0x2C else { break }
        index &+= 1
        JSONCursor.skipSpace(bytes, &index)
      }
    }
    guard bytes[index] == 0x7D else { throw JSONCursor.fault("\",\" or \"}\"", bytes, index) }
    index &+= 1
    try Self.endLine(bytes, &index)
    guard let kind else {
      throw TextFault("expected a field \"kind\", found none", at: at)
    }
    let isAdded: Bool
    do {
      isAdded = try assembler.append(kind, &values, of: bytes, to: &group)
    } catch {
      // A field that is missing is missing from the line.
      throw error.offset == 0 ? TextFault(error.message, at: at) : error
    }
    guard isAdded else { return .groupFull }
    at = index
    return .event
  }

  /// Takes the end of a line: LF or CR LF, after spaces.
  @inline(__always)
  static func endLine(_ bytes: Span<UInt8>, _ index: inout Int) throws(TextFault) {
    JSONCursor.skipSpace(bytes, &index)
    let end = bytes[index] == 0x0D ? index &+ 1 : index
    guard bytes[end] == 0x0A else {
      throw JSONCursor.fault("the end of the line", bytes, index)
    }
    index = end &+ 1
  }

  @inline(__always)
  private mutating func readField(
    _ bytes: Span<UInt8>, _ index: inout Int, _ kind: inout EventKind?
  ) throws(TextFault) {
    let keyOffset = index
    guard let name = try JSONCursor.readName(bytes, &index) else {
      throw Self.unknownKey(bytes, keyOffset)
    }
    let number = fieldNames.number(of: name)
    guard number >= 0 else { throw Self.unknownKey(bytes, keyOffset) }
    let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: number)
    guard values.present & bit == 0 else {
      throw TextFault("expected each field once, found another \(FieldName.names[number])",
        at: keyOffset)
    }
    JSONCursor.skipSpace(bytes, &index)
    try JSONCursor.expect(0x3A, bytes, &index)
    JSONCursor.skipSpace(bytes, &index)
    values.present |= bit
    values.offsets[number] = index
    if forms[number] == .number {
      values.values[number] = try JSONCursor.readInteger(bytes, &index)
    } else if number == Int(FieldName.kind.rawValue) {
      kind = try readKind(bytes, &index)
    } else {
      values.values[number] = try readOther(forms[number], bytes, &index)
    }
  }

  @inline(__always)
  private func readKind(
    _ bytes: Span<UInt8>, _ index: inout Int
  ) throws(TextFault) -> EventKind {
    let start = index
    if let name = try JSONCursor.readName(bytes, &index) {
      if let kind = assembler.kind(named: name) { return kind }
      if let kind = Self.unknownKind(bytes, start + 1, index - 1) { return kind }
    }
    throw Self.unknownName("a kind of event", bytes, start)
  }

  /// The kind of a number in decimal that the registry does not name.
  private static func unknownKind(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int
  ) -> EventKind? {
    guard end - start == 2 || end - start == 3, bytes[start] != 0x30 else { return nil }
    var value = 0
    for index in start..<end {
      guard bytes[index] &- 0x30 <= 9 else { return nil }
      value = value * 10 + Int(bytes[index] - 0x30)
    }
    return (16...255).contains(value) ? EventKind(rawValue: UInt8(value)) : nil
  }

  @inline(never)
  private mutating func readOther(
    _ form: FieldForm, _ bytes: Span<UInt8>, _ index: inout Int
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
    case .numbers: try readNumbers(bytes, &index)
    case .texts: try readTexts(bytes, &index)
    }
    return 0
  }

  /// Reads a name of a table, or a number.
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

  /// Reads the numbers of an unknown kind: `int32` or, where a number needs it, an error.
  private mutating func readNumbers(_ bytes: Span<UInt8>, _ index: inout Int) throws(TextFault) {
    let isShort = values.offsets[Int(FieldName.int32.rawValue)] == index && values.has(.int32)
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
  private mutating func readTexts(_ bytes: Span<UInt8>, _ index: inout Int) throws(TextFault) {
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
  private static func unknownKey(_ bytes: Span<UInt8>, _ offset: Int) -> TextFault {
    unknownName("a field of an event", bytes, offset)
  }

  @inline(never)
  private static func unknownName(
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
