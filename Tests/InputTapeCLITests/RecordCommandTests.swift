// SPDX-License-Identifier: Apache-2.0
//
// `itape record` as people and programs run it: purpose, policy, pause, kill -9, how much it costs.

import Foundation
import InputTape
import Testing

@Suite(.serialized) struct RecordCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    signal(SIGPIPE, SIG_IGN)
  }

  private func events(_ path: String) throws -> [Event] {
    var events: [Event] = []
    try RecordingReader(path: path).forEachEvent { events.append($0) }
    return events
  }

  private func steps(_ events: [Event]) -> [[Int32]] {
    events.compactMap { event in
      if case .rawMotion(let dx, let dy) = event.body { return [dx, dy] }
      return nil
    }
  }

  private func fifo() throws -> String {
    let path = folder.path("fifo")
    #expect(mkfifo(path, 0o600) == 0)
    return path
  }

  @Test(arguments: [[], ["--purpose", " "]])
  func recordsNothingWithoutAPurpose(_ arguments: [String]) throws {
    let path = folder.path("a.itape")
    let run = try BackgroundCommand(["record", "--source", "stdin", path] + arguments)
    #expect(run.finish() == 64)
    #expect(run.errors.contains("purpose"))
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test(arguments: [
    ["--level", "keyboard"], ["--level", "keyboard=some"], ["--level", "nobody=off"],
    ["--time-grid", "0"], ["--coordinate-grid", "0"], ["--allow-application", "a"],
    ["--device", "x"], ["--source", "x11"], ["--flush-interval", "0"], ["--duration", "0"],
    ["--flush-interval", "1"], ["--duration", "5"], ["--rotate", "100"],
    ["--delete-after", "soon"],
  ])
  func refusesWhatMakesNoSense(_ arguments: [String]) throws {
    let run = try CommandRun(
      arguments: ["record", "--source", "stdin", "--purpose", "test"] + arguments
        + [folder.path("a.itape")])
    #expect(run.code == 64)
  }

  @Test func makesAFileAndNoStream() throws {
    let run = try CommandRun("record", "--source", "stdin", "--purpose", "t", "-")
    #expect(run.code == 64 && run.errors.contains("whose name is not -"), "\(run.errors)")
  }

  @Test func saysWhyASourceIsNotThere() throws {
    let path = folder.path("a.itape")
    let run = try CommandRun(
      arguments: [
        "record", "--source", "evdev", "--device", folder.path("none"), "--purpose", "t", path,
      ])
    #expect(run.code == 74)
    #expect(run.errors.contains("itape: nothing was recorded: cannot open "), "\(run.errors)")
    #expect(run.errors.contains("No such file"))
    // Devices tell nothing of windows, whatever the policy would let through.
    #expect(run.errors.contains(" gamepads: everything\n  not recorded  which keys\n"))
    #expect(run.errors.contains("                windows and applications\n"), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test(arguments: ["there.itape", "nowhere/a.itape"])
  func doesNotBeginWhereItCannotWrite(_ name: String) throws {
    let path = folder.path("there.itape")
    try Data("other".utf8).write(to: URL(filePath: path))
    let run = try CommandRun(
      "record", "--source", "stdin", "--purpose", "t", folder.path(name))
    #expect(run.code == 74)
    #expect(run.errors.hasPrefix("itape: cannot create \(folder.path(name)): "), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(try Data(contentsOf: URL(filePath: path)) == Data("other".utf8))
  }

  @Test func takesLinesOfJSONUnderAPolicy() throws {
    let path = folder.path("a.itape")
    let lines = """
      {"t":1000,"device":0,"kind":"motion","x":1,"y":2}
      {"t":2000,"device":1,"kind":"key","code":30,"state":"down"}
      {"t":3000,"device":1,"kind":"key","code":30,"state":"up"}
      {"t":4000,"device":2,"kind":"text","text":"secret"}

      """
    let arguments = ["record", "--source", "stdin", "--purpose", "test", "--json"]
    let run = try CommandRun(arguments: arguments + [path], input: Data(lines.utf8))
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.text.contains("\"withheldEvents\": 1"))
    #expect(run.errors.contains("not recorded"))
    let text = try CommandRun("cat", "--metadata", path).text
    #expect(text.contains(#"{"t":1000,"device":0,"kind":"motion","x":1,"y":2}"#))
    #expect(text.contains(#"{"t":2000,"device":1,"kind":"key","code":0,"state":"down"}"#))
    #expect(text.contains(#""cause":"policy""#))
    #expect(!text.contains("secret"))
    #expect(!FileManager.default.fileExists(atPath: path + ".recording"))
    let full = folder.path("b.itape")
    let again = try CommandRun(
      arguments: arguments + ["--level", "all=full", full], input: Data(lines.utf8))
    #expect(again.code == 0)
    let kept = try CommandRun("cat", full).text
    for line in lines.split(separator: "\n") { #expect(kept.contains(line)) }
  }

  /// Who records anew what was recorded before does not lose when it must be deleted.
  @Test func keepsWhatLinesSayOfARecording() throws {
    let path = folder.path("a.itape")
    let lines = """
      {"kind":"recording","metadata":{"deleteAfter":"2999-01-31","purpose":"old"}}
      {"kind":"track","id":4,"class":"pen","name":"a pen"}
      {"kind":"recording","metadata":{"subject":"p7","policy.text":"full"}}
      {"kind":"recording","metadata":{"deleteAfter":"3000-01-01"}}
      {"t":1,"device":4,"kind":"motion","x":1,"y":2}

      """
    let run = try CommandRun(
      "record", "--source", "stdin", "--purpose", "new", path, input: Data(lines.utf8))
    #expect(run.code == 0, "\(run.errors)")
    let metadata = try RecordingReader(path: path).metadata
    #expect(metadata["purpose"] == "new" && metadata["policy.text"] == "off")
    #expect(metadata["subject"] == "p7" && metadata["deleteAfter"] == "2999-01-31")
    #expect(metadata.track(TrackID(rawValue: 4))?.name == "a pen")
  }

  @Test func keepsWhatCameBeforeALineThatIsWrong() throws {
    let path = folder.path("a.itape")
    let lines = "{\"t\":1,\"device\":0,\"kind\":\"motion\",\"x\":1,\"y\":2}\nnonsense\n"
    let run = try CommandRun(
      arguments: ["record", "--source", "stdin", "--purpose", "test", path],
      input: Data(lines.utf8))
    #expect(run.code == 65)
    #expect(run.errors.contains("line 2"))
    #expect(try events(path).contains { $0.body == .motion(x: 1, y: 2) })
  }

  @Test func goesOnInAnotherFile() throws {
    let path = folder.path("a.itape")
    let run = try BackgroundCommand(
      ["record", "--source", "stdin", "--purpose", "test", "--rotate", "200ms", path],
      hasInput: true)
    for number in 0..<8 {
      let line = "{\"t\":\(number),\"device\":0,\"kind\":\"motion\",\"x\":\(number),\"y\":0}\n"
      try run.input?.write(contentsOf: Data(line.utf8))
      usleep(250_000)
    }
    try run.input?.close()
    #expect(run.finish() == 0, "\(run.errors)")
    #expect(run.errors.contains("goes on in"))
    #expect(FileManager.default.fileExists(atPath: folder.path("a.0001.itape")))
    let places = try events(path).compactMap { event -> Int32? in
      if case .motion(let x, _) = event.body { x } else { nil }
    }
    #expect(places == Array(0..<8))
  }

  private static let mouseSeconds =
    ProcessInfo.processInfo.environment["ITAPE_MOUSE_SECONDS"].flatMap(Int.init)

  @Test func losesNothingOfAFastMouse() throws {
    let (fifo, path) = (try fifo(), folder.path("a.itape"))
    let run = try BackgroundCommand([
      "record", "--source", "evdev", "--device", fifo, "--purpose", "test", "--json", path,
    ])
    let seconds = Self.mouseSeconds ?? 3
    var mouse = MouseReports(seed: 1)
    var resident = 0
    try mouse.write(to: fifo, rate: 8_000, count: 8_000 * seconds) { written in
      if written % 4_000 == 0 { resident = max(resident, run.memory?.resident ?? 0) }
      return true
    }
    #expect(run.finish() == 0, "\(run.errors)")
    let found = try events(path)
    print(
      "8 kHz: \(mouse.steps.count) reports in \(seconds) s, \(steps(found).count) recorded, "
        + "\(resident >> 10) KiB in memory at most while recording")
    try checkPeak(of: run, "8 kHz")
    #if !DEBUG
      #expect(resident < 15 << 20)
    #endif
    #expect(steps(found) == mouse.steps.map { [$0.dx, $0.dy] })
    let times = found.filter { $0.track == .first }.map(\.time)
    #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == 125_000 })
  }

  @Test func recordsDevicesOfAFolderAlsoThoseThatComeLater() throws {
    let (devices, path) = (folder.path("devices"), folder.path("a.itape"))
    try FileManager.default.createDirectory(atPath: devices, withIntermediateDirectories: false)
    let run = try BackgroundCommand([
      "record", "--source", "evdev", "--device", devices, "--device-kind", "mouse", "--purpose",
      "test", path,
    ])
    #expect(run.wait { FileManager.default.fileExists(atPath: path + ".recording") })
    var mice = [MouseReports(seed: 5), MouseReports(seed: 6)]
    for number in mice.indices {
      let fifo = devices + "/event\(number)"
      #expect(mkfifo(fifo, 0o600) == 0)
      try mice[number].write(to: fifo, rate: 1_000, count: 200)
    }
    usleep(300_000)
    run.send(SIGTERM)
    #expect(run.finish() == 0, "\(run.errors)")
    #expect(run.errors.contains("all input devices in \(devices)"))
    let found = try events(path)
    for (number, mouse) in mice.enumerated() {
      let track = TrackID(rawValue: UInt16(number))
      #expect(steps(found.filter { $0.track == track }) == mouse.steps.map { [$0.dx, $0.dy] })
    }
    let both = try CommandRun(
      "record", "--source", "evdev", "--device", devices, "--device", devices + "/event0",
      "--purpose", "test", folder.path("b.itape"))
    #expect(both.code == 64)
  }

  /// The most memory that a recorder has had from its start to its end, as it says itself.
  private func checkPeak(of run: BackgroundCommand, _ name: String) throws {
    let said = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let peak = try #require(said?["peakMemoryBytes"] as? Int)
    print("\(name): \(peak >> 10) KiB in memory at most, from start to end")
    // In any build it is the recorder's own, and not that of whoever has started it.
    #expect(peak > 1 << 20 && peak < 40 << 20)
    #if !DEBUG
      #expect(peak < 15 << 20)
    #endif
  }

  @Test func costsLittleWhileRecordingAndNoMoreAtTheEnd() throws {
    let (fifo, path) = (try fifo(), folder.path("a.itape"))
    let run = try BackgroundCommand([
      "record", "--source", "evdev", "--device", fifo, "--purpose", "test", "--json", path,
    ])
    var mouse = MouseReports(seed: 2)
    let seconds = Self.mouseSeconds ?? 5
    var live: (bytes: Int, own: Int, resident: Int, seconds: Double) = (0, 0, 0, 0)
    try mouse.write(to: fifo, rate: 1_000, count: 1_000 * (seconds + 1)) { written in
      if written == 1_000 * seconds {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        live.bytes = attributes?[.size] as? Int ?? 0
        if let memory = run.memory { (live.own, live.resident) = memory }
        live.seconds = run.processorSeconds ?? 0
      }
      return true
    }
    #expect(run.finish() == 0)
    try checkPeak(of: run, "1 kHz")
    // What came in the last second may not have been flushed yet.
    let perEvent = Double(live.bytes) / Double(1_000 * (seconds - 1))
    let share = live.seconds / Double(seconds) * 100
    print(
      "1 kHz: \(perEvent) bytes an event live, \(live.resident >> 10) KiB in memory, of them "
        + "\(live.own >> 10) its own, \(share) % of a core in this build")
    #expect(live.bytes > 0 && perEvent < 3)
    #expect(live.own > 0 && live.own < 8 << 20)
    #if !DEBUG
      #expect(live.resident < 15 << 20)
      #expect(share < 2)
    #endif
    let (text, again) = (folder.path("a.jsonl"), folder.path("b.itape"))
    #expect(try CommandRun("convert", path, text).code == 0)
    #expect(try CommandRun("convert", text, again).code == 0)
    let sizes = try [path, again].map { try Data(contentsOf: URL(filePath: $0)).count }
    print("1 kHz: \(sizes[0]) bytes when finished, \(sizes[1]) converted from its own lines")
    #expect(sizes[0] <= sizes[1] + sizes[1] / 500)
  }

  @Test func aKilledRecorderLosesNoMoreThanTheInterval() throws {
    let (fifo, path) = (try fifo(), folder.path("a.itape"))
    let run = try BackgroundCommand([
      "record", "--source", "evdev", "--device", fifo, "--purpose", "test",
      "--flush-interval", "500ms", path,
    ])
    var mouse = MouseReports(seed: 3)
    var sent = 0
    try? mouse.write(to: fifo, rate: 1_000, count: 10_000) { written in
      sent = written
      if written < 2_370 { return true }
      run.send(SIGKILL)
      return false
    }
    #expect(run.finish() == 9)
    let found = steps(try events(path))
    print("killed after \(sent) events: \(found.count) are there")
    #expect(found == mouse.steps.prefix(found.count).map { [$0.dx, $0.dy] })
    #expect(found.count >= sent - 500)
  }

  @Test func pausesAtASignal() throws {
    let path = folder.path("a.itape")
    let run = try BackgroundCommand(
      ["record", "--source", "stdin", "--purpose", "test", "--level", "all=full", path],
      hasInput: true)
    func send(_ x: Int) throws {
      let line = "{\"t\":\(x),\"device\":0,\"kind\":\"motion\",\"x\":\(x),\"y\":0}\n"
      try run.input?.write(contentsOf: Data(line.utf8))
      usleep(150_000)
    }
    let mark = path + ".recording"
    func state() -> String? {
      (try? String(contentsOfFile: mark, encoding: .utf8))?.split(separator: "\n").first
        .map(String.init)
    }
    #expect(run.wait { state() == "recording" })
    try send(1)
    run.send(SIGUSR1)
    #expect(run.wait { state() == "paused" })
    try send(2)
    run.send(SIGUSR1)
    #expect(run.wait { state() == "recording" })
    try send(3)
    run.send(SIGTERM)
    #expect(run.finish() == 0)
    let found = try events(path)
    #expect(found.contains { $0.body == .motion(x: 1, y: 0) })
    #expect(!found.contains { $0.body == .motion(x: 2, y: 0) })
    #expect(found.contains { $0.body == .motion(x: 3, y: 0) })
    let causes = found.compactMap { event -> GapCause? in
      if case .gap(let gap) = event.body { return gap.cause }
      return nil
    }
    #expect(causes.contains(.paused))
    #expect(state() == nil)
    #expect(try RecordingReader(path: path).status.isClosed)
  }

  /// Once it has said how, or has made a file, it may be told.
  @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGUSR1])
  func endsInOrderHoweverEarlyItIsTold(_ number: Int32) throws {
    for round in 0..<6 {
      let path = folder.path("\(round).itape")
      let run = try BackgroundCommand(
        ["record", "--source", "stdin", "--purpose", "test", path], hasInput: true)
      // Without any pause: the file is there sooner than all else.
      while run.isRunning {
        if round % 2 == 0 ? access(path, F_OK) == 0 : run.errors.contains("to stop") { break }
      }
      run.send(number)
      if number == SIGUSR1 {
        usleep(50_000)
        #expect(run.isRunning)
        run.send(SIGTERM)
      }
      #expect(run.finish() == 0, "\(run.errors)")
      #expect(try RecordingReader(path: path).status.isComplete)
      #expect(!FileManager.default.fileExists(atPath: path + ".recording"))
    }
  }

  @Test func repeatsARecordingInItsTime() throws {
    let path = folder.path("a.itape")
    let lines = (0..<20).map {
      "{\"t\":\($0 * 100_000_000),\"device\":0,\"kind\":\"motion\",\"x\":\($0),\"y\":0}\n"
    }.joined()
    #expect(
      try CommandRun(
        arguments: ["convert", "--from", "jsonl", "-", path], input: Data(lines.utf8)
      ).code == 0)
    let start = DispatchTime.now().uptimeNanoseconds
    let run = try CommandRun("replay", "--speed", "4", path)
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    #expect(run.text == lines)
    #expect(seconds >= 0.475 && seconds < 5)
    #expect(try CommandRun("replay", "--speed", "max", path).text == lines)
    let refused = try CommandRun("replay", "--to", "uinput", path)
    if !FileManager.default.fileExists(atPath: "/dev/uinput") {
      #expect(refused.code == 74)
      #expect(refused.errors.contains("uinput"))
    }
  }
}
