// SPDX-License-Identifier: Apache-2.0
//
// The limits of the format where a writer meets them: what is within is written, what is beyond is
// refused, counted and said.

import InputTape
import InputTapeTestKit
import Testing

@Suite struct WriterLimitTests {
  /// Appends one event among others, and reads the recording.
  ///
  /// - Returns: whether it was taken.
  private func isTaken(_ body: Event.Body, track: TrackID = .first) throws -> Bool {
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink)
    writer.motion(at: 0, x: 1, y: 1)
    let event = Event(time: 1, track: track, body: body)
    let isTaken = writer.append(event)
    writer.motion(at: 2, x: 2, y: 2)
    let statistics = try writer.finish()
    var events: [Event] = []
    var gaps: [Gap] = []
    let reader = try RecordingReader(source: MemorySource(sink.bytes), mode: .strict)
    try reader.forEachEvent { event in
      if case .gap(let gap) = event.body { gaps.append(gap) } else { events.append(event) }
    }
    #expect(events.contains(event) == isTaken)
    #expect(events.count == (isTaken ? 3 : 2))
    #expect(statistics.refusedEventCount == (isTaken ? 0 : 1))
    #expect(gaps.map(\.cause) == (isTaken ? [] : [.limit]) && gaps.allSatisfy { $0.count == 1 })
    return isTaken
  }

  @Test func textsOfEvents() throws {
    for (length, isGood) in [(0, true), (65_535, true), (65_536, true), (65_537, false)] {
      let text = String(repeating: "x", count: length)
      #expect(try isTaken(.marker(text)) == isGood, "\(length)")
      #expect(try isTaken(.focus(Focus(application: "a", title: text))) == isGood, "\(length)")
      let bytes = [UInt8](repeating: 0xFF, count: length)
      #expect(try isTaken(.custom(type: 1, bytes: bytes)) == isGood, "\(length)")
    }
    #expect(try !isTaken(.marker(String(repeating: "é", count: 40_000))))
  }

  @Test func columnsOfAKind() throws {
    let kind = EventKind(rawValue: 200)
    for (count, isGood) in [(0, true), (15, true), (16, true), (17, false), (500, false)] {
      let int32 = UnknownEvent(
        kind: kind, int32: Array(repeating: -1, count: count), int64: [], strings: [])
      #expect(try isTaken(.unknown(int32)) == isGood, "\(count)")
      let int64 = UnknownEvent(
        kind: kind, int32: [], int64: Array(repeating: .min, count: count), strings: [])
      #expect(try isTaken(.unknown(int64)) == isGood, "\(count)")
      let strings = UnknownEvent(
        kind: kind, int32: [], int64: [], strings: Array(repeating: [1], count: count))
      #expect(try isTaken(.unknown(strings)) == isGood, "\(count)")
    }
  }

  @Test func tracks() async throws {
    for number in [0, 1_022, 1_023] as [UInt16] {
      #expect(try isTaken(.marker("x"), track: TrackID(rawValue: number)))
    }
    await #expect(processExitsWith: .failure) {
      let writer = RecordingWriter(sink: MemorySink())
      writer.append(Event(time: 0, track: TrackID(rawValue: 1_024), body: .marker("x")))
    }
  }

  @Test func eventsOfABlock() async throws {
    for count in [1, 2, 65_535, 65_536, 65_537, 131_072] {
      let sink = MemorySink()
      let writer = RecordingWriter(sink: sink)
      for number in 0..<count { writer.motion(at: Int64(number), x: 0, y: 0) }
      let statistics = try writer.finish()
      #expect(statistics.writtenEventCount == count)
      #expect(statistics.blockCount == (count + 65_535) / 65_536)
      let report = try RecordingVerifier.verify(MemorySource(sink.bytes))
      #expect(report.isSound && report.eventCount == count)
    }
    await #expect(processExitsWith: .failure) {
      var options = WriterOptions()
      options.eventsPerBlock = 0
      _ = RecordingWriter(sink: MemorySink(), options: options)
    }
    await #expect(processExitsWith: .failure) {
      var options = WriterOptions()
      options.eventsPerBlock = Limits.eventsPerBlock + 1
      _ = RecordingWriter(sink: MemorySink(), options: options)
    }
  }

  /// Sets values, one after another.
  ///
  /// - Returns: which of them were taken.
  private func set(_ pairs: [(name: String, value: String?)]) throws -> [Bool] {
    let writer = RecordingWriter(sink: MemorySink())
    let taken = pairs.map { writer.setMetadata($0.name, $0.value) }
    try writer.finish()
    return taken
  }

  @Test func metadata() throws {
    for (length, isGood) in [(0, true), (4_095, true), (4_096, true), (4_097, false)] {
      let text = String(repeating: "x", count: length)
      #expect(try set([("name", text), (text, "value")]) == [isGood, isGood], "\(length)")
    }
    // Together they have 61,440 bytes: 4,096 are left.
    let most = (0..<15).map { number -> (name: String, value: String?) in
      (String(UnicodeScalar(UInt8(65 + number))), String(repeating: "v", count: 4_095))
    }
    let last = [4_096, 4_095].map { ("z", String?(String(repeating: "v", count: $0))) }
    let taken = try set(most + last + [("", "1"), ("z", nil), ("", "1"), ("track.x", "1")])
    #expect(taken == most.map { _ in true } + [false, true, false, true, true, false])
  }

  @Test func textsOfTracks() throws {
    let writer = RecordingWriter(sink: MemorySink())
    for (length, isGood) in [(0, true), (4_095, true), (4_096, true), (4_097, false)] {
      for change in [\Track.name, \.device, \.codeSpace, \.coordinateSpace] {
        var track = Track(id: .first, class: .pointer)
        track[keyPath: change] = String(repeating: "x", count: length)
        let isTaken = writer.setTrack(track)
        #expect(isTaken == isGood, "\(length)")
      }
    }
    for (number, isGood) in [(1_023, true), (1_024, false), (65_535, false)] {
      let isTaken = writer.setTrack(Track(id: TrackID(rawValue: UInt16(number)), class: .pen))
      #expect(isTaken == isGood, "\(number)")
    }
    try writer.finish()
  }

  @Test func payloadsOfUnknownRecords() async throws {
    for count in [0, 1, 3 << 20] {
      let sink = MemorySink()
      let writer = RecordingWriter(sink: sink)
      let record = ExtraRecord(type: 255, payload: [UInt8](repeating: 7, count: count))
      writer.append(record)
      writer.motion(at: 0, x: 0, y: 0)
      try writer.finish()
      let reader = try RecordingReader(source: MemorySource(sink.bytes), mode: .strict)
      #expect(try reader.extraRecords().map(\.record) == [record])
    }
    await #expect(processExitsWith: .failure) {
      _ = ExtraRecord(type: 255, payload: [UInt8](repeating: 7, count: 3 << 20 + 1))
    }
    await #expect(processExitsWith: .failure) { _ = ExtraRecord(type: 127, payload: []) }
  }
}
