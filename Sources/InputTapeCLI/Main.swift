// SPDX-License-Identifier: Apache-2.0
//
// The command `itape`: its subcommands, and what its exit codes mean (Specs/Errors.md).

import ArgumentParser
import InputTape

@main
struct ITape: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "itape",
    abstract: "Records of human input: record, convert, show, check, play.",
    discussion: """
      Exit codes: 0 fine, 1 damage or loss was found or the recording was never closed (what is \
      readable is still given), 64 wrong usage, 65 the input is not a recording or not readable \
      text, 74 the system refused.
      """,
    version: "itape 0.1.0 (format \(FormatVersion.text))",
    subcommands: [
      ConvertCommand.self, CatCommand.self, InfoCommand.self, StateCommand.self, VerifyCommand.self,
      RecoverCommand.self, RecordCommand.self, ReplayCommand.self, BenchCommand.self,
    ])

  static func main() {
    _ = signalsIgnored
    // Loading its libraries has touched more of them than a recorder has memory for.
    if CommandLine.arguments.dropFirst().first == "record" { ResidentMemory.release() }
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as CommandFailure {
      if !failure.message.isEmpty { StandardError.write("itape: \(failure.message)\n") }
      exit(withError: ExitCode(failure.code))
    } catch let error as FileError {
      let failure = CommandFailure(error)
      StandardError.write("itape: \(failure.message)\n")
      exit(withError: ExitCode(failure.code))
    } catch {
      exit(withError: error)
    }
  }
}
