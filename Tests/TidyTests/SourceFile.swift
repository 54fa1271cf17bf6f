// SPDX-License-Identifier: Apache-2.0
//
// A source file as the tidiness rules see it: with and without its comments and strings.
//
// Invariant: `code` and `commented` have the same lines and columns as `text`.

/// A file of the repository, split for the rules.
struct SourceFile {
  /// The path from the root of the repository, as in `Sources/InputTape/Exports.swift`.
  let path: String
  let text: String
  /// The text with comments and string contents as spaces.
  let code: String
  /// The text with string contents as spaces.
  let commented: String

  init(path: String, text: String) {
    self.path = path
    self.text = text
    var blanker = SourceBlanker(text)
    (code, commented) = blanker.blanked()
  }

  var name: String { String(path.split(separator: "/").last ?? "") }
  var fileExtension: String {
    name.contains(".") ? String(name.split(separator: ".").last ?? "") : ""
  }
  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
  var codeLines: [Substring] { code.split(separator: "\n", omittingEmptySubsequences: false) }

  /// The target of a file under `Sources/`.
  var target: String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
  }

  /// Whether the file is the package's own: not fetched, not built, not a nested package's cache.
  var isSwift: Bool { fileExtension == "swift" }

  /// The identifiers of the code, in order.
  var words: [SourceWord] { SourceWord.all(in: code) }
}
