// SPDX-License-Identifier: Apache-2.0
//
// Cells of CSV (RFC 4180), and the guard against cells that spreadsheets take for formulas.

enum CSVText {
  /// Whether a spreadsheet takes a cell that begins with this byte for a formula.
  static func beginsFormula(_ byte: UInt8) -> Bool {
    byte == 0x3D || byte == 0x2B || byte == 0x2D || byte == 0x40 || byte == 0x09 || byte == 0x0D
  }

  /// Whether a cell's first apostrophe is a guard: the next byte needs or may need one.
  static func isGuarded(_ cell: [UInt8]) -> Bool {
    cell.count > 1 && cell[0] == 0x27 && (beginsFormula(cell[1]) || cell[1] == 0x27)
  }

  /// Appends a cell of text, guarded by an apostrophe and in quotes where it needs to be.
  static func append(_ text: [UInt8], to output: inout [UInt8]) {
    var cell = text
    if let first = text.first, beginsFormula(first) || isGuarded(text) {
      cell.insert(0x27, at: 0)
    }
    let needsQuotes = cell.contains {
      $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D
    }
    guard needsQuotes else {
      output.append(contentsOf: cell)
      return
    }
    output.append(0x22)
    for byte in cell {
      if byte == 0x22 { output.append(0x22) }
      output.append(byte)
    }
    output.append(0x22)
  }
}
