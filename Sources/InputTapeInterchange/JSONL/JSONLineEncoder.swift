// SPDX-License-Identifier: Apache-2.0
//
// One event as a line of JSON.

import InputTapeCore

/// Writes the line of one event.
struct JSONLineEncoder {
  private let kinds = KindFields.shared
  private let fragments = JSONFragments.shared

  /// No line of numbers is longer: seven fields, each with its name and its value.
  static let numericLineByteLimit = 512

  /// Whether a kind is of the registry and has no strings, so that its lines are short.
  @inline(__always)
  func isNumeric(_ columns: Span<KindColumns>, _ offset: Int) -> Bool {
    let number = Int(columns[offset].kind.rawValue)
    guard number < kinds.layouts.count else { return false }
    let layout = KindLayout(
      int32: columns[offset].int32.count, int64: columns[offset].int64.count,
      strings: columns[offset].strings.count)
    return layout.strings == 0 && layout == kinds.layouts[number]
  }

  /// Writes the line of an event of a numeric kind.
  ///
  /// Reads spans: counted references would take as long as all digits.
  ///
  /// - Precondition: `output` has room for `numericLineByteLimit` bytes at `at`.
  @inline(__always)
  func write(
    _ batches: Span<EventBatch>, _ place: GroupCursor.Place, _ output: inout MutableSpan<UInt8>,
    _ at: inout Int
  ) {
    let bytes = fragments.bytes.span
    let digits = TextDigits.pairs
    let pairs = digits.span
    let columns = batches[place.batch].columns.span
    let kind = columns[place.columns].kind
    TextDigits.write(fragments.time, of: bytes, &output, &at)
    TextDigits.write(batches[place.batch].times[place.index], pairs: pairs, &output, &at)
    TextDigits.write(fragments.device, of: bytes, &output, &at)
    let track = batches[place.batch].track
    TextDigits.write(Int64(track.rawValue), pairs: pairs, &output, &at)
    TextDigits.write(fragments.kinds[Int(kind.rawValue)], of: bytes, &output, &at)
    for index in kinds.range(of: kind) {
      let field = kinds.fields[index]
      guard let value = Self.value(of: field, columns, place.columns, place.indexInKind)
      else { continue }
      TextDigits.write(fragments.fields[index], of: bytes, &output, &at)
      if let name = fragments.name(of: value, field.name, kind) {
        TextDigits.write(name, of: bytes, &output, &at)
      } else {
        TextDigits.write(value, pairs: pairs, &output, &at)
      }
    }
    output[at] = 0x7D
    output[at &+ 1] = 0x0A
    at &+= 2
  }

  /// The value of a number field; nil where it was not reported.
  @inline(__always)
  private static func value(
    of field: KindField, _ columns: Span<KindColumns>, _ offset: Int, _ index: Int
  ) -> Int64? {
    field.column == .int64
      ? columns[offset].int64[field.index][index]
      : value(of: field, columns[offset].int32[field.index][index])
  }

  /// The same, of columns that are not lent.
  static func value(of field: KindField, _ columns: KindColumns, _ index: Int) -> Int64? {
    field.column == .int64
      ? columns.int64[field.index][index] : value(of: field, columns.int32[field.index][index])
  }

  @inline(__always)
  private static func value(of field: KindField, _ value: Int32) -> Int64? {
    if field.isUnsigned { return Int64(UInt32(bitPattern: value)) }
    if field.isOptional {
      // Exactly known counts are the rule, and so are not mentioned.
      let absent = field.name == .isLowerBound ? 0 : KindColumns.notReported
      if value == absent { return nil }
    }
    return Int64(value)
  }

  /// Appends the line of any event.
  func append(_ batch: EventBatch, _ place: GroupCursor.Place, to line: inout [UInt8]) {
    let columns = batch.columns[place.columns]
    line.append(text: "{\"t\":\(batch.times[place.index]),\"device\":\(batch.track.rawValue)")
    line.append(text: ",\"kind\":\"\(columns.kind.name)\"")
    if columns.kind.rawValue < 16, columns.layout == columns.kind.layout {
      for index in kinds.range(of: columns.kind) {
        appendField(index, columns, place.indexInKind, to: &line)
      }
    } else {
      appendUnknown(columns, place.indexInKind, to: &line)
    }
    line.append(text: "}\n")
  }

  private func appendField(
    _ index: Int, _ columns: KindColumns, _ row: Int, to line: inout [UInt8]
  ) {
    let field = kinds.fields[index]
    if field.column == .string {
      let string = Array(columns.strings[field.index][row])
      let isText = field.name.form == .text && UTF8Check.isValid(string.span)
      let suffix = field.name.form == .text && !isText ? "Bytes" : ""
      line.append(text: ",\"\(field.name.name)\(suffix)\":")
      if isText {
        JSONText.append(string.span, to: &line)
      } else {
        Self.appendBase64(string, to: &line)
      }
    } else if let value = Self.value(of: field, columns, row) {
      line.append(contentsOf: fragments.bytes[fragments.fields[index]])
      if let name = fragments.name(of: value, field.name, columns.kind) {
        line.append(contentsOf: fragments.bytes[name])
      } else {
        line.append(decimal: value)
      }
    }
  }

  static func appendBase64(_ bytes: [UInt8], to line: inout [UInt8]) {
    line.append(0x22)
    Base64.encode(bytes.span, into: &line)
    line.append(0x22)
  }

  private func appendUnknown(_ columns: KindColumns, _ row: Int, to line: inout [UInt8]) {
    for field in [.int32, .int64, .strings] as [FieldName] {
      let array = UnknownColumns.json(field, columns, row)
      if array.isEmpty { continue }
      line.append(text: ",\"\(field.name)\":")
      line.append(contentsOf: array)
    }
  }
}

/// The columns of kinds that the registry does not have, as arrays of JSON.
enum UnknownColumns {
  /// The array of one type's columns; empty where there are none.
  static func json(_ field: FieldName, _ columns: KindColumns, _ row: Int) -> [UInt8] {
    switch field {
    case .int32: array(columns.int32) { $1.append(decimal: Int64($0[row])) }
    case .int64: array(columns.int64) { $1.append(decimal: $0[row]) }
    default:
      array(columns.strings) { JSONLineEncoder.appendBase64(Array($0[row]), to: &$1) }
    }
  }

  private static func array<C>(
    _ columns: [C], _ appendElement: (C, inout [UInt8]) -> Void
  ) -> [UInt8] {
    if columns.isEmpty { return [] }
    var line: [UInt8] = [0x5B]
    for (index, column) in columns.enumerated() {
      if index > 0 { line.append(0x2C) }
      appendElement(column, &line)
    }
    line.append(0x5D)
    return line
  }
}
