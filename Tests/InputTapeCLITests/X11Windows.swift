// SPDX-License-Identifier: Apache-2.0
//
// Windows of other programs, for tests of what is recorded of them.

import Foundation

/// Two applications, `Editor` and `Browser`, on a display.
final class X11Windows {
  private let process = Process()
  private let commands = Pipe()
  private let answers = Pipe()

  private static let program = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Programs/x11_windows.py")

  /// Whether the windows can be made here.
  static var arePossible: Bool { XvfbServer.program("python3") != nil }

  init(on server: XvfbServer) throws {
    process.executableURL = URL(filePath: XvfbServer.program("python3") ?? "/usr/bin/python3")
    process.arguments = [Self.program.path]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["DISPLAY": server.display]
    ) { $1 }
    process.standardInput = commands
    process.standardOutput = answers
    try process.run()
    wait()
  }

  deinit {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Waits for a line of the program's.
  private func wait() { _ = answers.fileHandleForReading.availableData }

  /// Does something, and gives who looks now and then time to see it.
  func tell(_ command: String) throws {
    try commands.fileHandleForWriting.write(contentsOf: Data((command + "\n").utf8))
    wait()
    usleep(500_000)
  }
}
