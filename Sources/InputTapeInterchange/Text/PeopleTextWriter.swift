// SPDX-License-Identifier: Apache-2.0
//
// Events as text for people: one line each, aligned, safe on a terminal.

import InputTapeCore

/// Writes events as lines for people: time in seconds, track, kind, and the fields.
public struct PeopleTextWriter: EventTextWriter {
  private var lines: [UInt8] = []
  private let kinds = KindFields.shared
  private let fragments = JSONFragments.shared

  private static let pieceByteCount = 64 << 10

  public init() {}

  public mutating func write<E: Error>(
    _ header: InterchangeHeader, to output: (Span<UInt8>) throws(E) -> Void
  ) throws(E) {
    lines.removeAll(keepingCapacity: true)
    for field in header.metadata {
      lines.append(text: "# \(escape(field.name)): \(escape(field.value))\n")
    }
    for track in header.tracks {
      let parts = [track.name, track.device, track.codeSpace, track.coordinateSpace]
      let details = parts.filter { !$0.isEmpty }.map(escape).joined(separator: ", ")
      lines.append(text: "# track \(track.id.rawValue): \(track.trackClass.name)")
      lines.append(text: details.isEmpty ? "\n" : " (\(details))\n")
    }
    if !lines.isEmpty { try output(lines.span) }
  }

  public mutating func write<E: Error>(
    _ group: EventGroup, to output: (Span<UInt8>) throws(E) -> Void
  ) throws(E) {
    var cursor = GroupCursor(group)
    lines.removeAll(keepingCapacity: true)
    for batch in group.order {
      let place = cursor.next(in: group, batch: Int(batch))
      append(group.batches[place.batch], place)
      if lines.count >= Self.pieceByteCount {
        try output(lines.span)
        lines.removeAll(keepingCapacity: true)
      }
    }
    if !lines.isEmpty { try output(lines.span) }
  }

  private func escape(_ text: String) -> String { TerminalText.escape(text) }

  private mutating func append(_ batch: EventBatch, _ place: GroupCursor.Place) {
    let columns = batch.columns[place.columns]
    append(Self.seconds(batch.times[place.index]), width: 18, isLeft: false)
    append("  #\(batch.track.rawValue)", width: 7, isLeft: true)
    append(columns.kind.name, width: 10, isLeft: true)
    if columns.kind.rawValue < 16, columns.layout == columns.kind.layout {
      for index in kinds.range(of: columns.kind) {
        appendField(kinds.fields[index], columns, place.indexInKind)
      }
    } else {
      for field in [.int32, .int64, .strings] as [FieldName] {
        let array = UnknownColumns.json(field, columns, place.indexInKind)
        if array.isEmpty { continue }
        lines.append(text: " \(field.name) ")
        lines.append(contentsOf: array)
      }
    }
    lines.append(0x0A)
  }

  private mutating func appendField(_ field: KindField, _ columns: KindColumns, _ row: Int) {
    if field.column == .string {
      let string = Array(columns.strings[field.index][row])
      lines.append(text: " \(field.name.name) ")
      if field.name.form == .text {
        lines.append(text: "\"\(TerminalText.escape(bytes: string))\"")
      } else {
        Base64.encode(string.span, into: &lines)
      }
      return
    }
    guard let value = JSONLineEncoder.value(of: field, columns, row) else { return }
    lines.append(text: " \(field.name.name) ")
    if let name = fragments.name(of: value, field.name, columns.kind) {
      lines.append(contentsOf: fragments.bytes[name].filter { $0 != 0x22 })
    } else {
      lines.append(decimal: value)
    }
  }

  private mutating func append(_ text: String, width: Int, isLeft: Bool) {
    let padding = repeatElement(UInt8(0x20), count: max(0, width - text.utf8.count))
    if !isLeft { lines.append(contentsOf: padding) }
    lines.append(text: text)
    if isLeft { lines.append(contentsOf: padding) }
  }

  /// A time in seconds with all nine decimals.
  static func seconds(_ nanoseconds: Int64) -> String {
    let (whole, part) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    let digits = String(part)
    let zeros = String(repeating: "0", count: 9 - digits.count)
    return "\(nanoseconds < 0 ? "-" : "")\(whole).\(zeros)\(digits)"
  }
}
