// SPDX-License-Identifier: Apache-2.0
//
// Rules about words that have no place in the project.

/// Rules about single words of the code.
enum WordRules {
  private static let leftovers: Set = ["TODO", "FIXME", "XXX", "HACK"]

  /// No trap by force: `try!`, `as!`, `fatalError(`, and no unwrapping with `!`.
  static func force(_ file: SourceFile) -> [Finding] {
    guard file.isSwift else { return [] }
    var findings: [Finding] = []
    for word in file.words {
      let isForced = word.after.hasPrefix("!") && word.after != "!="
      if isForced {
        findings.append(Finding(path: file.path, line: word.line, message: "\(word.text)!"))
      } else if word.text == "fatalError", word.before != "." {
        findings.append(Finding(path: file.path, line: word.line, message: "fatalError"))
      }
    }
    return findings + forcedBrackets(file)
  }

  /// `)!` and `]!`.
  private static func forcedBrackets(_ file: SourceFile) -> [Finding] {
    var findings: [Finding] = []
    for (index, line) in file.codeLines.enumerated() {
      let characters = Array(line) + [" ", " "]
      for offset in 0..<(characters.count - 2)
      where ")]}".contains(characters[offset]) && characters[offset + 1] == "!"
        && characters[offset + 2] != "="
      {
        findings.append(
          Finding(path: file.path, line: index + 1, message: "\(characters[offset])!"))
      }
    }
    return findings
  }

  /// No notes about work that is left: it is done, or it is an issue.
  static func leftovers(_ file: SourceFile) -> [Finding] {
    SourceWord.all(in: file.commented).filter { leftovers.contains($0.text) }.map {
      Finding(path: file.path, line: $0.line, message: "\($0.text) is left over")
    }
  }

  /// Swift Testing runs the tests; XCTest would run in a second, separate summary.
  static func testLibrary(_ file: SourceFile) -> [Finding] {
    imports(of: file).filter { $0.module == "XCTest" }.map {
      Finding(path: file.path, line: $0.line, message: "tests are written with Swift Testing")
    }
  }

  /// No build that leaves checks out; looks at strings too, for that is where flags stand.
  static func uncheckedBuild(_ file: SourceFile) -> [Finding] {
    file.lines.enumerated().filter { $0.element.contains("-Ounchecked") }.map {
      Finding(path: file.path, line: $0.offset + 1, message: "a build without checks")
    }
  }
}
