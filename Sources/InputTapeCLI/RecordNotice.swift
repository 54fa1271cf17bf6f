// SPDX-License-Identifier: Apache-2.0
//
// What is recorded and what is not, in words, before anything is.

import InputTape
import InputTapeCapture
import InputTapeInterchange

/// What the person who is recorded is told.
struct RecordNotice {
  let output: String
  let sources: [any CaptureSource]
  let policy: CapturePolicy
  let consent: ConsentOptions
  let pauseSignal: PauseSignal

  private static let things: [(TrackClass, String)] = [
    (.pointer, "pointer motion, buttons, scrolling"), (.keyboard, "keys"), (.text, "text"),
    (.context, "windows and applications"), (.touch, "touch"), (.pen, "pen"),
    (.gamepad, "gamepads"), (.custom, "other events"),
  ]

  /// Lines for a terminal.
  var text: String {
    var lines = ["itape record begins to record"]
    func add(_ label: String, _ values: [String]) {
      for (index, value) in values.enumerated() {
        let head = index == 0 ? label : ""
        lines.append("  \(head)\(String(repeating: " ", count: 14 - head.count))\(value)")
      }
    }
    add("from", sources.flatMap(\.summary))
    add("recorded", Self.things.compactMap { recorded($0.1, level($0.0), $0.0) })
    add("not recorded", Self.things.flatMap { missing($0.1, level($0.0), $0.0) })
    add("rounded", grids)
    if let applications = policy.applications {
      add("only in", applications.sorted())
    }
    add("purpose", [consent.purpose, consent.basis.map { "basis: \($0)" }].compactMap { $0 })
    add("subject", [consent.subject].compactMap { $0 })
    add("delete after", [consent.deleteAfter?.text].compactMap { $0 })
    add("written to", [output])
    add("to stop", ["Ctrl-C, or kill \(SystemFiles.processID)"])
    if pauseSignal != .none {
      let name = pauseSignal.rawValue.uppercased()
      add("to pause", ["kill -\(name) \(SystemFiles.processID), and again to go on"])
    }
    return lines.map { TerminalText.escape($0) + "\n" }.joined()
  }

  /// How much comes of a class: nothing where no source has it.
  private func level(_ trackClass: TrackClass) -> CapturePolicy.Level {
    sources.contains { $0.classes.contains(trackClass) } ? policy[trackClass] : .off
  }

  private func recorded(
    _ thing: String, _ level: CapturePolicy.Level, _ trackClass: TrackClass
  ) -> String? {
    switch level {
    case .off: nil
    case .count: "\(thing): how many in each ten seconds"
    case .timing: "\(thing): when, without content"
    case .class:
      switch trackClass {
      case .keyboard: "\(thing): when, and which sort of key"
      case .context: "\(thing): the application's name, no title"
      case .pointer, .gamepad: "\(thing): when, and which button; no positions"
      default: "\(thing): when, without content"
      }
    case .full: "\(thing): everything"
    }
  }

  private func missing(
    _ thing: String, _ level: CapturePolicy.Level, _ trackClass: TrackClass
  ) -> [String] {
    if level == .off { return [thing] }
    if level == .full { return [] }
    switch trackClass {
    case .keyboard: return ["which keys"]
    case .text: return ["what the text says"]
    case .context: return level == .class ? ["window titles"] : ["applications", "window titles"]
    default: return []
    }
  }

  private var grids: [String] {
    var lines: [String] = []
    if policy.timeGridNanoseconds > 1 {
      lines.append("times, to \(policy.timeGridNanoseconds) ns")
    }
    if policy.coordinateGrid > 1 { lines.append("positions, to \(policy.coordinateGrid)") }
    return lines
  }
}
