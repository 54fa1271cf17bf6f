// SPDX-License-Identifier: Apache-2.0
//
// Single events on their way into blocks.

import InputTape
import InputTapeTestKit
import Testing

@Suite struct AppendingTests {
  /// An event of a kind that this version does not know, with so many Int32 fields.
  private func unknown(_ time: Int64, fieldCount: Int) -> Event {
    Event(
      time: time, track: .first,
      body: .unknown(
        UnknownEvent(
          kind: EventKind(rawValue: 77), int32: (0..<fieldCount).map { Int32($0) }, int64: [],
          strings: [])))
  }

  @Test func aKindThatChangesItsColumnsBeginsABlock() throws {
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink)
    let events = (0..<200).map { unknown(Int64($0), fieldCount: $0 / 40) }
    for event in events { writer.append(event) }
    let statistics = try writer.finish()
    #expect(statistics.blockCount == 5)
    let (found, status) = try RoundTripTests.read(sink.bytes)
    #expect(found == events)
    #expect(status.isComplete)
  }

  @Test func touchAndPenComeBackAsTheyWereAppended() throws {
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink)
    var events: [Event] = []
    for index in 0..<300 {
      let number = Int32(index)
      let time = Int64(index)
      let track = TrackID(rawValue: UInt16(index % 3))
      let pressure = index % 2 == 0 ? number : nil
      let phase = Phase(rawValue: number % 4)
      let pen = Pen(x: number, y: -number, pressure: pressure, tiltY: 3, phase: phase, buttons: 1)
      writer.touch(
        at: time, contact: number % 5, phase: phase, x: number, y: -number, pressure: pressure,
        track: track)
      writer.pen(at: time, pen, track: track)
      events.append(
        Event(
          time: time, track: track,
          body: .touch(
            contact: number % 5, phase: phase, x: number, y: -number, pressure: pressure)))
      events.append(Event(time: time, track: track, body: .pen(pen)))
    }
    try writer.finish()
    #expect(try RoundTripTests.read(sink.bytes).0 == events)
  }

  /// Events of all lengths of rows, some longer than a small queue.
  private func event(_ number: Int) -> Event {
    let (time, x) = (Int64(number), Int32(number))
    let body: Event.Body =
      switch number % 50 {
      case 7: .marker(String(repeating: "m", count: number % 40))
      case 21: .pen(Pen(x: x, y: -x, pressure: 5, tiltY: 3, phase: .moved, buttons: 1))
      case 33 where number % 1_000 == 33: .text(String(repeating: "t", count: 60_000))
      case 42: .key(code: UInt32(number), state: .down)
      default: .motion(x: x, y: number % 3 == 0 ? -x : 9)
      }
    return Event(time: time, track: TrackID(rawValue: UInt16(number % 2)), body: body)
  }

  @Test(arguments: [8, 1 << 12, 1 << 13])
  func aSmallQueueIsNotOverrun(wordCount: Int) throws {
    let events = (0..<4_000).map { event($0) }
    for (isLive, overload) in [(false, .wait), (true, .wait), (true, .drop)]
      as [(Bool, WriterOptions.Overload)]
    {
      var options = WriterOptions()
      options.queueWordCount = wordCount
      // Queues are tested here, and not what codes their texts.
      options.encoding = EncodingSettings(preset: .fast)
      options.flushIntervalNanoseconds = isLive ? 5_000_000 : nil
      options.overload = overload
      let sink = MemorySink()
      let writer = RecordingWriter(sink: sink, options: options)
      for event in events { writer.append(event) }
      try writer.finish()
      let (found, status) = try RoundTripTests.read(sink.bytes)
      #expect(status.isComplete)
      var missing = 0
      for case .gap(let gap) in found.lazy.map(\.body) { missing += Int(gap.count) }
      let kept = found.filter { $0.kind != .gap }
      #expect(kept.count + missing == events.count)
      #expect(missing == 0 || overload == .drop)
      // What is there is what was appended, and its time says which.
      #expect(kept.allSatisfy { $0 == events[Int($0.time)] })
    }
  }
}
