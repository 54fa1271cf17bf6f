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
}
