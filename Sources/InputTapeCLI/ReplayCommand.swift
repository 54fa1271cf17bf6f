// SPDX-License-Identifier: Apache-2.0
//
// `itape replay`: a recording again, in its own time or faster.

import ArgumentParser
import InputTape
import InputTapeCapture
import InputTapeInterchange

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Play a recording again, in its own time.",
    discussion: """
      To standard output as JSON lines, to an X11 display (XTEST), or to the kernel (uinput). Keys \
      are played where the recording has their codes.

        itape replay session.itape | other-program
        itape replay --to x11 --speed 2 session.itape
        itape replay --speed max session.itape >session.jsonl
      """)

  enum Target: String, ExpressibleByArgument, CaseIterable {
    case jsonl
    case x11
    case uinput
  }

  @Argument(help: "The recording, or - for standard input.") var file: String
  @Option(help: "Where to.") var to: Target = .jsonl
  @Option(help: "How much faster than recorded, as in 2 or 0.5; max waits for nothing.")
  var speed: SpeedArgument = SpeedArgument(factor: 1)
  @Option(parsing: .unconditional, help: "Events at or after this time, as in 10s.")
  var from: TimeArgument?
  @Option(parsing: .unconditional, help: "Events before this time.")
  var until: TimeArgument?
  @Option(help: "Events of this track; may be given more than once.") var track: [UInt16] = []
  @Option(help: "x11: the display, as in :0; that of the environment otherwise.")
  var display: String?

  func run() throws {
    let reader = try InputFile.recording(file)
    var filter = EventFilter()
    if let from { filter.from = from.nanoseconds }
    filter.to = until?.nanoseconds
    if !track.isEmpty { filter.tracks = Set(track.map { TrackID(rawValue: $0) }) }
    let control = try RecordSignals.control()
    RecordSignals.install(.none)
    var pace = ReplayPace(speed: speed.factor, control: control)
    do {
      if let target = try makeTarget(reader.tracks) {
        try play(reader, filter, to: target, &pace)
      } else {
        try print(reader, filter, &pace)
      }
    } catch let error as CaptureError {
      throw CommandFailure(error)
    }
    try CommandFailure.check(reader.status, of: file)
  }

  private func makeTarget(_ tracks: [Track]) throws(CaptureError) -> (any ReplayTarget)? {
    switch to {
    case .jsonl: nil
    case .x11: try X11Target(display: display, tracks: tracks)
    case .uinput: try UinputTarget(tracks: tracks)
    }
  }

  private func play(
    _ reader: borrowing RecordingReader, _ filter: EventFilter, to target: any ReplayTarget,
    _ pace: inout ReplayPace
  ) throws {
    var passed = 0
    var isStopped = false
    try reader.forEachGroup(filter, eventsPerGroup: 512) { group in
      try group.forEachEvent { event in
        guard !isStopped else { return }
        if !pace.isDue(event.time) {
          try target.flush()
          isStopped = !pace.wait(for: event.time)
          if isStopped { return }
        }
        if try !target.play(event) { passed += 1 }
      }
    }
    try target.finish()
    if passed > 0 {
      StandardError.say("\(Counted.words(passed, "event")) cannot be played there")
    }
  }

  private func print(
    _ reader: borrowing RecordingReader, _ filter: EventFilter, _ pace: inout ReplayPace
  ) throws {
    var output = try TextOutput(OutputFile("-"), writer: JSONLWriter())
    var isStopped = false
    var due = EventGroup()
    try reader.forEachGroup(filter, eventsPerGroup: pace.isImmediate ? 8_192 : 512) { group in
      if pace.isImmediate { return try output.write(group) }
      try group.forEachEvent { event in
        guard !isStopped else { return }
        if !pace.isDue(event.time) {
          try output.write(due)
          due.removeAll()
          isStopped = !pace.wait(for: event.time)
        }
        if !isStopped { due.append(event) }
      }
      try output.write(due)
      due.removeAll()
    }
  }
}

/// How fast a recording is played.
struct SpeedArgument: ExpressibleByArgument {
  let factor: Double

  init(factor: Double) { self.factor = factor }

  init?(argument: String) {
    if argument == "max" {
      factor = .infinity
    } else {
      guard let value = Double(argument), value.isFinite, value > 0 else { return nil }
      factor = value
    }
  }

  var defaultValueDescription: String { "1" }
}

/// Waits for the times of a recording.
struct ReplayPace {
  private let speed: Double
  private let control: SessionControl
  private var first: Int64?
  private var start: Int64 = 0

  init(speed: Double, control: SessionControl) {
    self.speed = speed
    self.control = control
  }

  var isImmediate: Bool { speed == .infinity }

  private mutating func dueTime(_ time: Int64) -> Int64 {
    if first == nil {
      first = time
      start = MonotonicClock.now()
    }
    let (difference, overflow) = time.subtractingReportingOverflow(first ?? time)
    let wait = Double(overflow ? 0 : difference) / speed
    return start + (wait < 1e18 ? Int64(max(wait, 0)) : 1 << 60)
  }

  mutating func isDue(_ time: Int64) -> Bool { dueTime(time) <= MonotonicClock.now() }

  /// Waits until it is time; false when somebody has said stop.
  mutating func wait(for time: Int64) -> Bool {
    let due = dueTime(time)
    return control.wait(until: due)
  }
}
