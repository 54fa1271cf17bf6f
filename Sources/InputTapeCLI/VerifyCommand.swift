// SPDX-License-Identifier: Apache-2.0
//
// `itape verify`: every check there is.

import ArgumentParser
import InputTape
import InputTapeInterchange

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check every byte of a recording.",
    discussion: """
      Checks every checksum, decodes every column, computes the state keyframes again and compares \
      the index with a scan. Ends with 0 if all is well, with 1 if something is damaged, missing \
      or was never closed.
      """)

  @Argument(help: "Recordings, or - for standard input.") var files: [String]
  @Flag(help: "Print a JSON object for each.") var json = false

  func run() throws { try CommandFailure.forEach(files, verify) }

  private func verify(_ file: String) throws {
    var progress = Progress("verifying")
    let report: VerifyReport
    do {
      report = try InputFile.verify(file) { done, total in
        progress.update(done: done, of: total)
      }
    } catch {
      progress.finish()
      throw CommandFailure(error, in: file)
    }
    progress.finish()
    let name = CommandFailure.title(file)
    let text = json ? Self.json(report, name: file).text : Self.text(report, name: name)
    try StandardOutput.write(text)
    if !report.isSound {
      let isShown = !json && StandardOutput.isTerminal
      throw CommandFailure(
        code: CommandFailure.loss, isShown ? "" : "\(name): \(Self.verdict(report))")
    }
  }

  private static func text(_ report: VerifyReport, name: String) -> String {
    var lines = report.problems.map {
      TerminalText.escape("\(name): \($0.error): \($0.message)")
    }
    let records = Counted.words(report.recordCount, "record")
    lines.append(
      TerminalText.escape(
        "\(name): \(verdict(report)): \(Counted.words(report.eventCount, "event")) in "
          + "\(Counted.words(report.sectionCount, "section")) of \(records), "
          + Counted.words(report.byteCount, "byte")))
    return lines.joined(separator: "\n") + "\n"
  }

  private static func verdict(_ report: VerifyReport) -> String {
    if report.isSound { return "sound" }
    let count = report.problemCount
    return count == 0 ? report.status.sentence : Counted.words(count, "problem")
  }

  private static func json(_ report: VerifyReport, name: String) -> JSONValue {
    .object([
      ("file", .string(name)),
      ("sound", .bool(report.isSound)),
      ("status", .string(report.status.name)),
      ("complete", .bool(report.status.isComplete)),
      ("events", .integer(Int64(report.eventCount))),
      ("sections", .integer(Int64(report.sectionCount))),
      ("records", .integer(Int64(report.recordCount))),
      ("segments", .integer(Int64(report.segmentCount))),
      ("byteCount", .unsigned(report.byteCount)),
      ("indexCompared", .bool(report.comparedIndex)),
      ("tornByteCount", .unsigned(report.status.tornByteCount)),
      ("missing", InfoCommand.missing(report.status)),
      ("problemCount", .integer(Int64(report.problemCount))),
      (
        "problems",
        .array(
          report.problems.map {
            .object([
              ("code", .integer(Int64($0.error.code.rawValue))),
              ("error", .string("\($0.error.code)")),
              ("segment", .unsigned($0.segment)),
              ("record", $0.record.map { .unsigned($0) } ?? .null),
              ("position", .unsigned($0.error.position)),
              ("expected", .string($0.expected)),
              ("found", .string($0.found)),
              ("message", .string($0.message)),
            ])
          })
      ),
    ])
  }
}
