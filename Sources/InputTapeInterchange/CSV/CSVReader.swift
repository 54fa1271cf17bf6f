// SPDX-License-Identifier: Apache-2.0
//
// Events from rows of CSV (RFC 4180).

import InputTapeCore

/// Reads events from rows of CSV, whose first row names the columns, in any order.
///
/// Rows may end with LF or CR LF; blank rows, a byte order mark and a last row without an end are
/// accepted. One apostrophe is taken off cells of text where `CSVWriter` puts one.
public struct CSVReader: EventTextReader {
  private var lines: LineBuffer
  private let assembler = EventAssembler()
  private let parser = CSVCellParser()
  private var row = CSVRow()
  /// Whether `row` is still to be added, to another group.
  private var isRowKept = false
  private var values = FieldValues()
  /// The fields that the columns stand for; empty before the first row.
  private var fields: [FieldName] = []
  /// The number of the row's first line, from 1.
  private var line = 1
  private var failure: InterchangeError?

  /// Empty: CSV has no place for a header.
  public let header = InterchangeHeader()

  /// Whether `read` returns as soon as the next event would have to be waited for.
  private let isLive: Bool

  /// - Parameters:
  ///   - input: where the lines come from.
  ///   - isLive: whether `read` gives what there is before it waits for more input.
  public init(_ input: any ByteInput, isLive: Bool = false) {
    lines = LineBuffer(input)
    self.isLive = isLive
  }

  public mutating func read(into group: inout EventGroup, limit: Int) throws -> Int {
    if let failure { throw failure }
    let before = group.count
    do {
      while group.count < limit, group.byteCount < EventGroup.byteLimit {
        if isLive, group.count > before, lines.start == lines.end { break }
        if !isRowKept {
          guard try nextRow() else { break }
        }
        isRowKept = try !addRow(to: &group)
        if isRowKept { break }
      }
    } catch let fault as TextFault {
      throw fail(fault)
    }
    return group.count - before
  }

  /// Adds the row to a group; the first one names the fields.
  ///
  /// - Returns: whether the group took it.
  private mutating func addRow(to group: inout EventGroup) throws(TextFault) -> Bool {
    if row.isBlank { return true }
    if fields.isEmpty {
      fields = try parser.readNames(row)
      return true
    }
    let kind = try parser.read(row, fields: fields, into: &values)
    let text = row.text
    do {
      return try assembler.append(kind, &values, of: text.span, to: &group)
    } catch {
      // The offset is one of the cells' text; the fault is the row's cell.
      let cell = row.cells.last { $0.start <= error.offset }
      throw TextFault(error.message, at: cell?.offset ?? 0)
    }
  }

  /// Reads the next row and takes it apart.
  ///
  /// - Returns: false at the end.
  private mutating func nextRow() throws -> Bool {
    line += row.lineCount
    row.clear()
    while true {
      switch try lines.fill() {
      case .end:
        guard row.isOpen else { return false }
        // Taking it apart finds the quote that is one too many, or the end.
        try row.split()
        return true
      case .lineTooLong: throw TextFault(Self.tooLong, at: 0)
      case .lines: break
      }
      row.append(lines.takeLine())
      guard row.byteCount <= LineBuffer.lineByteLimit else { throw TextFault(Self.tooLong, at: 0) }
      if !row.isOpen { break }
    }
    try row.split()
    return true
  }

  private static let tooLong =
    "expected a row of at most \(LineBuffer.lineByteLimit) bytes, found a longer one"

  private mutating func fail(_ fault: TextFault) -> InterchangeError {
    let place = row.place(of: max(fault.offset, 0))
    let error = InterchangeError(
      line: line + place.line, column: place.column + 1, message: fault.message)
    failure = error
    return error
  }
}
