// SPDX-License-Identifier: Apache-2.0
//
// A recording that is written call by call, from a seed, on a storage that may fail.

import InputTape
import InputTapeCore
import InputTapeTestKit

/// What happens to a writer, and all that comes of it.
struct WriterStory {
  let memory = MemoryStorage()
  let plan = FaultPlan()
  let clock = ManualClock(1_000)
  let path = "/r/a.itape"
  var options = ContainerCases.options
  var metadata = RecordingMetadata()
  var rng: SeededRandom
  /// Events are made of times that go on from here.
  private var time: Int64 = 5_000_000
  private var held: UInt32?
  private var place: (x: Int32, y: Int32) = (300, 400)

  init(seed: UInt64) {
    rng = SeededRandom(seed: seed)
  }

  /// Writes, and adds every file, every call of the storage, every notice and all numbers.
  mutating func write(
    into seen: inout Observation, steps: Int,
    _ step: (inout Self, Int, borrowing RecordingWriter)
      -> Void
  ) {
    let calls = RecordingStorage(memory)
    var environment = WriterEnvironment(
      storage: FaultingStorage(calls, plan: plan), clock: clock,
      random: SeededRandomSource(seed: 9))
    environment.runsInBackground = false
    let notices = NoticeLog()
    let writer: RecordingWriter
    do {
      writer = try RecordingWriter(
        path: path, metadata: metadata, options: options, environment: environment,
        onNotice: { notices.add($0) })
    } catch {
      seen.add(failure: error)
      return
    }
    seen.add(writer.recordingID.description)
    for number in 0..<steps {
      step(&self, number, writer)
      seen.add(described: writer.statistics)
    }
    seen.mark("before the end")
    do {
      seen.add(described: try writer.finish())
    } catch {
      seen.add(failure: error)
    }
    seen.mark("finished")
    for notice in notices.all {
      seen.add(described: notice)
      seen.mark("\(notice)")
    }
    seen.mark("notices")
    seen.add(calls.calls)
    for path in memory.paths {
      seen.add(path)
      seen.add(memory.contents(path) ?? [])
      seen.mark(path)
    }
    seen.add(recording: memory, at: path, isWide: false)
  }

  // MARK: - Steps

  /// Any call of a writer.
  mutating func anything(_ writer: borrowing RecordingWriter) {
    switch rng.number(below: 24) {
    case 0: _ = try? writer.flush()
    case 1: _ = try? writer.sync()
    case 2, 3:
      clock.advance(nanoseconds: Int64(rng.number(below: 900)) * 1_000_000)
      writer.tick()
    case 4:
      writer.setMetadata("name \(rng.number(below: 4))", rng.isOne(in: 4) ? nil : "value")
    case 5:
      var track = Track(id: TrackID(rawValue: UInt16(rng.number(below: 5))), class: .custom)
      track.name = "track \(rng.number(below: 3))"
      writer.setTrack(track)
    case 6:
      writer.append(
        ExtraRecord(type: UInt8(128 + rng.number(below: 3)), payload: rng.bytes(20)))
    case 7, 8: batches(writer)
    case 9: columns(writer)
    default: for _ in 0...rng.number(below: 12) { event(writer) }
    }
  }

  private mutating func later() -> Int64 {
    time += Int64(rng.number(below: 16)) * 500_000
    if rng.isOne(in: 50) { time -= 30_000_000 }
    return time
  }

  private mutating func move() -> (Int32, Int32) {
    place.x &+= Int32(rng.number(below: 9) - 4)
    place.y &+= Int32(rng.number(below: 7) - 3)
    return place
  }

