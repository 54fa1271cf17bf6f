// SPDX-License-Identifier: Apache-2.0
//
// What a run of the command cost: memory and processor time, as the system counts them.

import Foundation
import InputTapeTestKit

/// A run of the optimised command where that has been built, else of the one beside these tests.
struct MeasuredRun {
  let code: Int32
  /// Processor time: the same whatever else the machine does.
  let seconds: Double
  /// The most memory that the process had.
  let memoryByteCount: Int
  let text: String

  /// The command that `make build` builds, and whether it is there.
  static let executable: (path: String, isOptimised: Bool) = {
    let path = SampleFiles.folder + "/../.build/release/itape"
    guard FileManager.default.isExecutableFile(atPath: path) else {
      return (CommandRun.executable.path, false)
    }
    return (path, true)
  }()

  /// A process that is started from a small one: a child's peak begins with its parent's. Its
  /// arguments are the command's path and, of each run, where its output goes and its arguments.
  private static let program = """
    import os, sys
    for run in sys.argv[2:]:
        path, *arguments = run.split("\\n")
        out = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        files = [(os.POSIX_SPAWN_DUP2, out, 1), (os.POSIX_SPAWN_DUP2, out, 2)]
        command = [sys.argv[1], *arguments]
        child = os.posix_spawn(command[0], command, os.environ, file_actions=files)
        _, status, used = os.wait4(child, 0)
        os.close(out)
        time = used.ru_utime + used.ru_stime
        print(os.waitstatus_to_exitcode(status), time, used.ru_maxrss * 1024)
    """

  /// Runs the command to its end; nil where there is no Python to measure it.
  init?(_ arguments: String...) throws {
    guard let run = try Self.runs([arguments])?.first else { return nil }
    self = run
  }

  /// Runs the command one time after another; nil where there is no Python to measure it.
  static func runs(_ commands: [[String]]) throws -> [MeasuredRun]? {
    let folder = try TemporaryFolder()
    let outputs = commands.indices.map { folder.path("out\($0)") }
    let measured = try CommandRun(
      URL(filePath: "/usr/bin/env"),
      arguments: ["python3", "-S", "-c", program, executable.path]
        + zip(outputs, commands).map { ([$0] + $1).joined(separator: "\n") })
    let lines = measured.text.split(separator: "\n")
    guard measured.code == 0, lines.count == commands.count else { return nil }
    return try zip(lines, outputs).compactMap { line, output in
      let figures = line.split(separator: " ")
      guard figures.count == 3, let code = Int32(figures[0]), let seconds = Double(figures[1]),
        let memory = Int(figures[2])
      else { return nil }
      // What a hostile file makes a command say may be as long as the file.
      let text = try FileHandle(forReadingFrom: URL(filePath: output)).read(upToCount: 1 << 16)
      return MeasuredRun(
        code: code, seconds: seconds, memoryByteCount: memory,
        text: String(decoding: text ?? Data(), as: UTF8.self))
    }
  }

  private init(code: Int32, seconds: Double, memoryByteCount: Int, text: String) {
    self.code = code
    self.seconds = seconds
    self.memoryByteCount = memoryByteCount
    self.text = text
  }
}
