// SPDX-License-Identifier: Apache-2.0
//
// Finds functions by counting braces: enough for code that the formatter has been over.

/// A function with a body: its first line (from 1) and its number of lines.
struct FunctionBody {
  let line: Int
  let lineCount: Int

  private static let introducers: Set = ["func", "init", "deinit", "subscript"]

  /// The functions of a blanked text, nested ones too.
  static func all(in code: [Character]) -> [FunctionBody] {
    var bodies: [FunctionBody] = []
    var offset = 0
    var line = 1
    while offset < code.count {
      if code[offset] == "\n" { line += 1 }
      if let end = introducerEnd(in: code, at: offset),
        let start = bodyStart(in: code, after: end)
      {
        let close = bodyEnd(in: code, from: start)
        let lineCount = code[offset...close].count { $0 == "\n" } + 1
        bodies.append(FunctionBody(line: line, lineCount: lineCount))
      }
      offset += 1
    }
    return bodies
  }

  private static func isWordCharacter(_ character: Character) -> Bool {
    character == "_" || character == "." || character.isLetter || character.isNumber
  }

  /// The offset after a word that begins here and introduces a function.
  private static func introducerEnd(in code: [Character], at offset: Int) -> Int? {
    guard offset == 0 || !isWordCharacter(code[offset - 1]) else { return nil }
    var end = offset
    while end < code.count, isWordCharacter(code[end]) { end += 1 }
    return introducers.contains(String(code[offset..<end])) ? end : nil
  }

  /// The offset of the brace that opens the body; nil for a declaration without one.
  private static func bodyStart(in code: [Character], after end: Int) -> Int? {
    var depth = 0
    for offset in end..<code.count {
      switch code[offset] {
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "{" where depth == 0: return offset
      case "}" where depth == 0: return nil
      case "\n" where depth == 0 && !continues(in: code, after: offset): return nil
      default: break
      }
      if depth < 0 { return nil }
    }
    return nil
  }

  /// Whether the declaration goes on after a line's end.
  private static func continues(in code: [Character], after offset: Int) -> Bool {
    let rest = String(code[offset...].drop { $0.isWhitespace }.prefix(8))
    return ["{", "->", "where ", "throws", "async", "&"].contains { rest.hasPrefix($0) }
  }

  private static func bodyEnd(in code: [Character], from start: Int) -> Int {
    var depth = 0
    for offset in start..<code.count {
      if code[offset] == "{" { depth += 1 }
      if code[offset] == "}" { depth -= 1 }
      if depth == 0 { return offset }
    }
    return code.count - 1
  }
}
