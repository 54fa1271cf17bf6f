// SPDX-License-Identifier: Apache-2.0
//
// The structs and unions of the installed headers, read to ask a compiler for their layout.

import Foundation

/// A struct or union of a header, with the names of its members.
struct HeaderStruct {
  let name: String
  let members: [String]

  /// All of them, in the order of the header.
  static func all(in header: String) -> [HeaderStruct] {
    let text = withoutComments(header)
    var found: [HeaderStruct] = []
    var rest = text[...]
    while let start = rest.range(of: "typedef struct ") ?? rest.range(of: "typedef union ") {
      let union = rest.range(of: "typedef union ")
      let begin = union.map { $0.lowerBound < start.lowerBound ? $0 : start } ?? start
      rest = rest[begin.upperBound...]
      guard let stop = rest.firstIndex(where: { $0 == "{" || $0 == ";" }), rest[stop] == "{",
        let end = rest[stop...].firstIndex(of: "}")
      else { continue }
      let name = rest[..<stop].split(whereSeparator: \.isWhitespace).joined()
      let body = rest[rest.index(after: stop)..<end]
      found.append(HeaderStruct(name: name, members: body.split(separator: ";").flatMap(names)))
      rest = rest[end...]
    }
    return found
  }

  /// The names that a declaration declares: `int32_t x, y`, `uint8_t id[16]`, `int (*f)(void *)`.
  private static func names(_ declaration: Substring) -> [String] {
    if let start = declaration.range(of: "(*"),
      let end = declaration[start.upperBound...].firstIndex(of: ")")
    {
      return [String(declaration[start.upperBound..<end])]
    }
    return declaration.split(separator: ",").compactMap { part in
      let name = part.prefix { $0 != "[" }.reversed()
        .drop { $0.isWhitespace }.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      return name.isEmpty ? nil : String(String(name).reversed())
    }
  }

  private static func withoutComments(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.range(of: "//").map { line[..<$0.lowerBound] } ?? line
    }.joined(separator: "\n")
  }

  /// A program that prints sizes and offsets.
  static func program(_ structs: [HeaderStruct]) -> String {
    var lines = ["#include <inputtape.h>", "#include <stdio.h>", "int main(void) {"]
    for found in structs {
      lines.append("  printf(\"struct \(found.name) %zu\\n\", sizeof(\(found.name)));")
      for member in found.members {
        lines.append(
          "  printf(\"  \(member) %zu %zu\\n\", offsetof(\(found.name), \(member)), "
            + "sizeof(((\(found.name) *)0)->\(member)));")
      }
    }
    return (lines + ["  return 0;", "}", ""]).joined(separator: "\n")
  }
}
