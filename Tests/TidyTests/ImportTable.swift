// SPDX-License-Identifier: Apache-2.0
//
// The table of Sources/README.md: rows of targets and what each may import.

/// Who may import whom.
struct ImportTable {
  struct Row {
    let number: Int
    let mayImport: Set<String>
  }

  /// The rows by target.
  private(set) var rows: [String: Row] = [:]

  /// Reads lines such as `| 1 | ``InputTapeCore`` | ``CZstd``, ``CZlib`` |` with single backticks.
  init(markdown: String) {
    for line in markdown.split(separator: "\n") where line.hasPrefix("|") {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst()
      guard cells.count >= 3, let first = cells.first,
        let number = Int(first.filter { !$0.isWhitespace })
      else { continue }
      let mayImport = Set(Self.names(in: cells[cells.startIndex + 2]))
      for target in Self.names(in: cells[cells.startIndex + 1]) {
        rows[target] = Row(number: number, mayImport: mayImport)
      }
    }
  }

  /// The words in backticks.
  private static func names(in cell: Substring) -> [String] {
    cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }

  /// Imports point to a row above, never sideways.
  var findings: [Finding] {
    rows.flatMap { target, row in
      row.mayImport.filter { (rows[$0]?.number ?? -1) >= row.number }.map {
        Finding(
          path: "Sources/README.md", line: 1, message: "\(target) imports \($0), not above it")
      }
    }
  }
}
