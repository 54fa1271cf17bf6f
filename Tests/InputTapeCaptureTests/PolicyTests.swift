// SPDX-License-Identifier: Apache-2.0
//
// What the policy lets through, and what it says of the rest.

import InputTape
import InputTapeCapture
import Testing

@Suite struct PolicyTests {
  /// What reaches the recording of some events.
  private func record(
    _ events: [Event], tracks: [Track], _ change: (inout CapturePolicy) -> Void = { _ in },
    _ act: (CaptureOutlet) -> Void = { _ in }
  ) throws -> (events: [Event], metadata: RecordingMetadata) {
    let sink = MemorySink()
    var policy = CapturePolicy()
    change(&policy)
    let queue = try CaptureQueue(sink: sink)
    for (name, value) in policy.metadata { queue.setMetadata(name, value) }
    let outlet = CaptureOutlet(queue: queue, lane: queue.lanes[0], policy: policy)
    for track in tracks { outlet.setTrack(track) }
    for event in events { outlet.emit(event) }
    act(outlet)
    outlet.finish()
    try queue.finish()
    let reader = try RecordingReader(source: MemorySource(sink.bytes))
    var result: [Event] = []
    try reader.forEachEvent { result.append($0) }
    return (result, reader.metadata)
  }

  private let keyboard = Track(id: TrackID(rawValue: 1), class: .keyboard, codeSpace: "evdev")
  private let text = Track(id: TrackID(rawValue: 2), class: .text)
  private let context = Track(id: TrackID(rawValue: 3), class: .context)
  private let pointer = Track(id: TrackID(rawValue: 0), class: .pointer)

  private func key(_ code: UInt32, _ state: KeyState, at time: Int64) -> Event {
    Event(time: time, track: keyboard.id, body: .key(code: code, state: state))
  }

  @Test func keepsNoContentUnlessAsked() throws {
    let (events, metadata) = try record(
      [
        key(30, .down, at: 1), key(30, .up, at: 2),
        Event(time: 3, track: text.id, body: .text("secret")),
        Event(
          time: 4, track: context.id,
          body: .focus(Focus(application: "Editor", title: "secret.txt"))),
        Event(time: 5, track: pointer.id, body: .motion(x: 7, y: 8)),
      ], tracks: [pointer, keyboard, text, context])
    let bodies = events.map(\.body)
    #expect(bodies.contains(.key(code: 0, state: .down)))
    #expect(bodies.contains(.key(code: 0, state: .up)))
    #expect(bodies.contains(.motion(x: 7, y: 8)))
    #expect(bodies.contains(.focus(Focus(application: "Editor"))))
    #expect(!"\(events)".contains("secret"))
    #expect(!bodies.contains { if case .text = $0 { true } else { false } })
    #expect(metadata["policy.text"] == "off")
    #expect(metadata["policy.keyboard"] == "timing")
    #expect(metadata.track(keyboard.id)?.codeSpace == "")
    let gaps = events.compactMap { event -> Gap? in
      if event.track == text.id, case .gap(let gap) = event.body { return gap }
      return nil
    }
    #expect(!gaps.isEmpty)
    #expect(gaps.allSatisfy { $0.cause == .policy && $0.count == 0 && $0.isLowerBound })
  }

  @Test func countsInStretchesOfTenSeconds() throws {
    let second: Int64 = 1_000_000_000
    let events = (0..<25).map { key(30, .down, at: Int64($0) * second) }
    let (result, _) = try record(events, tracks: [keyboard]) { $0[.keyboard] = .count }
    let gaps = result.compactMap { event -> Gap? in
      if case .gap(let gap) = event.body { return gap }
      return nil
    }
    #expect(result.count == gaps.count)
    #expect(gaps.map(\.count) == [10, 10, 5])
    #expect(gaps.map(\.firstTime) == [0, 10 * second, 20 * second])
    #expect(gaps.allSatisfy { $0.cause == .policy && !$0.isLowerBound })
  }

