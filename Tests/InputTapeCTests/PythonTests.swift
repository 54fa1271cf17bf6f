// SPDX-License-Identifier: Apache-2.0
//
// The module for Python, and the example that uses it, against the installed library.

import Foundation
import Testing

@Suite(
  .enabled(if: InstalledTree.isPossible, InstalledTree.whyNot),
  .enabled(if: HostTools.pythonWithNumbers != nil, "needs python3 with numpy"))
struct PythonTests {
  private let tree: InstalledTree
  private let folder: ScratchFolder
  private static let examples = InstalledTree.root.path + "/Examples/Python"

  init() throws {
    tree = try InstalledTree.shared.get()
    folder = try ScratchFolder()
  }

  private func run(_ arguments: String..., library: String? = nil) throws -> HostRun {
    var environment = ProcessInfo.processInfo.environment
    environment["INPUTTAPE_LIBRARY"] = library ?? tree.library + ".0"
    environment["PYTHONPATH"] = Self.examples
    return try HostRun(
      try #require(HostTools.pythonWithNumbers), ["-B"] + arguments, environment: environment)
  }

  @Test func theAgentRuns() throws {
    let run = try run(Self.examples + "/agent.py", folder.path("a.itape"))
    #expect(run.code == 0, "\(run.errors)")
    #expect(
      run.output == """
        100011 events, purpose: an example
        100000 motions, sum of x: 95809200
        125 of them in the second second
        x at each frame: [0, 4, 8, 12, 16, 20, 25, 29, 33, 37]
        held at 2 s: ['0x70004']

        """)
  }

  @Test func theModuleReadsWhatItWrites() throws {
    let run = try run(
      InstalledTree.root.path + "/Tests/InputTapeCTests/Programs/module.py", folder.url.path)
    #expect(run.code == 0 && run.output.hasSuffix(" checks, 0 failed\n"), "\(run)")
    print("module.py: \(run.output.split(separator: "\n").suffix(1).joined())")
  }

  @Test func theModuleSaysWhereItHasLookedForTheLibrary() throws {
    let run = try run("-c", "import inputtape; inputtape.open('a')", library: "/nowhere/lib.so")
    #expect(run.code == 1)
    #expect(run.errors.contains("ImportError: /nowhere/lib.so: cannot open"), "\(run.errors)")
    #expect(run.errors.contains("INPUTTAPE_LIBRARY"))
  }

  @Test func theModuleAsAProgramSaysWhatIsWrong() throws {
    let missing = try run(Self.examples + "/inputtape.py", folder.path("none.itape"), "out")
    #expect(missing.code == 74 || missing.errors.contains("No module named 'pyarrow'"))
    #expect(try run(Self.examples + "/inputtape.py").code == 64)
  }
}
