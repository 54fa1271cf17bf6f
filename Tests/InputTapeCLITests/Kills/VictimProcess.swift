// SPDX-License-Identifier: Apache-2.0
//
// A process that is started to be killed.

import Foundation
import InputTape

/// A process, its output as it comes, and its end by `kill -9`.
final class VictimProcess {
  private let process = Process()
  private let pipe = Pipe()
  private var output = Data()

  /// A program that was built beside these tests.
  init(_ name: String, _ arguments: [String], input: Pipe? = nil) throws {
    process.executableURL =
      CommandRun.executable.deletingLastPathComponent().appending(path: name)
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = input ?? FileHandle.nullDevice
    // A victim that is gone ends a write with an error, not this process with a signal.
    _ = signal(SIGPIPE, SIG_IGN)
    try process.run()
    try pipe.fileHandleForWriting.close()
  }

  /// Reads until there are so many lines, or the end.
  func wait(lineCount: Int) {
    while lines.count < lineCount {
      let more = pipe.fileHandleForReading.availableData
      if more.isEmpty { return }
      output += more
    }
  }

  /// Kills it.
  ///
  /// - Returns: whether it was still running.
  @discardableResult
  func kill() throws -> Bool {
    Foundation.kill(process.processIdentifier, SIGKILL)
    output += try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal
  }

  /// Whole lines of output so far.
  var lines: [Substring] {
    let text = String(decoding: output, as: UTF8.self)
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
  }
}
