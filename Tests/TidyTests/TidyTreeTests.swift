// SPDX-License-Identifier: Apache-2.0
//
// The rules of CONTRIBUTING.md, held against the files of the repository.

import Foundation
import Testing

@Suite struct TidyTreeTests {
  private func check(_ rule: (SourceFile) -> [Finding]) {
    #expect(SourceTree.sources.flatMap(rule).map(\.description) == [])
  }

  @Test func theTreeIsFound() {
    #expect(SourceTree.sources.contains { $0.path == "Package.swift" })
    #expect(SourceTree.sources.contains { $0.target == "InputTapeCore" })
    #expect(SourceTree.sources.contains { $0.name == "TidyTreeTests.swift" })
    #expect(SourceTree.sources.count > 30)
  }

  @Test func everyFileHasALicenceAndAPurpose() { check(LayoutRules.header) }

  @Test func filesAndLinesAndFunctionsHaveLimits() {
    check(LayoutRules.fileLength)
    check(LayoutRules.lineLength)
    check { $0.isSwift ? LayoutRules.functionLength($0) : [] }
  }

  @Test func fileNamesAreUnique() {
    #expect(LayoutRules.uniqueNames(SourceTree.sources).map(\.description) == [])
  }

  @Test func nothingTrapsByForce() { check(WordRules.force) }

  @Test func nothingIsLeftForLater() { check(WordRules.leftovers) }

  @Test func everyTestIsOfSwiftTesting() { check(WordRules.testLibrary) }

  @Test func nothingIsBuiltWithoutChecks() throws {
    let names = ["Package.swift", "Benchmarks/Package.swift", "Fuzz/Package.swift", "Makefile"]
    let files = try names.map { try #require(SourceTree.file($0)) }
    #expect(files.flatMap(WordRules.uncheckedBuild).map(\.description) == [])
  }

  @Test func importsFollowTheTable() throws {
    let page = try #require(SourceTree.file("Sources/README.md"))
    let table = ImportTable(markdown: page.text)
    #expect(table.rows["InputTapeCore"]?.number == 1)
    #expect(table.findings.map(\.description) == [])
    check { ImportRules.order($0, table: table) }
  }

  @Test func theCoreDoesWithoutFoundation() { check(ImportRules.foundation) }

  @Test func twoFilesCallTheCompressionLibraries() { check(ImportRules.compression) }

  @Test func uncheckedMemoryStaysBehindItsFence() { check(FenceRules.unchecked) }

  @Test func theFenceNamesFilesThatExist() {
    for path in FenceRules.allowedFiles.sorted() {
      #expect(SourceTree.file(path) != nil, "\(path)")
    }
  }

  @Test func everyPageOfTheSpecIsLinked() throws {
    let contents = try #require(SourceTree.file("Specs/README.md"))
    let paths = SourceTree.paths(under: "Specs")
    #expect(SpecRules.unlinked(paths: paths, contents: contents.text).map(\.description) == [])
  }

  @Test func everyLinkLeadsSomewhere() {
    let pages =
      ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Sources/README.md", "Examples/README.md"]
      + SourceTree.paths(under: "Samples").filter { $0.hasSuffix(".md") }
      + SourceTree.paths(under: "Specs").filter { $0.hasSuffix(".md") }
    let findings = pages.flatMap { path in
      SpecRules.dangling(page: path, contents: SourceTree.file(path)?.text ?? "") {
        FileManager.default.fileExists(atPath: SourceTree.root.appending(path: $0).path)
      }
    }
    #expect(findings.map(\.description) == [])
  }
}
