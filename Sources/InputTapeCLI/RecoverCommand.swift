// SPDX-License-Identifier: Apache-2.0
//
// `itape recover`: what is readable of a damaged recording, as a whole one.

import ArgumentParser
import InputTape
import InputTapeInterchange

struct RecoverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover",
    abstract: "Write what is readable of a damaged recording into a new one.",
    discussion: """
      The input stays as it is: a file and the segments beside it, a folder, or - for standard \
      input. The output is one file, and is read back before it gets its name. Where events are \
      missing, gaps of cause unknown say so. Ends with 0 if nothing was missing, with 1 if \
      something was or may be, as the recording was never closed, and says what.

        itape recover broken.itape whole.itape
      """)

  @Argument(help: "The recording to read, or - for standard input.") var input: String
  @Argument(help: "The file to write.") var output: String
  @Option(help: "How much work goes into size.")
  var preset: Preset = .balanced
  @Flag(help: "Print one JSON object that says what was found.") var json = false

  func run() throws {
    guard output != "-" else { throw ValidationError("The output of a recovery is a file") }
    if input != "-", try InputFile.isPart(output, of: input) {
      throw ValidationError("The output is the input, or a part of it")
    }
    let report = try recover()
    if json { try StandardOutput.write(Self.json(report).text) }
    let text =
      "\(input): \(Counted.words(report.eventCount, "event")) recovered into \(output), "
      + Counted.words(report.byteCount, "byte")
    StandardError.write(TerminalText.escape(text) + "\n")
    try CommandFailure.check(report.status, of: input)
  }

  private func recover() throws -> RecoveryReport {
    var options = WriterOptions()
    options.encoding.preset = preset
    var progress = Progress("recovering")
    defer { progress.finish() }
    do {
      return try InputFile.recover(input, to: output, options) { done, total in
        progress.update(done: done, of: total)
      }
    } catch {
      throw CommandFailure(error, in: input)
    }
  }

  private static func json(_ report: RecoveryReport) -> JSONValue {
    .object([
      ("whole", .bool(report.isWhole)),
      ("status", .string(report.status.name)),
      ("events", .integer(Int64(report.eventCount))),
      ("lostEvents", .integer(Int64(report.lostEventCount))),
      ("addedGaps", .integer(Int64(report.addedGapCount))),
      ("byteCount", .unsigned(report.byteCount)),
      ("tornByteCount", .unsigned(report.status.tornByteCount)),
      ("missing", InfoCommand.missing(report.status)),
      ("missingSegments", .array(report.status.missingSegments.map { .unsigned($0) })),
    ])
  }
}
