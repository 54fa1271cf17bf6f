// SPDX-License-Identifier: Apache-2.0
//
// One line of the neutral text form to the fields of an event (Specs/Registry.md, section 1).

import InputTapeCore

/// Reads lines that each hold one flat object.
struct JSONLineParser {
  private let fieldNames = NameTable.fields
  private let valueParser = JSONValueParser()
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
      throw TextFault(
        "expected each field once, found another \(FieldName.names[number])",
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
      values.values[number] = try valueParser.read(forms[number], bytes, &index, into: &values)
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
    throw JSONValueParser.unknownName("a kind of event", bytes, start)
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
  private static func unknownKey(_ bytes: Span<UInt8>, _ offset: Int) -> TextFault {
    JSONValueParser.unknownName("a field of an event", bytes, offset)
  }
}