  /// One event, by the call for its kind.
  mutating func event(_ writer: borrowing RecordingWriter) {
    let at = later()
    let (x, y) = move()
    let track = TrackID(rawValue: UInt16(rng.number(below: 4)))
    switch rng.number(below: 20) {
    case 0...4: writer.motion(at: at, x: x, y: y, track: track)
    case 5...7: writer.rawMotion(at: at, dx: x - 300, dy: y - 400, track: track)
    case 8:
      writer.button(at: at, button: x & 3, state: rng.isOne(in: 2) ? .down : .up, track: track)
    case 9:
      writer.scroll(at: at, dx: x, dy: 0, phase: rng.isOne(in: 2) ? .began : nil, track: track)
    case 10, 11:
      if let code = held {
        writer.key(at: at, code: code, state: .up, track: track)
        held = nil
      } else {
        held = UInt32(rng.number(below: 20))
        writer.key(at: at, code: held ?? 0, state: .down, track: track)
      }
    case 12: writer.axis(at: at, axis: x & 3, value: y, track: track)
    case 13:
      writer.touch(
        at: at, contact: x & 3, phase: rng.element([.began, .moved, .ended]), x: x, y: y,
        pressure: rng.isOne(in: 2) ? nil : 9, track: track)
    case 14: writer.pen(at: at, Pen(x: x, y: y, pressure: rng.isOne(in: 2) ? nil : 3), track: track)
    case 15: writer.text(at: at, "text \(x & 7) é", track: track)
    default: writer.append(Event(time: at, track: track, body: rareBody(x)))
    }
  }

  private mutating func rareBody(_ x: Int32) -> Event.Body {
    switch rng.number(below: 8) {
    case 0: .focus(Focus(application: "app \(x & 3)", title: "title", x: x))
    case 1: .frame(presentationTime: Int64(x), media: "screen")
    case 2: .marker("marker \(x)")
    case 3: .clock(unixNanoseconds: 1 << 60, uncertaintyNanoseconds: 50)
    case 4:
      .gap(
        Gap(
          cause: rng.element([.paused, .diskFull, .unknown]), count: Int64(x & 3),
          isLowerBound: rng.isOne(in: 2), firstTime: time - 10, lastTime: time))
    case 5: .custom(type: x, bytes: rng.bytes(rng.number(below: 30)))
    case 6:
      .unknown(
        UnknownEvent(
          kind: EventKind(rawValue: 200), int32: Array(repeating: x, count: rng.number(below: 3)),
          int64: [9], strings: [[1, 2]]))
    default:
      .unknown(
        UnknownEvent(
          kind: EventKind(rawValue: 201), int32: Array(repeating: x, count: 17), int64: [],
          strings: []))
    }
  }

  /// Batches of several tracks.
  private mutating func batches(_ writer: borrowing RecordingWriter) {
    let made = rng.element(MadeBatch.allCases.filter { $0 != .any && $0 != .unknown })
    var batches: [EventBatch] = []
    for track in 0..<UInt16(1 + rng.number(below: 3)) {
      var batch = made.make(1 + rng.number(below: 60), seed: rng.next())
      batch.track = TrackID(rawValue: track)
      for index in batch.times.indices { batch.times[index] &+= time }
      time = max(time, min(batch.times.last ?? 0, time + (1 << 40)))
      batches.append(batch)
    }
    writer.append(batches)
  }

  private mutating func columns(_ writer: borrowing RecordingWriter) {
    let count = rng.number(below: 30)
    let times = (0..<count).map { _ in later() }
    let left = (0..<count).map { Int32($0) }
    let right = (0..<count).map { Int32($0 & 1) }
    switch rng.number(below: 3) {
    case 0: writer.motions(at: times.span, x: left.span, y: right.span)
    case 1: writer.rawMotions(at: times.span, dx: left.span, dy: right.span)
    default: writer.keys(at: times.span, codes: left.span, states: right.span)
    }
  }

  /// Positions a millisecond apart, with the clock beside them.
  mutating func positions(_ writer: borrowing RecordingWriter, _ count: Int) {
    for number in 0..<count {
      time += 1_000_000
      clock.advance(nanoseconds: 1_000_000)
      writer.motion(at: time, x: Int32(truncatingIfNeeded: time / 1_000_000), y: 0)
      if number % 25 == 7 { writer.key(at: time, code: UInt32(number), state: .down) }
      if number % 10 == 9 { writer.tick() }
    }
  }
}

/// Notices as they came.
final class NoticeLog: @unchecked Sendable {
  private let monitor = Monitor()
  private var list: [WriterNotice] = []

  var all: [WriterNotice] { monitor.withLock { list } }

  func add(_ notice: WriterNotice) { monitor.withLock { list.append(notice) } }
}

extension Observation {
  fileprivate mutating func add(_ calls: [StorageCall]) {
    for call in calls {
      switch call {
      case .create(let file, let path):
        add(file)
        add(path)
      case .write(let file, let position, let bytes):
        add(file)
        add(position)
        add(bytes)
      default: add(described: call)
      }
      mark("call")
    }
  }
}
