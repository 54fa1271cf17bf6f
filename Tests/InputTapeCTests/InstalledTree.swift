// SPDX-License-Identifier: Apache-2.0
//
// The C library as it is installed: what every test of this folder compiles against.

import Foundation
import Testing

/// The C library, installed into a folder of its own.
struct InstalledTree: Sendable {
  private let folder: ScratchFolder
  let prefix: String

  /// The root of the repository.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// `make library` has been run, as `make test` does; and there are a C compiler and pkg-config.
  static let isPossible =
    FileManager.default.fileExists(atPath: root.path + "/.build/library/version")
    && HostTools.c != nil && HostTools.packageConfig != nil
  static let whyNot: Comment = "needs `make library`, a C compiler and pkg-config"

  static let shared = Result { try InstalledTree() }

  init() throws {
    folder = try ScratchFolder()
    prefix = folder.path("usr")
    let run = try HostRun(
      "/bin/bash", [Self.root.path + "/Scripts/install-library.sh", prefix])
    try #require(run.code == 0, "\(run.errors)")
  }

  var library: String { prefix + "/lib/libinputtape.so" }

  /// Flags of pkg-config.
  func flags(_ arguments: String...) throws -> [String] {
    let run = try HostRun(
      try #require(HostTools.packageConfig), arguments + ["inputtape"],
      environment: ["PKG_CONFIG_PATH": prefix + "/lib/pkgconfig"])
    try #require(run.code == 0, "\(run.errors)")
    return run.output.split(whereSeparator: \.isWhitespace).map(String.init)
  }

  /// Compiles a program with all warnings as errors, against the shared library.
  func compile(_ source: String, to program: String, with options: [String] = []) throws {
    let isC = source.hasSuffix(".c")
    let compiler = try #require(isC ? HostTools.c : HostTools.cxx)
    let run = try HostRun(
      compiler,
      [isC ? "-std=c99" : "-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Werror", source]
        + options + (try flags("--cflags", "--libs")) + ["-o", program])
    try #require(run.code == 0, "\(run.errors)")
  }

  /// Runs a program with nothing of this machine's environment but where the library is.
  func run(_ program: String, _ arguments: String...) throws -> HostRun {
    try HostRun(program, arguments, environment: ["LD_LIBRARY_PATH": prefix + "/lib"])
  }
}
