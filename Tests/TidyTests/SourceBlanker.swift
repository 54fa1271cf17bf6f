// SPDX-License-Identifier: Apache-2.0
//
// Replaces comments and the contents of strings by spaces, so that rules look at code alone.
//
// Knows line comments, nested block comments, strings with interpolation, multi-line and raw
// strings. Regular-expression literals are taken for code, which is enough for the rules.

/// A scanner over one file's text.
struct SourceBlanker {
  private let characters: [Character]
  private var offset = 0
  private var code: [Character] = []
  private var commented: [Character] = []

  init(_ text: String) { characters = Array(text) }

  /// The text without comments and strings, and the text without strings.
  mutating func blanked() -> (code: String, commented: String) {
    scanCode(untilClosingParenthesis: false)
    return (String(code), String(commented))
  }

  private func at(_ distance: Int) -> Character? {
    let place = offset + distance
    return place < characters.count ? characters[place] : nil
  }

  private func starts(with text: String) -> Bool {
    for (distance, character) in text.enumerated() where at(distance) != character { return false }
    return true
  }

  /// Takes characters, which stay in the code, in comments, or in neither.
  private mutating func take(_ count: Int = 1, code inCode: Bool, comment: Bool = false) {
    for _ in 0..<count where offset < characters.count {
      let character = characters[offset]
      let blank: Character = character == "\n" ? "\n" : " "
      code.append(inCode ? character : blank)
      commented.append(inCode || comment ? character : blank)
      offset += 1
    }
  }

  private mutating func scanCode(untilClosingParenthesis: Bool) {
    var depth = 0
    while let character = at(0) {
      if starts(with: "//") {
        while let next = at(0), next != "\n" { take(code: false, comment: true) }
      } else if starts(with: "/*") {
        scanBlockComment()
      } else if character == "\"" || rawStringHashes() > 0 {
        scanString()
      } else {
        if character == "(" { depth += 1 }
        if character == ")" { depth -= 1 }
        if untilClosingParenthesis && depth < 0 { return }
        take(code: true)
      }
    }
  }

  private mutating func scanBlockComment() {
    var depth = 0
    repeat {
      if starts(with: "/*") {
        depth += 1
        take(2, code: false, comment: true)
      } else if starts(with: "*/") {
        depth -= 1
        take(2, code: false, comment: true)
      } else {
        take(code: false, comment: true)
      }
    } while depth > 0 && at(0) != nil
  }

  /// The number of `#` before a quote here; 0 where no raw string begins.
  private func rawStringHashes() -> Int {
    var count = 0
    while at(count) == "#" { count += 1 }
    return count > 0 && at(count) == "\"" ? count : 0
  }

  private mutating func scanString() {
    let hashes = String(repeating: "#", count: rawStringHashes())
    take(hashes.count, code: false)
    let quote = starts(with: "\"\"\"") ? "\"\"\"" : "\""
    take(quote.count, code: true)
    while at(0) != nil {
      if starts(with: quote + hashes) {
        take(quote.count, code: true)
        take(hashes.count, code: false)
        return
      }
      if quote.count == 1 && at(0) == "\n" { return }
      if starts(with: "\\" + hashes + "(") {
        take(hashes.count + 2, code: false)
        scanCode(untilClosingParenthesis: true)
        take(code: false)
      } else if starts(with: "\\" + hashes) {
        take(hashes.count + 2, code: false)
      } else {
        take(code: false)
      }
    }
  }
}
