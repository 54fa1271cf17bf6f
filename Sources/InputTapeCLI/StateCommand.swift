// SPDX-License-Identifier: Apache-2.0
//
// `itape state`: what is held and pointed at, at one moment.

import ArgumentParser
import InputTape
import InputTapeInterchange

struct StateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "state",
    abstract: "Show what is held down and pointed at, at a moment of a recording.",
    discussion: """
      The state after all events up to the time. What was held before a gap, or before a part that \
      cannot be read, is uncertain until an event tells.

        itape state session.itape --at 10s
        itape state session.itape --at 1500ms --json
      """)

  @Argument(help: "The recording, or - for standard input.") var file: String
  @Option(parsing: .unconditional, help: "The time, as in 10s; nanoseconds without a unit.")
  var at: TimeArgument
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    let reader = try InputFile.recording(file)
    let state = try reader.state(at: at.nanoseconds)
    let tracks = state.tracks.sorted { $0.key < $1.key }
    if json {
      let value = JSONValue.object([
        ("timeNanoseconds", .integer(at.nanoseconds)),
        ("tracks", .array(tracks.map { Self.json($0.key, $0.value) })),
      ])
      try StandardOutput.write(value.text)
    } else {
      let lines = tracks.map { Self.text($0.key, $0.value) }
      try StandardOutput.write(lines.isEmpty ? "nothing is held\n" : lines.joined())
    }
    try CommandFailure.check(reader.status, of: file)
  }

  // MARK: - JSON

  private static func json(_ track: TrackID, _ state: TrackState) -> JSONValue {
    let gap = state.lastGap.map { gap in
      JSONValue.object([
        ("cause", gap.cause.name.map { .string($0) } ?? .integer(Int64(gap.cause.rawValue))),
        ("count", .integer(gap.count)),
        ("first", .integer(gap.firstTime)), ("last", .integer(gap.lastTime)),
      ])
    }
    return .object(
      [("track", .integer(Int64(track.rawValue)))] + members(state.certain)
        + [("uncertain", .object(members(state.uncertain))), ("gap", gap ?? .null)])
  }

  private static func members(_ state: InputState) -> [(String, JSONValue)] {
    [
      ("keys", .array(state.keys.map { .integer(Int64($0)) })),
      ("buttons", .array(state.buttons.map { .integer(Int64($0)) })),
      ("contacts", .array(state.contacts.map(json))),
      ("position", state.position.map { json($0.x, $0.y) } ?? .null),
      ("pen", state.pen.map { json($0.x, $0.y) } ?? .null),
      (
        "axes",
        .array(
          state.axes.map {
            .object([("axis", .integer(Int64($0.axis))), ("value", .integer(Int64($0.value)))])
          })
      ),
      ("focus", state.focus.map(json) ?? .null),
    ]
  }

  private static func json(_ x: Int32, _ y: Int32) -> JSONValue {
    .object([("x", .integer(Int64(x))), ("y", .integer(Int64(y)))])
  }

  private static func json(_ contact: InputState.Contact) -> JSONValue {
    .object([
      ("contact", .integer(Int64(contact.contact))), ("x", .integer(Int64(contact.x))),
      ("y", .integer(Int64(contact.y))),
      ("pressure", contact.pressure.map { .integer(Int64($0)) } ?? .null),
    ])
  }

  private static func json(_ focus: Focus) -> JSONValue {
    .object([("application", .string(focus.application)), ("title", .string(focus.title))])
  }

  // MARK: - For people

  private static func text(_ track: TrackID, _ state: TrackState) -> String {
    var lines = ["track \(track.rawValue)"]
    lines += things(state.certain).map { "  \($0)" }
    lines += things(state.uncertain).map { "  \($0) (uncertain: a gap came after it)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func things(_ state: InputState) -> [String] {
    var things: [String] = []
    if let position = state.position { things.append("position \(position.x), \(position.y)") }
    things += state.buttons.map { "button \($0) down" }
    things += state.keys.map { "key \($0) down" }
    things += state.contacts.map { "contact \($0.contact) at \($0.x), \($0.y)" }
    if let pen = state.pen { things.append("pen at \(pen.x), \(pen.y)") }
    things += state.axes.map { "axis \($0.axis) at \($0.value)" }
    if let focus = state.focus {
      let (application, title) = (
        TerminalText.escape(focus.application), TerminalText.escape(focus.title)
      )
      things.append("focus on \(application): \(title)")
    }
    return things
  }
}
