// SPDX-License-Identifier: Apache-2.0
//
// One row of CSV, taken apart into cells (RFC 4180, section 2).
//
// Invariant: `text` holds the cells one after another, each followed by a line feed, at which
// whatever reads a cell stops.

/// A row's cells without quotes.
struct CSVRow {
  /// A cell: its bytes in `text`, and where it starts in the row.
  struct Cell {
    var start: Int
    var end: Int
    var offset: Int
  }

  /// The row as it came, over as many lines as its quotes keep open.
  private var source: [UInt8] = []
  private(set) var text: [UInt8] = []
  private(set) var cells: [Cell] = []
  /// Whether a quote is open at the end.
  private(set) var isOpen = false
  /// How many lines the row takes.
  private(set) var lineCount = 0

  var byteCount: Int { source.count }

  /// Whether there is nothing but spaces.
  var isBlank: Bool { cells.count == 1 && cells[0].start == cells[0].end }

  mutating func clear() {
    source.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
    cells.removeAll(keepingCapacity: true)
    isOpen = false
    lineCount = 0
  }

  /// Adds a line with its line feed.
  mutating func append(_ line: ArraySlice<UInt8>) {
    for byte in line where byte == 0x22 { isOpen.toggle() }
    source.append(contentsOf: line)
    lineCount += 1
  }

  /// The line, from 0, and the column, from 0, of an offset in the row.
  func place(of offset: Int) -> (line: Int, column: Int) {
    var line = 0
    var start = 0
    for index in 0..<min(offset, source.count) where source[index] == 0x0A {
      line += 1
      start = index + 1
    }
    return (line, offset - start)
  }

  /// Takes the row apart.
  mutating func split() throws(TextFault) {
    var end = source.count
    if end > 0, source[end - 1] == 0x0A { end -= 1 }
    if end > 0, source[end - 1] == 0x0D { end -= 1 }
    var at = 0
    while true {
      try splitCell(&at, end)
      if at == end { return }
      // A comma, which another cell follows.
      at += 1
    }
  }

  private mutating func splitCell(_ at: inout Int, _ end: Int) throws(TextFault) {
    let offset = at
    let start = text.count
    if at < end, source[at] == 0x22 {
      at += 1
      while true {
        guard at < end else { throw fault("a closing quote", at, end) }
        if source[at] == 0x22 {
          at += 1
          guard at < end, source[at] == 0x22 else { break }
        }
        text.append(source[at])
        at += 1
      }
      guard at == end || source[at] == 0x2C else { throw fault("\",\"", at, end) }
    } else {
      while at < end, source[at] != 0x2C {
        guard source[at] != 0x22 else { throw fault("no quote within a cell", at, end) }
        text.append(source[at])
        at += 1
      }
    }
    cells.append(Cell(start: start, end: text.count, offset: offset))
    text.append(0x0A)
  }

  private func fault(_ expected: String, _ at: Int, _ end: Int) -> TextFault {
    at < end
      ? JSONCursor.fault(expected, source.span, at)
      : TextFault("expected \(expected), found the end of the row", at: at)
  }
}
