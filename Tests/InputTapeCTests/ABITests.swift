// SPDX-License-Identifier: Apache-2.0
//
// The binary interface is what abi.txt says: symbols, sizes, offsets.
//
// Where a change is meant, run with ITAPE_WRITE_ABI=1 and commit the new list; a change that breaks
// programs also changes ITAPE_ABI_VERSION.

import Foundation
import Testing

@Suite(.enabled(if: InstalledTree.isPossible, InstalledTree.whyNot), .serialized)
struct ABITests {
  private let tree: InstalledTree
  private static let list = InstalledTree.root.path + "/Tests/InputTapeCTests/abi.txt"

  init() throws { tree = try InstalledTree.shared.get() }

  /// Names that a library gives to others.
  private func symbols(_ arguments: String...) throws -> [String] {
    let run = try HostRun(try #require(HostTools.find("nm", "llvm-nm")), arguments)
    try #require(run.code == 0, "\(run.errors)")
    return run.output.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard words.count == 3, words[1] != "A" else { return nil }
      return String(words[2].prefix { $0 != "@" })
    }.sorted()
  }

  private func layout() throws -> String {
    let folder = try ScratchFolder()
    let headers = try ["inputtape_events.h", "inputtape.h"].map {
      try String(contentsOfFile: tree.prefix + "/include/" + $0, encoding: .utf8)
    }
    let structs = headers.flatMap(HeaderStruct.all)
    #expect(structs.count == 33)
    let source = folder.path("layout.c")
    try HeaderStruct.program(structs).write(toFile: source, atomically: true, encoding: .utf8)
    try tree.compile(source, to: folder.path("layout"))
    return try tree.run(folder.path("layout")).output
  }

  @Test func symbolsAndLayoutsAreThoseOfTheList() throws {
    let found =
      try symbols("-D", "--defined-only", tree.library).map { "symbol \($0)\n" }.joined()
      + layout()
    if ProcessInfo.processInfo.environment["ITAPE_WRITE_ABI"] != nil {
      try found.write(toFile: Self.list, atomically: true, encoding: .utf8)
    }
    let listed = try String(contentsOfFile: Self.list, encoding: .utf8)
    let (was, now) = (listed.split(separator: "\n"), found.split(separator: "\n"))
    let difference = now.difference(from: was)
    #expect(difference.isEmpty, "\(difference)")
  }

  @Test func everyFunctionOfTheHeaderIsThereAndNothingElse() throws {
    let header = try String(contentsOfFile: tree.prefix + "/include/inputtape.h", encoding: .utf8)
    var declared: Set<String> = []
    for line in header.split(separator: "\n") where !line.hasPrefix("//") && !line.hasPrefix(" ") {
      guard let start = line.range(of: "itape_[a-z0-9_]+\\(", options: .regularExpression) else {
        continue
      }
      declared.insert(String(line[start].dropLast()))
    }
    #expect(declared.count > 50)
    #expect(try Set(symbols("-D", "--defined-only", tree.library)) == declared)
    #expect(
      try Set(symbols("-g", "--defined-only", tree.prefix + "/lib/libinputtape.a")) == declared)
  }

  @Test func theHeaderNamesEveryNumberOfTheErrors() throws {
    func numbers(_ text: String, _ pattern: String) throws -> [Int] {
      let expression = try Regex(pattern, as: (Substring, Substring).self)
      return text.matches(of: expression.anchorsMatchLineEndings()).compactMap { Int($0.output.1) }
    }
    let header = try String(contentsOfFile: tree.prefix + "/include/inputtape.h", encoding: .utf8)
    let errors = try String(
      contentsOf: InstalledTree.root.appending(path: "Specs/Errors.md"), encoding: .utf8)
    let named = try numbers(header, #"^  ITAPE_ERROR_[A-Z_]+ = (\d\d),"#)
    // From 60 on there are the exit codes of the command.
    let specified = try numbers(errors, #"^\| (\d\d) \| [a-z]"#).filter { $0 < 60 }
    #expect(specified.count >= 17)
    #expect(named == specified)
  }

  @Test func theLibraryNeedsTheSystemsOwnLibrariesAlone() throws {
    let run = try HostRun(
      try #require(HostTools.find("readelf", "llvm-readelf")), ["-d", tree.library])
    let lines = run.output.split(separator: "\n")
    let needed = lines.filter { $0.contains("(NEEDED)") }.compactMap { line in
      line.firstIndex(of: "[").map { String(line[$0...].dropFirst().dropLast()) }
    }
    let allowed = [
      "libc.", "libm.", "libstdc++.", "libgcc_s.", "ld-linux", "libpthread.", "libdl.",
    ]
    #expect(!needed.isEmpty)
    for name in needed { #expect(allowed.contains { name.hasPrefix($0) }, "\(name)") }
    #expect(lines.contains { $0.contains("(SONAME)") && $0.contains("[libinputtape.so.0]") })
    #expect(!run.output.contains("RUNPATH") && !run.output.contains("RPATH"))
  }
}
