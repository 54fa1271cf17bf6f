// SPDX-License-Identifier: Apache-2.0
//
// Which window has the focus, and what of its title is recorded, with and without a window manager.

import Foundation
import InputTape
import Testing

@Suite(
  .serialized,
  .enabled(
    if: XvfbServer.isInstalled && X11Windows.arePossible, "Xvfb or python3 is not installed"))
struct X11FocusTests {
  private let folder: TemporaryFolder
  private let server: XvfbServer
  private let windows: X11Windows

  init() throws {
    folder = try TemporaryFolder()
    server = try XvfbServer()
    windows = try X11Windows(on: server)
  }

  /// What a recording says while windows do what they are told.
  private func record(_ options: [String], _ commands: [String]) throws -> [Event] {
    let path = folder.path("a.itape")
    let run = try BackgroundCommand(
      ["record", "--source", "x11", "--display", server.display, "--purpose", "test"] + options
        + [path])
    #expect(run.wait { FileManager.default.fileExists(atPath: path + ".recording") })
    for command in commands { try windows.tell(command) }
    run.send(SIGTERM)
    #expect(run.finish() == 0, "\(run.errors)")
    var events: [Event] = []
    try RecordingReader(path: path).forEachEvent { events.append($0) }
    return events
  }

  private func focuses(_ events: [Event]) -> [Focus] {
    events.compactMap { event in
      if case .focus(let focus) = event.body { focus } else { nil }
    }
  }

  private static let story = [
    "focus Editor", "title Editor secret.txt", "focus Browser", "title Browser Bank", "nobody",
    "focus Editor",
  ]

  @Test(arguments: [false, true])
  func recordsApplicationsAndNoTitlesUnlessAsked(isManaged: Bool) throws {
    if isManaged { try windows.tell("manage") }
    let events = try record([], Self.story.filter { $0 != "nobody" })
    let found = focuses(events)
    // Nobody has the focus at first; a title that is not recorded leaves no trace.
    #expect(found.map(\.application) == ["", "Editor", "Browser", "Editor"])
    #expect(found.allSatisfy { $0 == Focus(application: $0.application) })
    #expect(!"\(events)".contains("secret") && !"\(events)".contains("Bank"))
  }

  @Test(arguments: [false, true])
  func recordsTitlesWhereThePolicyAllows(isManaged: Bool) throws {
    if isManaged { try windows.tell("manage") }
    let found = focuses(
      try record(["--level", "context=full"], Self.story.filter { $0 != "nobody" }))
    #expect(
      found.map { [$0.application, $0.title] } == [
        ["", ""], ["Editor", "Editor"], ["Editor", "secret.txt"], ["Browser", "Browser"],
        ["Browser", "Bank"], ["Editor", "secret.txt"],
      ])
    #expect(found.dropFirst().allSatisfy { $0.width == 200 && $0.height == 100 })
  }

  @Test func recordsNothingOfWindowsWhereTheyAreOff() throws {
    let events = try record(["--level", "context=off"], Self.story)
    #expect(focuses(events).isEmpty)
    #expect(!"\(events)".contains("Editor") && !"\(events)".contains("secret"))
  }

  @Test(.enabled(if: XvfbServer.program("xdotool") != nil, "xdotool is not installed"))
  func recordsInputOfAllowedApplicationsAlone() throws {
    let path = folder.path("a.itape")
    let run = try BackgroundCommand([
      "record", "--source", "x11", "--display", server.display, "--purpose", "test",
      "--allow-application", "Editor", "--level", "keyboard=full", path,
    ])
    #expect(run.wait { FileManager.default.fileExists(atPath: path + ".recording") })
    for (application, key) in [("Editor", "a"), ("Browser", "b"), ("Editor", "c")] {
      try windows.tell("focus \(application)")
      #expect(try server.run("xdotool", ["key", key]) == 0)
      usleep(100_000)
    }
    run.send(SIGTERM)
    #expect(run.finish() == 0, "\(run.errors)")
    var codes: [UInt32] = []
    var bodies: [Event.Body] = []
    try RecordingReader(path: path).forEachEvent { event in
      bodies.append(event.body)
      if case .key(let code, .down) = event.body { codes.append(code) }
    }
    // Key codes of X11: a and c; b was for another application, and a gap says so.
    #expect(codes == [38, 54])
    #expect(!"\(bodies)".contains("Browser"))
    #expect(
      bodies.contains { if case .gap(let gap) = $0 { gap.cause == .policy } else { false } })
  }
}
