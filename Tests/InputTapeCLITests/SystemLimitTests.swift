// SPDX-License-Identifier: Apache-2.0
//
// The command where the system grants it little: files that may not grow, no more threads.

import Foundation
import InputTape
import Testing

@Suite struct SystemLimitTests {
  private static let lines: Data = {
    var text = ""
    for number in 1...4_000 {
      let (x, y) = (number * 7_919 % 1_021, number * 104_729 % 769)
      text += #"{"t":\#(number)000000,"device":0,"kind":"motion","x":\#(x),"y":\#(y)}"# + "\n"
    }
    return Data(text.utf8)
  }()

  /// Converts lines of JSON under a limit of the shell's.
  private func convert(
    _ limit: String, to path: String, _ arguments: String...
  ) throws -> CommandRun {
    let words = ["'\(CommandRun.executable.path)'", "convert - '\(path)' --from jsonl"] + arguments
    return try CommandRun(
      URL(filePath: "/bin/bash"),
      arguments: ["-c", "ulimit \(limit) && exec \(words.joined(separator: " "))"],
      input: Self.lines)
  }

  @Test func aFileThatMayNotGrowIsFollowedByOthers() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.itape")
    let run = try convert(
      "-f 4", to: path, "--flush-interval 50ms", "--block-events 250")
    #expect(run.code == 0, "\(run.errors)")
    let reader = try RecordingReader(path: path)
    #expect(reader.segmentCount > 1 && reader.eventCount == 4_000 && reader.status.isComplete)
    let sizes = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).map {
      try FileManager.default.attributesOfItem(atPath: folder.path($0))[.size] as? Int ?? 0
    }
    #expect(sizes.allSatisfy { $0 <= 4_096 }, "\(sizes)")
    print("4,000 events in files of at most 4 KiB: \(sizes)")
  }

  @Test func oneFileThatMayNotGrowIsAnErrorAndNoSignal() throws {
    let folder = try TemporaryFolder()
    let run = try convert("-f 1", to: folder.path("b.itape"))
    #expect(run.code == 74)
    #expect(run.errors == "itape: cannot write \(folder.path("b.itape")): File too large\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }

  @Test func aRecoveryWhoseOutputMayNotGrowNamesTheOutput() throws {
    let folder = try TemporaryFolder()
    let (input, output) = (folder.path("a.itape"), folder.path("b.itape"))
    #expect(try convert("-f 64", to: input).code == 0)
    let run = try CommandRun(
      URL(filePath: "/bin/bash"),
      arguments: [
        "-c", "ulimit -f 1 && exec \"$0\" recover \"$@\"", CommandRun.executable.path, input,
        output,
      ])
    #expect(run.code == 74)
    #expect(run.errors == "itape: cannot write \(output): File too large\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["a.itape"])
  }

  /// Root may lock memory whatever the limit is, unless it gives that up.
  @Test(.enabled(if: geteuid() != 0 || XvfbServer.program("setpriv") != nil, "needs setpriv"))
  func memoryThatMayNotBeLockedLeavesNothingBehind() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("c.itape")
    let program = geteuid() == 0 ? "setpriv --bounding-set -ipc_lock --inh-caps -ipc_lock" : ""
    let run = try CommandRun(
      URL(filePath: "/bin/bash"),
      arguments: [
        "-c", "ulimit -l 0 && exec \(program) \"$@\"", "bash", CommandRun.executable.path, "record",
        "--source", "stdin", "--purpose", "test", "--lock-memory", path,
      ])
    #expect(run.code == 74 && run.errors.contains("cannot lock memory"), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
