// SPDX-License-Identifier: Apache-2.0
//
// The code that README and articles show is code that compiles.

import Foundation
import Testing

@Suite struct SnippetTests {
  private static let pages = [
    "README.md", "Sources/InputTape/InputTape.docc/Embedding.md",
    "Sources/InputTape/InputTape.docc/Threading.md", "Sources/InputTape/InputTape.docc/Failures.md",
    "Sources/InputTape/InputTape.docc/Cost.md",
  ]

  /// A piece of code on a page.
  struct Snippet: CustomTestStringConvertible, Sendable {
    let page: String
    let line: Int
    let text: String

    var testDescription: String { "\(page), line \(line)" }
  }

  /// The pieces of a language, by the word behind the fence.
  private static func snippets(_ language: String) -> [Snippet] {
    var found: [Snippet] = []
    for page in pages {
      let url = InstalledTree.root.appending(path: page)
      let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
      var start: Int?
      var lines: [Substring] = []
      let all = text.split(separator: "\n", omittingEmptySubsequences: false)
      for (number, line) in all.enumerated() {
        if let first = start {
          if line != "```" {
            lines.append(line)
            continue
          }
          found.append(
            Snippet(page: page, line: first, text: lines.joined(separator: "\n") + "\n"))
          start = nil
        } else if line == "```" + language {
          start = number + 2
          lines = []
        }
      }
    }
    return found
  }

  @Test(
    .enabled(if: HostTools.find("swiftc") != nil, "needs swiftc"), arguments: snippets("swift"))
  func swiftCompiles(_ snippet: Snippet) throws {
    let folder = try ScratchFolder()
    let source = folder.url.appending(path: "Snippet.swift")
    try snippet.text.write(to: source, atomically: true, encoding: .utf8)
    let root = InstalledTree.root.path
    let build = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().path
    let maps = ["CInputTapePlatform", "CInputTapeCapture"].flatMap {
      ["-Xcc", "-fmodule-map-file=\(build)/\($0).build/module.modulemap"]
    }
    let run = try HostRun(
      try #require(HostTools.find("swiftc")),
      [
        "-typecheck", "-swift-version", "6", "-warnings-as-errors", "-I", build + "/Modules",
        "-I", root + "/Sources/CZstd", "-I", root + "/Sources/CZlib", source.path,
      ] + maps)
    #expect(run.code == 0, "\(run.errors)")
  }

  @Test(.enabled(if: InstalledTree.isPossible, InstalledTree.whyNot), arguments: snippets("c"))
  func cCompilesAndRuns(_ snippet: Snippet) throws {
    let folder = try ScratchFolder()
    let source = folder.path("snippet.c")
    try snippet.text.replacing("session.itape", with: folder.path("session.itape"))
      .write(toFile: source, atomically: true, encoding: .utf8)
    let tree = try InstalledTree.shared.get()
    try tree.compile(source, to: folder.path("snippet"))
    let run = try tree.run(folder.path("snippet"))
    #expect(run.code == 0, "\(run.output)\(run.errors)")
    #expect(FileManager.default.fileExists(atPath: folder.path("session.itape")))
  }

  @Test func pagesHaveSnippets() {
    #expect(Self.snippets("swift").count >= 3)
    #expect(!Self.snippets("c").isEmpty)
  }
}
