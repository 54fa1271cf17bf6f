// SPDX-License-Identifier: Apache-2.0
//
// Sessions with sources: replayed events, files and FIFOs of the kernel's events, hot-plug.

import Foundation
import InputTape
import InputTapeCapture
import InputTapeInterchange
import Testing

@Suite struct SessionTests {
  /// What a session with some sources leaves behind.
  private func run(
    _ sources: [any CaptureSource], policy: CapturePolicy = CapturePolicy(),
    duration: Int64 = 5_000_000_000, meanwhile: (@Sendable (SessionControl) -> Void)? = nil
  ) throws -> (events: [Event], tracks: [Track], status: CaptureSession.Status) {
    let sink = MemorySink()
    let queue = try CaptureQueue(sink: sink)
    let control = try SessionControl()
    let session = CaptureSession(queue: queue, sources: sources, policy: policy, control: control)
    try session.open()
    let other = meanwhile.flatMap { act in WorkerThread { act(control) } }
    session.run(duration: duration)
    other?.join()
    let result = try session.finish()
    if let problem = result.problems.first { throw problem }
    let reader = try RecordingReader(source: MemorySource(sink.bytes))
    var events: [Event] = []
    try reader.forEachEvent { events.append($0) }
    return (events, reader.metadata.tracks, result.status)
  }

  /// One event of the kernel.
  private func raw(_ microseconds: Int64, _ type: UInt16, _ code: UInt16, _ value: Int32) -> Data {
    var data = Data()
    func add(_ number: some FixedWidthInteger) {
      withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) }
    }
    add(microseconds / 1_000_000)
    add(microseconds % 1_000_000)
    add(type)
    add(code)
    add(value)
    return data
  }

  private func step(_ microseconds: Int64, _ dx: Int32) -> Data {
    raw(microseconds, 2, 0, dx) + raw(microseconds, 0, 0, 0)
  }

  private func folder() throws -> URL {
    let url = FileManager.default.temporaryDirectory.appending(path: "itape-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }

  private func steps(_ events: [Event]) -> [Int32] {
    events.compactMap { if case .rawMotion(let dx, _) = $0.body { dx } else { nil } }
  }

  @Test func replaysWhatWasRecordedBefore() throws {
    let events = (0..<Int32(2_000)).map { number -> Event in
      let state: ButtonState = number % 4 == 1 ? .down : .up
      let body: Event.Body =
        number % 2 == 0 ? .motion(x: number, y: 1) : .button(button: 1, state: state)
      let track = TrackID(rawValue: UInt16(number % 2))
      return Event(time: Int64(number) * 1_000_000, track: track, body: body)
    }
    let result = try run([ReplaySource(events: events, speed: .infinity)])
    #expect(result.events == events)
    #expect(result.status.offeredEventCount == events.count)
    #expect(result.status.queue.writer.writtenEventCount == events.count)
  }

  @Test func replaysInTime() throws {
    let events = (0..<10).map {
      Event(time: Int64($0) * 40_000_000, track: .first, body: .motion(x: Int32($0), y: 0))
    }
    let start = SystemClock().monotonic()
    let result = try run([ReplaySource(events: events, speed: 2)])
    #expect(result.events == events)
    #expect(SystemClock().monotonic() - start >= 180_000_000)
  }

  @Test func waitsForWhoeverOpensAFIFOLater() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "fifo").path
    #expect(mkfifo(path, 0o600) == 0)
    let reports = (1...50).map { step(Int64($0) * 1_000, Int32($0)) }
    let result = try run([EvdevSource(paths: [path], kind: .mouse)]) { _ in
      // Longer than the session waits at once.
      usleep(1_300_000)
      guard let handle = FileHandle(forWritingAtPath: path) else { return }
      for report in reports {
        // In pieces that end within an event.
        try? handle.write(contentsOf: report.prefix(17))
        try? handle.write(contentsOf: report.dropFirst(17))
      }
      try? handle.close()
    }
    #expect(steps(result.events) == Array(1...50))
    // The writer's end ends the session, long before its time.
    #expect(result.status.time < 4_000_000_000)
  }

  @Test func readsAFileOfAnySize() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "events")
    var data = Data()
    for number in 1...20_000 { data += step(Int64(number) * 125, Int32(number % 100 + 1)) }
    // An event that was cut off ends it.
    try (data + Data([1, 2, 3])).write(to: file)
    let result = try run([EvdevSource(paths: [file.path], kind: .mouse)])
    #expect(steps(result.events) == (1...20_000).map { $0 % 100 + 1 })
    let times = result.events.map(\.time)
    #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == 125_000 })
    #expect(result.status.queue.droppedEventCount == 0)
  }

  @Test func takesDevicesThatArePluggedInLater() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let early = folder.appending(path: "event3")
    try step(1_000, 7).write(to: early)
    let (staged, late) = (folder.appending(path: "new"), folder.appending(path: "event12"))
    try step(1_000, 9).write(to: staged)
    let source = EvdevSource(kind: .mouse, folder: folder.path)
    let result = try run([source]) { control in
      usleep(300_000)
      try? FileManager.default.moveItem(at: staged, to: late)
      usleep(300_000)
      control.stop()
    }
    #expect(steps(result.events) == [7, 9])
    #expect(Set(result.events.map(\.track)).count == 2)
    #expect(result.tracks.map(\.name).contains { $0.hasSuffix("event12") })
  }

  @Test func saysWhatTheKernelHasDropped() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "events")
    var data = step(1_000, 1)
    data += raw(2_000, 2, 0, 5)
    data += raw(2_000, 0, 3, 0)
    data += raw(3_000, 2, 0, 6)
    data += raw(3_000, 0, 0, 0)
    data += step(4_000, 2)
    try data.write(to: file)
    let events = try run([EvdevSource(paths: [file.path], kind: .mouse)]).events
    // All up to the next report is unreliable.
    #expect(steps(events) == [1, 2])
    let gaps = events.compactMap { if case .gap(let gap) = $0.body { gap } else { nil } }
    #expect(gaps.map(\.cause) == [.kernelDropped])
    #expect(gaps.allSatisfy { $0.isLowerBound })
    // In its place, so that what comes behind it is sure.
    let order = events.filter { $0.track == .first }.map(\.kind)
    #expect(order == [.rawMotion, .gap, .rawMotion])
  }

  @Test func readsLinesInAnyPieces() throws {
    let pipe = Pipe()
    let lines = (1...3_000).map {
      "{\"t\":\($0 * 1_000),\"device\":0,\"kind\":\"motion\",\"x\":\($0),\"y\":0}\n"
    }.joined()
    let result = try run([JSONLSource(descriptor: pipe.fileHandleForReading.fileDescriptor)]) { _ in
      var rest = Substring(lines)
      var length = 1
      while !rest.isEmpty {
        try? pipe.fileHandleForWriting.write(contentsOf: Data(rest.prefix(length).utf8))
        rest = rest.dropFirst(length)
        length = length % 977 + 13
      }
      try? pipe.fileHandleForWriting.close()
    }
    let places = result.events.compactMap { event -> Int32? in
      if case .motion(let x, _) = event.body { x } else { nil }
    }
    #expect(places == Array(1...3_000))
  }
}
