// SPDX-License-Identifier: Apache-2.0
//
// An X server without a screen, for one test.

import Foundation

/// An X server that ends with the test.
final class XvfbServer {
  /// Its name, as in `:99`.
  let display: String
  private let process = Process()

  /// The path of a program of the system; nil where it is not installed.
  static func program(_ name: String) -> String? {
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  /// Whether the tests that need X can run here.
  static var isInstalled: Bool { program("Xvfb") != nil }

  init() throws {
    let folder = try TemporaryFolder()
    let log = folder.path("display")
    try Data().write(to: URL(filePath: log))
    // The server chooses a free display and writes its number to standard output.
    process.executableURL = URL(filePath: Self.program("Xvfb") ?? "/usr/bin/Xvfb")
    process.arguments = ["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: log))
    process.standardError = FileHandle.nullDevice
    try process.run()
    var number = ""
    for _ in 0..<1_000 where !number.hasSuffix("\n") {
      usleep(20_000)
      number = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    }
    display = ":" + number.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  deinit {
    // The threads that tests run in block signals, and programs inherit that.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    for path in ["/tmp/.X\(display.dropFirst())-lock", "/tmp/.X11-unix/X\(display.dropFirst())"] {
      unlink(path)
    }
  }

  /// Runs a program of the system on the display.
  func run(_ name: String, _ arguments: [String]) throws -> Int32 {
    let tool = Process()
    tool.executableURL = URL(filePath: Self.program(name) ?? name)
    tool.arguments = arguments
    tool.environment = ProcessInfo.processInfo.environment.merging(["DISPLAY": display]) { $1 }
    try tool.run()
    tool.waitUntilExit()
    return tool.terminationStatus
  }
}
