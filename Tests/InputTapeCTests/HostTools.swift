// SPDX-License-Identifier: Apache-2.0
//
// Programs that the tests of the C library run: compilers, the loader, valgrind.

import Foundation

/// What a program of the system's gave.
struct HostRun {
  let code: Int32
  let output: String
  let errors: String

  /// Runs a program to its end.
  init(
    _ program: String, _ arguments: [String], environment: [String: String]? = nil
  ) throws {
    let folder = try ScratchFolder()
    let (out, err) = (folder.url.appending(path: "out"), folder.url.appending(path: "err"))
    try Data().write(to: out)
    try Data().write(to: err)
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    if let environment { process.environment = environment }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    try process.run()
    process.waitUntilExit()
    code = process.terminationReason == .exit ? process.terminationStatus : -1
    output = String(decoding: try Data(contentsOf: out), as: UTF8.self)
    errors = String(decoding: try Data(contentsOf: err), as: UTF8.self)
  }
}

/// A folder that goes when nobody refers to it any more.
final class ScratchFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "itape-c-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }
}

/// Where programs are.
enum HostTools {
  /// The first of these names that is in the path.
  static func find(_ names: String...) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    for name in names {
      for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)")
      {
        return "\(folder)/\(name)"
      }
    }
    return nil
  }

  static let c = find("cc", "gcc", "clang")
  static let cxx = find("c++", "g++", "clang++")
  /// Python, where it has what reading columns needs.
  static let pythonWithNumbers = find("python3").flatMap { python in
    let run = try? HostRun(python, ["-c", "import numpy"])
    return run?.code == 0 ? python : nil
  }
  static let rust = find("rustc")
  static let valgrind = find("valgrind")
  static let packageConfig = find("pkg-config")
}
