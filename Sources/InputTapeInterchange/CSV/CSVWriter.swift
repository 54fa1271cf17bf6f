// SPDX-License-Identifier: Apache-2.0
//
// Events as rows of CSV (RFC 4180): one column for each field of any kind.

import InputTapeCore

/// Writes events as rows of CSV, after a row of names.
///
/// Cells of fields that an event does not have are empty. Cells of text that a spreadsheet would
/// take for a formula begin with an apostrophe. CSV has no place for metadata.
public struct CSVWriter: EventTextWriter {
  private var rows: [UInt8] = []
  private let kinds = KindFields.shared
  private let fragments = JSONFragments.shared
  private let escapesText: Bool

  /// How many bytes are gathered before `output` gets them.
  private static let pieceByteCount = 64 << 10

  /// - Parameter escapesText: whether text is made safe for a terminal, which a reader of CSV does
  ///   not undo.
  public init(escapesText: Bool = false) {
    self.escapesText = escapesText
  }

  public mutating func write<E: Error>(
    _ header: InterchangeHeader, to output: (Span<UInt8>) throws(E) -> Void
  ) throws(E) {
    rows.removeAll(keepingCapacity: true)
    rows.append(text: FieldName.names.joined(separator: ","))
    rows.append(text: "\r\n")
    try output(rows.span)
  }

  public mutating func write<E: Error>(
    _ group: EventGroup, to output: (Span<UInt8>) throws(E) -> Void
  ) throws(E) {
    var cursor = GroupCursor(group)
    rows.removeAll(keepingCapacity: true)
    for batch in group.order {
      let place = cursor.next(in: group, batch: Int(batch))
      append(group.batches[place.batch], place)
      if rows.count >= Self.pieceByteCount {
        try output(rows.span)
        rows.removeAll(keepingCapacity: true)
      }
    }
    if !rows.isEmpty { try output(rows.span) }
  }

  private mutating func append(_ batch: EventBatch, _ place: GroupCursor.Place) {
    let columns = batch.columns[place.columns]
    rows.append(decimal: batch.times[place.index])
    rows.append(0x2C)
    rows.append(decimal: Int64(batch.track.rawValue))
    rows.append(0x2C)
    rows.append(text: columns.kind.name)
    var written = Int(FieldName.kind.rawValue)
    for name in FieldName.allCases.dropFirst(3) {
      guard let cell = cell(name, columns, place.indexInKind), !cell.isEmpty else { continue }
      while written < Int(name.rawValue) {
        rows.append(0x2C)
        written += 1
      }
      rows.append(contentsOf: cell)
    }
    while written < FieldName.names.count - 1 {
      rows.append(0x2C)
      written += 1
    }
    rows.append(text: "\r\n")
  }

  /// The cell of a field, ready to be written; nil where the kind does not have the field.
  private func cell(_ name: FieldName, _ columns: KindColumns, _ row: Int) -> [UInt8]? {
    guard columns.kind.rawValue < 16, columns.layout == columns.kind.layout else {
      guard name == .int32 || name == .int64 || name == .strings else { return nil }
      return quoted(UnknownColumns.json(name, columns, row))
    }
    for index in kinds.range(of: columns.kind) {
      let field = kinds.fields[index]
      if field.column == .string {
        if let cell = textCell(field, name, columns, row) { return cell }
      } else if field.name == name {
        guard let value = JSONLineEncoder.value(of: field, columns, row) else { return nil }
        if let named = fragments.name(of: value, name, columns.kind) {
          return fragments.bytes[named].filter { $0 != 0x22 }
        }
        return Array(String(value).utf8)
      }
    }
    return nil
  }

  private func textCell(
    _ field: KindField, _ name: FieldName, _ columns: KindColumns, _ row: Int
  ) -> [UInt8]? {
    let isText = field.name.form == .text
    guard field.name == name || (isText && field.name.rawValue + 1 == name.rawValue) else {
      return nil
    }
    let string = Array(columns.strings[field.index][row])
    let isValid = UTF8Check.isValid(string.span)
    // Text stands in its own column, or else, where it is not UTF-8, in base64 in the next.
    guard !isText || isValid == (field.name == name) else { return nil }
    if field.name == name, isText {
      let shown = escapesText ? Array(TerminalText.escape(bytes: string).utf8) : string
      return quoted(shown)
    }
    var cell: [UInt8] = []
    Base64.encode(string.span, into: &cell)
    return quoted(cell)
  }

  private func quoted(_ text: [UInt8]) -> [UInt8] {
    var cell: [UInt8] = []
    CSVText.append(text, to: &cell)
    return cell
  }
}
