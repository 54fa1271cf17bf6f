// SPDX-License-Identifier: Apache-2.0
//
// The command as a process that goes on beside the test.

import Foundation

/// A run of the command that has not ended yet.
final class BackgroundCommand {
  private let process = Process()
  private let folder: TemporaryFolder
  /// Where a test can write what the command reads, where it was asked for.
  let input: FileHandle?

  init(
    _ arguments: [String], environment: [String: String] = [:], hasInput: Bool = false
  ) throws {
    folder = try TemporaryFolder()
    for name in ["out", "err"] { try Data().write(to: folder.url.appending(path: name)) }
    process.executableURL = CommandRun.executable
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let pipe = hasInput ? Pipe() : nil
    if let pipe { process.standardInput = pipe } else { process.standardInput = nil }
    input = pipe?.fileHandleForWriting
    process.standardOutput = try FileHandle(forWritingTo: folder.url.appending(path: "out"))
    process.standardError = try FileHandle(forWritingTo: folder.url.appending(path: "err"))
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  var output: String {
    (try? String(contentsOf: folder.url.appending(path: "out"), encoding: .utf8)) ?? ""
  }

  var errors: String {
    (try? String(contentsOf: folder.url.appending(path: "err"), encoding: .utf8)) ?? ""
  }

  var isRunning: Bool { process.isRunning }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits until something is true; false when it does not become so within ten seconds.
  func wait(until isTrue: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<500 {
      if try isTrue() { return true }
      usleep(20_000)
    }
    return try isTrue()
  }

  /// Waits for the end, and gives the exit code.
  func finish() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Memory of the process: what is its own, and what is in memory at all, in bytes.
  var memory: (own: Int, resident: Int)? {
    guard
      let text = try? String(
        contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
    else { return nil }
    func value(_ name: String) -> Int? {
      text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        .flatMap { Int($0.filter(\.isNumber)) }.map { $0 * 1_024 }
    }
    guard let own = value("RssAnon"), let resident = value("VmRSS") else { return nil }
    return (own, resident)
  }

  /// Processor time of the process so far, in seconds.
  var processorSeconds: Double? {
    guard
      let text = try? String(
        contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8),
      let end = text.lastIndex(of: ")")
    else { return nil }
    let words = text[end...].split(separator: " ")
    guard words.count > 13, let user = Double(words[12]), let system = Double(words[13]) else {
      return nil
    }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
