// SPDX-License-Identifier: Apache-2.0
//
// All that the cases of InputTapeDigests see is what it was: bytes that are written, events and
// errors that are read, calls of the system. `make digests` writes the new ones where a change of
// them is meant.

import Foundation
import Testing

@Suite struct DigestTests {
  private struct Line: Hashable {
    var name: String
    var dependsOnLibraries: Bool
    var digest: String
  }

  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func lines(_ text: String) throws -> [Line] {
    try text.split(separator: "\n").map { line in
      let fields = line.split(separator: "\t").map(String.init)
      try #require(fields.count == 3, "\(line)")
      return Line(name: fields[0], dependsOnLibraries: fields[1] != "-", digest: fields[2])
    }
  }

  /// The optimised build, which `make test` makes before the tests: it takes a tenth of the time.
  private static var executable: URL {
    let optimised = root.appending(path: ".build/release/itape-digests")
    guard FileManager.default.isExecutableFile(atPath: optimised.path) else {
      return CommandRun.executable.deletingLastPathComponent().appending(path: "itape-digests")
    }
    return optimised
  }

  @Test func nothingLooksOtherThanItDid() throws {
    let wanted = try Self.lines(
      String(
        contentsOf: Self.root.appending(path: "Tests/InputTapeDigests/digests.tsv"),
        encoding: .utf8))
    let run = try CommandRun(Self.executable, arguments: [])
    #expect(run.code == 0, "\(run.errors)")
    let found = try Self.lines(run.text)
    let isSameCases = found.map(\.name) == wanted.map(\.name)
    #expect(isSameCases, "\(found.count) cases, \(wanted.count) wanted")
    let isSameLibraries = found.first == wanted.first
    var (compared, different) = (0, [String]())
    for (one, other) in zip(found, wanted).dropFirst() {
      if one.dependsOnLibraries, !isSameLibraries { continue }
      compared += 1
      if one != other { different.append(one.name) }
    }
    print("digests: \(compared) of \(wanted.count - 1) compared, \(different.count) differ")
    #expect(different.isEmpty, "\(different.prefix(20).joined(separator: ", "))")
    #expect(compared > 700)
  }
}
