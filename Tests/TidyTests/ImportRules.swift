// SPDX-License-Identifier: Apache-2.0
//
// Rules about imports: the table of Sources/README.md, and who may speak to the C libraries.

/// A module that a file imports, and the line where it does.
struct SourceImport {
  let module: String
  let line: Int
}

/// The imports of a Swift file, whatever attributes and access levels they carry.
func imports(of file: SourceFile) -> [SourceImport] {
  guard file.isSwift else { return [] }
  var found: [SourceImport] = []
  for (index, line) in file.codeLines.enumerated() {
    let words = line.split(whereSeparator: \.isWhitespace)
    guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
      words[..<place].allSatisfy({ $0.hasPrefix("@") || accessLevels.contains($0) })
    else { continue }
    var name = words[place + 1]
    if declarationKinds.contains(name), place + 2 < words.count { name = words[place + 2] }
    found.append(
      SourceImport(module: String(name.prefix { $0 != "." && $0 != ";" }), line: index + 1))
  }
  return found
}

private let accessLevels: Set<Substring> = [
  "public", "package", "internal", "fileprivate", "private",
]
private let declarationKinds: Set<Substring> = [
  "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
]

/// Rules about imports.
enum ImportRules {
  private static let compressionFiles: Set = ["Compression.swift", "StreamCompression.swift"]
  private static let compressionModules: Set = ["CZstd", "CZlib"]
  private static let withoutFoundation: Set = ["InputTapeCore", "InputTape"]

  /// A target imports what the table allows it, and nothing else.
  static func order(_ file: SourceFile, table: ImportTable) -> [Finding] {
    guard let target = file.target, file.isSwift else { return [] }
    guard let row = table.rows[target] else {
      return [Finding(path: file.path, line: 1, message: "\(target) has no row in the table")]
    }
    return imports(of: file).filter { $0.module != "Swift" && !row.mayImport.contains($0.module) }
      .map {
        Finding(path: file.path, line: $0.line, message: "\(target) may not import \($0.module)")
      }
  }

  /// The core and the files on it do without Foundation.
  static func foundation(_ file: SourceFile) -> [Finding] {
    guard let target = file.target, withoutFoundation.contains(target) else { return [] }
    return imports(of: file).filter { $0.module.hasPrefix("Foundation") }.map {
      Finding(path: file.path, line: $0.line, message: "\(target) does without Foundation")
    }
  }

  /// Two files of the core alone call the compression libraries.
  static func compression(_ file: SourceFile) -> [Finding] {
    guard let target = file.target else { return [] }
    if target == "InputTapeCore" && compressionFiles.contains(file.name) { return [] }
    return imports(of: file).filter { compressionModules.contains($0.module) }.map {
      Finding(
        path: file.path, line: $0.line, message: "\($0.module) is imported in Compression.swift")
    }
  }
}
