// SPDX-License-Identifier: Apache-2.0
//
// `itape cat`: the events of a recording as text.

import ArgumentParser
import InputTape
import InputTapeInterchange

struct CatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cat",
    abstract: "Print the events of a recording.",
    discussion: """
      Events come by time, then by track. Times are nanoseconds, or have a unit: 1500ms, 2m.

        itape cat mouse.itape --from 10s --to 11s
        itape cat mouse.itape --class keyboard --format text
        itape cat mouse.itape --kind button --kind scroll --limit 100
        itape cat live.itape --follow
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case jsonl
    case csv
    case text
  }

  @Argument(help: "The recording, or - for standard input.") var file: String
  @Option(help: "The form of the output.") var format: Format = .jsonl
  @Option(parsing: .unconditional, help: "Events at or after this time, as in 10s.")
  var from: TimeArgument?
  @Option(parsing: .unconditional, help: "Events before this time, as in 1500ms.")
  var to: TimeArgument?
  @Option(help: "Events of this track; may be given more than once.") var track: [UInt16] = []
  @Option(name: .customLong("class"), help: "Events of tracks of this class; may be repeated.")
  var trackClass: [String] = []
  @Option(help: "Events of this kind; may be given more than once.") var kind: [String] = []
  @Option(help: "At most so many events.") var limit: Int?
  @Option(
    help: """
      What damage leads to: strict (nothing is given), tolerateTail or salvage (what is readable \
      is given; damage, or a recording that was never closed, ends with 1).
      """)
  var mode: ReadMode = .tolerateTail
  @Flag(help: "Print what the recording says of itself, too, before its events.")
  var metadata = false

  @Flag(help: "Print events as they are recorded, until the recording is closed.")
  var follow = false
  @Option(help: "With --follow: end, with 1, when nothing has come for this time.")
  var patience: TimeArgument?

  func validate() throws {
    if follow, file == "-" || metadata || mode == .strict {
      throw ValidationError("--follow takes a file, without --metadata and --mode strict")
    }
    if metadata, format == .csv { throw ValidationError("CSV has no place for --metadata") }
    if patience != nil, !follow { throw ValidationError("--patience goes with --follow") }
    for name in trackClass where TrackClass(name: name) == nil {
      throw ValidationError("'\(name)' is no class: \(TrackClass.names.joined(separator: ", "))")
    }
    for name in kind where EventKind(name: name) == nil {
      let kinds = EventKind.known.map(\.name).joined(separator: ", ")
      throw ValidationError("'\(name)' is no kind of event: \(kinds)")
    }
    if let limit, limit < 0 { throw ValidationError("--limit takes 0 or more") }
  }

  private var filter: EventFilter {
    var filter = EventFilter()
    if let from { filter.from = from.nanoseconds }
    filter.to = to?.nanoseconds
    if !track.isEmpty { filter.tracks = Set(track.map { TrackID(rawValue: $0) }) }
    if !trackClass.isEmpty { filter.classes = Set(trackClass.compactMap { TrackClass(name: $0) }) }
    if !kind.isEmpty { filter.kinds = KindSet(kind.compactMap { EventKind(name: $0) }) }
    return filter
  }

  func run() throws {
    if follow { return try runFollowing() }
    let reader = try InputFile.recording(file, mode: mode)
    var output = try makeOutput()
    if metadata || format == .csv {
      try output.write(metadata ? InterchangeHeader(reader) : InterchangeHeader())
    }
    try write(reader, to: &output)
    try CommandFailure.check(reader.status, of: file)
  }

  private func runFollowing() throws {
    var output = try makeOutput()
    if format == .csv { try output.write(InterchangeHeader()) }
    var left = limit ?? .max
    let followed = FollowedOutput(name: file, filter: filter, patience: patience?.nanoseconds)
    try followed.run { group in
      try output.write(group.count > left ? group.prefix(left) : group)
      left -= min(left, group.count)
      return left > 0
    }
  }

  private func makeOutput() throws -> TextOutput {
    let writer: any EventTextWriter =
      switch format {
      case .jsonl: JSONLWriter()
      case .csv: CSVWriter(escapesText: StandardOutput.isTerminal)
      case .text: PeopleTextWriter()
      }
    return try TextOutput(OutputFile("-"), writer: writer)
  }

  private func write(_ reader: borrowing RecordingReader, to output: inout TextOutput) throws {
    var left = limit ?? .max
    guard left > 0 else { return }
    do {
      try reader.forEachGroup(filter, eventsPerGroup: min(8_192, left)) { group in
        let part = group.count > left ? group.prefix(left) : group
        try output.write(part)
        left -= part.count
        if left == 0 { throw LimitReached() }
      }
    } catch is LimitReached {
      return
    } catch let error as FileError {
      throw InputFile.failure(error, file, isStrict: mode == .strict)
    }
  }

  private struct LimitReached: Error {}
}
