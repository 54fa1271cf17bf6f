// SPDX-License-Identifier: Apache-2.0
//
// Each rule meets a planted violation, and something alike that is allowed.

import Testing

private let header = "// SPDX-License-Identifier: Apache-2.0\n//\n// Something with a purpose.\n"

private func core(_ text: String, _ name: String = "Columns/Planted.swift") -> SourceFile {
  SourceFile(path: "Sources/InputTapeCore/\(name)", text: text)
}

@Suite struct TidyRuleTests {
  @Test func findsAMissingLicenceOrPurpose() {
    #expect(LayoutRules.header(core(header + "let a = 1\n")).isEmpty)
    #expect(LayoutRules.header(core("// swift-tools-version: 6.2\n" + header)).isEmpty)
    #expect(LayoutRules.header(core("let a = 1\n")).count == 1)
    #expect(LayoutRules.header(core("")).count == 1)
    #expect(LayoutRules.header(core("// SPDX-License-Identifier: Apache-2.0\n")).count == 1)
    #expect(LayoutRules.header(core(header.replacing("Something", with: "//"))).count == 0)
    #expect(LayoutRules.header(core(header.replacing("a purpose.", with: ""))).count == 0)
    #expect(
      LayoutRules.header(core(header.replacing("Something with a purpose.", with: ""))).count == 1)
    let script = SourceFile(
      path: "Scripts/a.sh", text: "#!/bin/sh\n" + header.replacing("//", with: "#"))
    #expect(LayoutRules.header(script).isEmpty)
  }

  @Test func findsALongFileAndALongLine() {
    let line = "let a = 1\n"
    #expect(LayoutRules.fileLength(core(String(repeating: line, count: 500))).isEmpty)
    #expect(LayoutRules.fileLength(core(String(repeating: line, count: 501))).count == 1)
    let limit = String(repeating: "x", count: 100)
    #expect(LayoutRules.lineLength(core("\(limit)\n\(limit)\n")).isEmpty)
    #expect(LayoutRules.lineLength(core("\(limit)\n\(limit)y\n")).map(\.line) == [2])
  }

  @Test func findsALongFunction() {
    func function(_ lines: Int, _ introducer: String = "func f()") -> SourceFile {
      let body = String(repeating: "  a()\n", count: lines - 2)
      return core("struct S {\n\(introducer) {\n\(body)}\nlet b = 1\n}\n")
    }
    #expect(LayoutRules.functionLength(function(60)).isEmpty)
    #expect(LayoutRules.functionLength(function(61)).map(\.line) == [2])
    #expect(LayoutRules.functionLength(function(61, "init?(a: Int = { 1 }())")).count == 1)
    #expect(
      LayoutRules.functionLength(function(61, "func f(\n a: Int\n)\n  throws -> Int")).count == 1)
    #expect(LayoutRules.functionLength(function(61, "subscript(a: Int) -> Int")).count == 1)
    let aProtocol =
      "protocol P {\n func f()\n func g() -> Int\n}\n" + String(repeating: "\n", count: 70)
    #expect(LayoutRules.functionLength(core(aProtocol + "let a = { 1 }\n")).isEmpty)
    #expect(LayoutRules.functionLength(core("let a = b.init(1) {\n" + aProtocol + "}\n")).isEmpty)
  }

  @Test func findsTwoFilesOfOneName() {
    let files = [core("", "Bytes/A.swift"), core("", "Bytes/B.swift"), core("", "Blocks/A.swift")]
    #expect(LayoutRules.uniqueNames(files).count == 2)
    #expect(LayoutRules.uniqueNames(Array(files.prefix(2))).isEmpty)
  }

  @Test(arguments: [
    "let a = try! b()", "let a = b as! C", "fatalError(\"no\")", "let a = b!", "let a = b()!",
    "let a = b[1]!.c", "let a: Int!", "let a = \"\\(b!)\"",
  ])
  func findsForce(_ text: String) {
    #expect(WordRules.force(core(text)).count == 1)
  }

  @Test(arguments: [
    "if a != b {}", "let a = !b", "// never try! this", "let a = \"as! fatalError(\"", "a&&(!b)",
    "/* a! /* b! */ c! */", "let a = #\"b!\"#", "let a = \"\"\"\n  b! \"c!\"\n  \"\"\"",
    "if a() != b {}",
  ])
  func allowsWhatOnlyLooksLikeForce(_ text: String) {
    #expect(WordRules.force(core(text)).isEmpty)
  }

  @Test(arguments: ["TODO", "FIXME", "XXX", "HACK"])
  func findsLeftovers(_ word: String) {
    #expect(WordRules.leftovers(core("let a = 1  // \(word): later")).count == 1)
    #expect(WordRules.leftovers(core("/* \(word) */")).count == 1)
    #expect(WordRules.leftovers(core("let a = \"\(word)\"")).isEmpty)
    #expect(WordRules.leftovers(core("let a = \(word)S")).isEmpty)
  }

  @Test func findsABuildWithoutChecks() {
    let flags = "swiftSettings: [.unsafeFlags([\"-Ounchecked\"])]"
    #expect(WordRules.uncheckedBuild(SourceFile(path: "Package.swift", text: flags)).count == 1)
  }

  @Test func findsAnotherTestLibrary() {
    #expect(WordRules.testLibrary(core("import Testing\nimport XCTest")).map(\.line) == [2])
  }

  @Test func findsImportsOutsideTheTable() {
    let table = ImportTable(
      markdown: "| Row | Target | May import |\n|---|---|---|\n| 0 | `CZstd` | the C library |\n"
        + "| 1 | `InputTapeCore` | `CZstd` |\n| 2 | `InputTape` | `InputTapeCore`, `Glibc` |\n")
    #expect(table.rows.count == 3)
    #expect(table.findings.isEmpty)
    #expect(ImportRules.order(core("import CZstd\n// import InputTape\n"), table: table).isEmpty)
    #expect(ImportRules.order(core("import InputTape"), table: table).count == 1)
    #expect(ImportRules.order(core("@preconcurrency import Glibc"), table: table).count == 1)
    #expect(ImportRules.order(core("public import struct Glibc.tm"), table: table).count == 1)
    let elsewhere = SourceFile(path: "Sources/Unlisted/A.swift", text: "")
    #expect(ImportRules.order(elsewhere, table: table).count == 1)
    #expect(ImportTable(markdown: "| 1 | `A` | `B` |\n| 1 | `B` | `C` |").findings.count == 1)
  }

  @Test func findsFoundationAndCompressionInTheWrongPlace() {
    #expect(ImportRules.foundation(core("import FoundationEssentials")).count == 1)
    #expect(ImportRules.foundation(core("internal import Foundation")).count == 1)
    let command = SourceFile(path: "Sources/InputTapeCLI/A.swift", text: "import Foundation")
    #expect(ImportRules.foundation(command).isEmpty)
    #expect(ImportRules.compression(core("import CZlib")).count == 1)
    #expect(ImportRules.compression(core("import CZlib", "Blocks/Compression.swift")).isEmpty)
    let other = SourceFile(path: "Sources/InputTape/Compression.swift", text: "import CZstd")
    #expect(ImportRules.compression(other).count == 1)
  }

  @Test(arguments: [
    "unsafe a.load()", "a.withUnsafeBytes { $0.count }", "let a: UnsafeRawBufferPointer",
    "let a: UnsafeMutablePointer<Int>?", "unsafeBitCast(a, to: Int.self)", "let a: OpaquePointer",
  ])
  func findsUncheckedMemoryOutsideTheFence(_ text: String) {
    #expect(!FenceRules.unchecked(core(text)).isEmpty)
    #expect(FenceRules.unchecked(core(text, "Bytes/Planted.swift")).isEmpty)
    #expect(FenceRules.unchecked(core(text, "Blocks/Compression.swift")).isEmpty)
    #expect(FenceRules.unchecked(core("// \(text)")).isEmpty)
    let elsewhere = SourceFile(path: "Sources/InputTape/Bytes/Planted.swift", text: text)
    #expect(!FenceRules.unchecked(elsewhere).isEmpty)
  }

  @Test func findsPagesWithoutLinksAndLinksWithoutPages() {
    let paths = ["Specs/README.md", "Specs/Format.md", "Specs/Design/0001-a.md", "Specs/a.tsv"]
    let contents = "[Format](Format.md#limits) [a](Design/0001-a.md)"
    #expect(SpecRules.unlinked(paths: paths, contents: contents).isEmpty)
    #expect(SpecRules.unlinked(paths: paths, contents: "[Format](Format.md)").count == 1)
    let page = "[a](../A.md) [b](https://example.org) [c](B.md)"
    let findings = SpecRules.dangling(page: "Specs/C.md", contents: page) { $0 == "A.md" }
    #expect(findings.map(\.message) == ["the link to B.md leads nowhere"])
  }

  @Test func blankingKeepsLinesAndColumns() {
    let text = "let a = \"b\\(c(\"d\"))e\"  // f\nlet g = ##\"\"\"\n h\"#\n\"\"\"## /* i\n*/ + j\n"
    let file = core(text)
    #expect(file.code.count == text.count && file.commented.count == text.count)
    #expect(file.words.map(\.text) == ["let", "a", "c", "let", "g", "j"])
    #expect(file.words.map(\.line) == [1, 1, 1, 2, 2, 5])
  }
}
