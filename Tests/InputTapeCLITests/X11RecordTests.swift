// SPDX-License-Identifier: Apache-2.0
//
// A real X server: what is injected is what is recorded.
//
// ITAPE_X11_SECONDS sets how long the long one goes on: 5, or 30 as the project promises.

import Foundation
import InputTape
import Testing

@Suite(.serialized, .enabled(if: XvfbServer.isInstalled, "Xvfb is not installed"))
struct X11RecordTests {
  private let folder: TemporaryFolder
  private let server: XvfbServer

  init() throws {
    folder = try TemporaryFolder()
    server = try XvfbServer()
  }

  private func record(_ path: String, _ options: String...) throws -> BackgroundCommand {
    let run = try BackgroundCommand(
      ["record", "--source", "x11", "--display", server.display, "--purpose", "test"] + options
        + [path])
    #expect(run.wait { FileManager.default.fileExists(atPath: path + ".recording") })
    return run
  }

  /// Events of the raw pointer and of the keyboard: relative motion, clicks, the wheel, keys.
  private func injected(seconds: Int) -> [Event] {
    let keyboard = TrackID(rawValue: 1)
    return (0..<seconds * 1_000).map { number in
      let time = Int64(number) * 1_000_000
      let body: Event.Body =
        switch number % 20 {
        case 5: .button(button: 1, state: .down)
        case 6: .button(button: 1, state: .up)
        case 10: .key(code: 38, state: .down)
        case 11: .key(code: 38, state: .up)
        case 15: .scroll(dx: 0, dy: number % 40 == 15 ? 120 : -120, phase: nil)
        case 16: .scroll(dx: 120, dy: 0, phase: nil)
        // No step of nothing: the server would not tell of it.
        default: .rawMotion(dx: Int32(number % 7) - 3, dy: number % 2 == 0 ? 2 : -1)
        }
      let track = if case .key = body { keyboard } else { TrackID.first }
      return Event(time: time, track: track, body: body)
    }
  }

  /// The events of a class in the order of the recording, without those that say where things are.
  private func input(_ events: [Event], keys: Bool) -> [Event.Body] {
    events.map(\.body).filter { body in
      switch body {
      case .key: keys
      case .rawMotion, .button, .scroll: !keys
      default: false
      }
    }
  }

  @Test func recordsEveryInjectedEvent() throws {
    let seconds = ProcessInfo.processInfo.environment["ITAPE_X11_SECONDS"].flatMap(Int.init) ?? 5
    let (script, path) = (folder.path("script.itape"), folder.path("a.itape"))
    let expected = injected(seconds: seconds)
    let writer = try RecordingWriter(path: script)
    writer.setTrack(Track(id: TrackID(rawValue: 1), class: .keyboard, codeSpace: "x11"))
    for event in expected { writer.append(event) }
    try writer.finish()
    let run = try record(path, "--level", "keyboard=full")
    let replay = try CommandRun("replay", "--to", "x11", "--display", server.display, script)
    #expect(replay.code == 0, "\(replay.errors)")
    usleep(300_000)
    run.send(SIGTERM)
    #expect(run.finish() == 0, "\(run.errors)")

    var found: [Event] = []
    try RecordingReader(path: path).forEachEvent { found.append($0) }
    for keys in [false, true] {
      #expect(input(found, keys: keys) == input(expected, keys: keys))
    }
    #expect(zip(found, found.dropFirst()).allSatisfy { $0.time <= $1.time })
    for track in Set(found.map(\.track)) {
      let times = found.filter { $0.track == track }.map(\.time)
      #expect(zip(times, times.dropFirst()).allSatisfy(<=))
    }
    let shown = try CommandRun("cat", path).text.split(separator: "\n").filter { line in
      ["rawMotion", "button", "scroll", "key"].contains { line.contains("\"kind\":\"\($0)\"") }
    }
    #expect(shown.count == expected.count)
    print("X11: \(expected.count) events injected in \(seconds) s, \(shown.count) recorded")
  }

  @Test(.enabled(if: XvfbServer.program("xdotool") != nil, "xdotool is not installed"))
  func recordsWhatAnotherProgramInjects() throws {
    let path = folder.path("a.itape")
    let run = try record(path)
    let status = try server.run(
      "xdotool",
      [
        "mousemove", "100", "200", "mousemove_relative", "5", "7", "click", "1", "click", "4",
        "click", "3", "key", "a",
      ])
    #expect(status == 0)
    usleep(300_000)
    run.send(SIGINT)
    #expect(run.finish() == 0)
    var bodies: [Event.Body] = []
    try RecordingReader(path: path).forEachEvent { bodies.append($0.body) }
    #expect(bodies.contains(.motion(x: 100, y: 200)))
    #expect(bodies.contains(.motion(x: 105, y: 207)))
    #expect(bodies.contains(.rawMotion(dx: 5, dy: 7)))
    #expect(bodies.contains(.scroll(dx: 0, dy: 120, phase: nil)))
    for state in [ButtonState.down, .up] {
      for button in [Int32(1), 3] {
        #expect(bodies.contains(.button(button: button, state: state)))
      }
    }
    // Which key it was is not recorded unless asked for.
    #expect(bodies.contains(.key(code: 0, state: .down)))
    #expect(!bodies.contains { if case .key(let code, _) = $0 { code != 0 } else { false } })
  }

  @Test func saysThatThereIsNoDisplay() throws {
    let path = folder.path("a.itape")
    let run = try CommandRun(
      "record", "--source", "x11", "--display", ":9999", "--purpose", "test", path)
    #expect(run.code == 74)
    #expect(run.errors.contains(":9999"))
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
