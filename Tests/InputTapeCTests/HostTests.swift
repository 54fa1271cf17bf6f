// SPDX-License-Identifier: Apache-2.0
//
// Programs of other languages against the installed library: the examples, hostile callers, and
// a system without Swift.

import Foundation
import Testing

@Suite(.enabled(if: InstalledTree.isPossible, InstalledTree.whyNot), .serialized)
struct HostTests {
  private let tree: InstalledTree
  private let folder: ScratchFolder
  private static let examples = InstalledTree.root.path + "/Examples"
  private static let programs = InstalledTree.root.path + "/Tests/InputTapeCTests/Programs"
  private static let agentOutput = """
    motions: 10, keys: 0, markers: 1
    sum of x: 4045
    """

  init() throws {
    tree = try InstalledTree.shared.get()
    folder = try ScratchFolder()
  }

  private func agent(_ options: [String] = []) throws -> String {
    let program = folder.path("agent")
    try tree.compile(Self.examples + "/C/agent.c", to: program, with: options)
    return program
  }

  @Test func theAgentInCRuns() throws {
    let run = try tree.run(try agent(), folder.path("c.itape"), "10")
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.contains(Self.agentOutput), "\(run.output)")
    let long = try tree.run(folder.path("agent"), folder.path("long.itape"), "1000")
    #expect(long.output.contains("track 0 at 150 ms: position 550,450\ntrack 1 at 150 ms: key 30"))
    #expect(long.output.contains("1005 events in ") && long.output.contains("verified 1005 events"))
  }

  @Test func theAgentInCXXRuns() throws {
    guard HostTools.cxx != nil else { return }
    let program = folder.path("agentpp")
    try tree.compile(Self.examples + "/CXX/agent.cpp", to: program)
    let run = try tree.run(program, folder.path("cxx.itape"))
    #expect(run.code == 0, "\(run.errors)")
    #expect(
      run.output == """
        111 events written
        111 events in the recording
        text: hello
        scrolled: -12000
        held at 100 ms: 35
        sound

        """)
    let refused = try tree.run(program, folder.path("no/such/folder.itape"))
    #expect(refused.code == 1)
    #expect(refused.errors.contains("the system refused: cannot"))
  }

  @Test(.enabled(if: HostTools.rust != nil, "needs rustc"))
  func theAgentInRustRuns() throws {
    let program = folder.path("agent-rs")
    let build = try HostRun(
      try #require(HostTools.rust),
      ["-O", "-D", "warnings", Self.examples + "/Rust/agent.rs", "-o", program]
        + tree.flags("--libs-only-L"))
    try #require(build.code == 0, "\(build.errors)")
    let run = try tree.run(program, folder.path("rust.itape"))
    #expect(run.code == 0, "\(run.errors)")
    #expect(
      run.output == "1004 events, blocks: 1\n1000 motions, 4 keys, sum of x: 539500\n")
    let refused = try tree.run(program, folder.path("no/such/folder.itape"))
    #expect(refused.code == 1)
    #expect(refused.errors.contains("the system refused: cannot"))
  }

  @Test func theAgentInSwiftRuns() throws {
    let program = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "ExampleAgent").path
    let run = try HostRun(program, [folder.path("swift.itape")])
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("1002 events, 0 dropped\n"), "\(run.output)")
    #expect(run.output.contains("buttons at 100 ms: []\nbuttons at 450 ms: [1]\n"))
    #expect(run.output.hasSuffix("buttons at 900 ms: []\n"))
  }

  /// Links a program with the static library, and runs it with an empty environment.
  private func runStatically(
    _ compiler: String?, _ source: String, _ arguments: String...
  ) throws -> HostRun {
    let program = folder.path("static")
    let flags = try tree.flags("--cflags", "--libs", "--static").filter {
      $0 != "-linputtape" && !$0.hasPrefix("-L")
    }
    let run = try HostRun(
      try #require(compiler),
      [Self.examples + source, tree.prefix + "/lib/libinputtape.a"] + flags + ["-o", program])
    try #require(run.code == 0, "\(run.errors)")
    return try HostRun(program, [folder.path("static.itape")] + arguments, environment: [:])
  }

  @Test func theStaticLibraryNeedsNothingElse() throws {
    let run = try runStatically(HostTools.c, "/C/agent.c", "10")
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.contains(Self.agentOutput))
  }

  /// Its C++ and the program's have templates in common.
  @Test(.enabled(if: HostTools.cxx != nil, "needs a C++ compiler"))
  func theStaticLibraryLinksWithAProgramInCXX() throws {
    let run = try runStatically(HostTools.cxx, "/CXX/agent.cpp")
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.hasSuffix("held at 100 ms: 35\nsound\n"))
  }

  /// In a folder as root that holds the program and what the loader names, and no Swift.
  @Test(.enabled(if: geteuid() == 0, "chroot needs root"))
  func theAgentRunsWhereSwiftIsNotInstalled() throws {
    let program = try agent()
    let loader = try HostRun(
      try #require(HostTools.find("ldd")), [program],
      environment: ["LD_LIBRARY_PATH": tree.prefix + "/lib", "PATH": "/usr/bin:/bin"])
    let root = folder.path("root")
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    var paths = [program: "/agent"]
    for word in loader.output.split(whereSeparator: \.isWhitespace) where word.hasPrefix("/") {
      let path = String(word)
      paths[path] = path.hasPrefix(tree.prefix) ? "/lib/libinputtape.so.0" : path
    }
    #expect(!paths.keys.contains { $0.contains("swift") })
    for (path, place) in paths {
      let target = URL(filePath: root + place)
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      let source = URL(filePath: path).resolvingSymlinksInPath()
      try FileManager.default.copyItem(at: source, to: target)
    }
    let run = try HostRun(
      try #require(HostTools.find("chroot")), [root, "/agent", "/session.itape", "10"],
      environment: ["LD_LIBRARY_PATH": "/lib", "PATH": "/usr/sbin:/usr/bin:/bin"])
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.contains(Self.agentOutput))
  }

  @Test(.enabled(if: HostTools.valgrind != nil, "needs valgrind"))
  func valgrindFindsNothingInTheAgent() throws {
    let program = try agent()
    let run = try HostRun(
      try #require(HostTools.valgrind),
      [
        "-q", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=definite",
        program, folder.path("valgrind.itape"), "1000",
      ],
      environment: ["LD_LIBRARY_PATH": tree.prefix + "/lib", "PATH": "/usr/bin:/bin"])
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.contains("verified 1005 events"))
  }

  @Test func callersThatKeepTheContractNeverTrap() throws {
    let program = folder.path("contract")
    let parts = ["writing", "reading", "overload"].map {
      Self.programs + "/contract_\($0).c"
    }
    try tree.compile(Self.programs + "/contract.c", to: program, with: parts)
    let run = try tree.run(program, folder.url.path)
    #expect(run.code == 0, "\(run.output)\(run.errors)")
    #expect(run.output.hasSuffix(" checks, 0 failed\n"), "\(run.output)")
  }

  @Test func damagedRecordingsGiveStatuses() throws {
    let program = folder.path("damage")
    try tree.compile(Self.programs + "/damage.c", to: program)
    let run = try tree.run(program, folder.path("damage.itape"))
    #expect(run.code == 0, "\(run.output)\(run.errors)")
    #expect(run.output.hasSuffix(" mutants, 0 failed\n"), "\(run.output)")
  }
}
