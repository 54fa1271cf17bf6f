// SPDX-License-Identifier: Apache-2.0
//
// The identifiers of a piece of code, with what stands around each.

/// An identifier or keyword, its line (from 1), and its neighbours.
struct SourceWord {
  let text: String
  let line: Int
  /// The character before the word; nil at the start of a line.
  let before: Character?
  /// The characters right after the word, at most two, on the same line.
  let after: String

  /// All words of a blanked text, in order.
  static func all(in code: String) -> [SourceWord] {
    var words: [SourceWord] = []
    let lines = code.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() { words += all(in: Array(line), line: index + 1) }
    return words
  }

  private static func all(in line: [Character], line number: Int) -> [SourceWord] {
    var words: [SourceWord] = []
    var start: Int?
    for offset in 0...line.count {
      let isPart = offset < line.count && isWordCharacter(line[offset])
      if isPart {
        start = start ?? offset
      } else if let from = start {
        words.append(
          SourceWord(
            text: String(line[from..<offset]), line: number,
            before: from > 0 ? line[from - 1] : nil,
            after: String(line[offset..<min(offset + 2, line.count)])))
        start = nil
      }
    }
    return words
  }

  private static func isWordCharacter(_ character: Character) -> Bool {
    character == "_" || character.isLetter || character.isNumber
  }
}