  @Test func tellsTheSortOfAKey() throws {
    let codes: [UInt32] = [30, 2, 103, 42, 28, 59]
    let (events, metadata) = try record(
      codes.map { key($0, .down, at: 0) }, tracks: [keyboard]
    ) { $0[.keyboard] = .class }
    let found = events.compactMap { event -> UInt32? in
      if case .key(let code, _) = event.body { return code }
      return nil
    }
    #expect(found == [1, 2, 3, 4, 5, 6])
    #expect(metadata.track(keyboard.id)?.codeSpace == "class")
  }

  @Test func roundsTimesAndPlaces() throws {
    let motions = (0..<10).map {
      Event(time: Int64($0) * 7 + 1, track: pointer.id, body: .rawMotion(dx: 3, dy: -3))
    }
    let place = Event(time: 99, track: pointer.id, body: .motion(x: -1, y: 19))
    let (events, _) = try record(motions + [place], tracks: [pointer]) {
      $0.timeGridNanoseconds = 10
      $0.coordinateGrid = 10
    }
    #expect(events.allSatisfy { $0.time % 10 == 0 })
    var sum: Int32 = 0
    for event in events {
      if case .rawMotion(let dx, let dy) = event.body {
        #expect(dx % 10 == 0 && dy % 10 == 0)
        sum += dx
      }
    }
    #expect(sum == 30)
    #expect(events.last?.body == .motion(x: -10, y: 10))
  }

  @Test func aPauseIsAGapAndLeavesNothingStuck() throws {
    let (events, _) = try record(
      [key(30, .down, at: 1), key(31, .down, at: 2)], tracks: [keyboard],
      { $0[.keyboard] = .full }
    ) { outlet in
      outlet.silence(.paused, at: 10)
      outlet.emit(key(30, .up, at: 11))
      outlet.emit(key(32, .down, at: 12))
      outlet.emit(key(33, .down, at: 13))
      outlet.emit(key(33, .up, at: 14))
      outlet.resume(.paused, at: 20)
      outlet.emit(key(31, .up, at: 21))
    }
    let bodies = events.map(\.body)
    let gap = Gap(cause: .paused, count: 0, isLowerBound: true, firstTime: 10, lastTime: 20)
    #expect(bodies.contains(.gap(gap)))
    #expect(!bodies.contains(.key(code: 33, state: .down)))
    #expect(bodies.contains(.key(code: 30, state: .up)))
    var state = TrackState()
    for event in events { state.apply(event) }
    #expect(state.keys == [32])
  }

  @Test func recordsOnlyAllowedApplications() throws {
    func focus(_ name: String, at time: Int64) -> Event {
      Event(time: time, track: context.id, body: .focus(Focus(application: name)))
    }
    func move(_ x: Int32, at time: Int64) -> Event {
      Event(time: time, track: pointer.id, body: .motion(x: x, y: 0))
    }
    let (events, _) = try record(
      [
        move(1, at: 1), focus("Editor", at: 2), move(2, at: 3), focus("Bank", at: 4),
        move(3, at: 5), focus("Editor", at: 6), move(4, at: 7),
      ], tracks: [pointer, context]
    ) { $0.applications = ["Editor"] }
    let xs = events.compactMap { event -> Int32? in
      if case .motion(let x, _) = event.body { return x }
      return nil
    }
    #expect(xs == [2, 4])
    #expect(!"\(events)".contains("Bank"))
    let gaps = events.filter { event in
      if event.track == pointer.id, case .gap(let gap) = event.body {
        return gap.cause == .policy && gap.firstTime == 4 && gap.lastTime == 6
      }
      return false
    }
    #expect(gaps.count == 1)
  }

  @Test func aTitleThatIsNotRecordedLeavesNoTraceOfItsChanges() throws {
    func focus(_ application: String, _ title: String, at time: Int64) -> Event {
      Event(
        time: time, track: context.id,
        body: .focus(Focus(application: application, title: title)))
    }
    let story = [
      focus("Editor", "a", at: 1), focus("Editor", "b", at: 2), focus("Mail", "c", at: 3),
      focus("Mail", "d", at: 4), focus("Editor", "b", at: 5),
    ]
    func times(_ level: CapturePolicy.Level) throws -> [Int64] {
      try record(story, tracks: [context]) { $0[.context] = level }.events.map(\.time)
    }
    #expect(try times(.class) == [1, 3, 5])
    #expect(try times(.full) == [1, 2, 3, 4, 5])
  }
}
