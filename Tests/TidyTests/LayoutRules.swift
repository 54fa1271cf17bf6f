// SPDX-License-Identifier: Apache-2.0
//
// Rules about the shape of files: header, sizes, names.

/// Rules about the shape of files.
enum LayoutRules {
  static let fileLineLimit = 500
  static let lineColumnLimit = 100
  static let functionLineLimit = 60

  /// The licence comes first, then an empty comment line, then a sentence that says what for.
  static func header(_ file: SourceFile) -> [Finding] {
    let mark = ["py", "sh"].contains(file.fileExtension) ? "#" : "//"
    var lines = file.lines[...]
    while let line = lines.first,
      line.hasPrefix("#!") || line.hasPrefix("// swift-tools-version")
    {
      lines.removeFirst()
    }
    let head = Array(lines.prefix(3))
    guard head.first.map(String.init) == "\(mark) SPDX-License-Identifier: Apache-2.0" else {
      return [Finding(path: file.path, line: 1, message: "the licence line is missing")]
    }
    guard head.count == 3, String(head[1]) == mark, head[2].hasPrefix(mark + " "),
      head[2].count > mark.count + 10
    else {
      return [Finding(path: file.path, line: 2, message: "no line says what the file is for")]
    }
    return []
  }

  static func fileLength(_ file: SourceFile) -> [Finding] {
    let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
    guard count > fileLineLimit else { return [] }
    return [Finding(path: file.path, line: count, message: "\(count) lines, over \(fileLineLimit)")]
  }

  static func lineLength(_ file: SourceFile) -> [Finding] {
    file.lines.enumerated().filter { $0.element.count > lineColumnLimit }.map {
      Finding(
        path: file.path, line: $0.offset + 1,
        message: "\($0.element.count) columns, over \(lineColumnLimit)")
    }
  }

  /// File names are unique among the Swift files of the package; manifests are alike by necessity.
  static func uniqueNames(_ files: [SourceFile]) -> [Finding] {
    let swift = files.filter { $0.isSwift && $0.name != "Package.swift" }
    return Dictionary(grouping: swift, by: \.name).values.filter { $0.count > 1 }.flatMap { same in
      same.map { Finding(path: $0.path, line: 1, message: "another file has this name") }
    }
  }

  /// Functions, initialisers and subscripts end within the limit.
  static func functionLength(_ file: SourceFile) -> [Finding] {
    let characters = Array(file.code)
    return FunctionBody.all(in: characters).filter { $0.lineCount > functionLineLimit }.map {
      Finding(
        path: file.path, line: $0.line,
        message: "a function of \($0.lineCount) lines, over \(functionLineLimit)")
    }
  }
}
