// SPDX-License-Identifier: Apache-2.0
//
// The cells of a row to the fields of an event.

import InputTapeCore

/// Reads cells.
struct CSVCellParser {
  private let valueParser = JSONValueParser()
  private let fieldNames = NameTable.fields
  private let kinds = KindFields.shared

  /// The fields that a first row names.
  func readNames(_ row: CSVRow) throws(TextFault) -> [FieldName] {
    var fields: [FieldName] = []
    for cell in row.cells {
      let number = packedName(row, cell).map { fieldNames.number(of: $0) } ?? -1
      guard let field = FieldName(rawValue: UInt8(exactly: number) ?? .max) else {
        throw fault("the name of a field", row, cell)
      }
      guard !fields.contains(field) else { throw fault("each field once", row, cell) }
      fields.append(field)
    }
    return fields
  }

  /// Reads the cells of one row.
  ///
  /// - Returns: the kind of the event.
  func read(
    _ row: CSVRow, fields: [FieldName], into values: inout FieldValues
  ) throws(TextFault) -> EventKind {
    values.clear()
    var kind: EventKind?
    guard row.cells.count == fields.count else {
      throw TextFault(
        "expected \(fields.count) cells, found \(row.cells.count)",
        at: row.cells.last?.offset ?? 0)
    }
    for (field, cell) in zip(fields, row.cells) where cell.start < cell.end {
      values.present |= field.bit
      values.offsets[Int(field.rawValue)] = cell.start
      if field == .kind {
        kind = try readKind(row, cell)
      } else {
        values.values[Int(field.rawValue)] = try readCell(field, row, cell, &values)
      }
    }
    guard let kind else { throw TextFault("expected a field \"kind\", found none", at: 0) }
    if kind.rawValue < 16 { setEmptyTexts(kind, &values) }
    return kind
  }

  /// An empty cell is an empty text, where the kind has one and it is not given in base64.
  private func setEmptyTexts(_ kind: EventKind, _ values: inout FieldValues) {
    for index in kinds.range(of: kind) where kinds.fields[index].column == .string {
      let name = kinds.fields[index].name
      let other = name.form == .text ? name.bit << 1 : 0
      guard values.present & (name.bit | other) == 0 else { continue }
      values.present |= name.bit
      values.values[Int(name.rawValue)] =
        TextRange(start: 0, count: 0, isUnescaped: true).packed
    }
  }

  private func readKind(_ row: CSVRow, _ cell: CSVRow.Cell) throws(TextFault) -> EventKind {
    let text = String(decoding: row.text[cell.start..<cell.end], as: UTF8.self)
    guard let kind = EventKind(name: text), kind.name == text else {
      throw fault("a kind of event", row, cell)
    }
    return kind
  }

  private func readCell(
    _ field: FieldName, _ row: CSVRow, _ cell: CSVRow.Cell, _ values: inout FieldValues
  ) throws(TextFault) -> Int64 {
    if field.form.isText { return try readText(field, row, cell) }
    if let table = valueParser.table(of: field.form), let name = packedName(row, cell) {
      let number = table.names.number(of: name)
      if number >= 0 { return Int64(number) }
    }
    var at = cell.start
    let value: Int64
    do {
      let form = valueParser.table(of: field.form) == nil ? field.form : .number
      value = try valueParser.read(form, row.text.span, &at, into: &values)
    } catch {
      throw fault("a value of \"\(field.name)\"", row, cell)
    }
    guard at == cell.end else { throw fault("a value of \"\(field.name)\"", row, cell) }
    return value
  }

  private func readText(
    _ field: FieldName, _ row: CSVRow, _ cell: CSVRow.Cell
  ) throws(TextFault) -> Int64 {
    let text = Array(row.text[cell.start..<cell.end])
    guard UTF8Check.isValid(text.span) else { throw fault("UTF-8", row, cell) }
    let start = cell.start + (CSVText.isGuarded(text) ? 1 : 0)
    return TextRange(start: start, count: cell.end - start, isUnescaped: false).packed
  }

  private func packedName(_ row: CSVRow, _ cell: CSVRow.Cell) -> PackedName? {
    guard cell.end - cell.start <= PackedName.byteLimit else { return nil }
    var name = PackedName()
    for index in cell.start..<cell.end { name.set(row.text[index], at: index - cell.start) }
    return name
  }

  private func fault(_ expected: String, _ row: CSVRow, _ cell: CSVRow.Cell) -> TextFault {
    let text = row.text[cell.start..<min(cell.end, cell.start + 64)]
    return TextFault(
      "expected \(expected), found \"\(String(decoding: text, as: UTF8.self))\"", at: cell.offset)
  }
}
