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

  /// A process that is started from a small one: a child's peak begins with its parent's.
  private static let program = """
    import os, sys
    out = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    files = [(os.POSIX_SPAWN_DUP2, out, 1), (os.POSIX_SPAWN_DUP2, out, 2)]
    child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ, file_actions=files)
    _, status, used = os.wait4(child, 0)
    print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)
    """

  /// Runs the command to its end; nil where there is no Python to measure it.
  init?(_ arguments: String...) throws {
    let folder = try TemporaryFolder()
    let output = folder.path("out")
    let run = try CommandRun(
      URL(filePath: "/usr/bin/env"),
      arguments: ["python3", "-S", "-c", Self.program, output, Self.executable.path] + arguments)
    let figures = run.text.split(whereSeparator: \.isWhitespace)
    guard run.code == 0, figures.count == 3, let code = Int32(figures[0]),
      let seconds = Double(figures[1]), let memory = Int(figures[2])
    else { return nil }
    self.code = code
    self.seconds = seconds
    memoryByteCount = memory
    text = try String(contentsOfFile: output, encoding: .utf8)
  }
}
