// SPDX-License-Identifier: Apache-2.0
//
// State at a moment, verification, unknown records, filters, rewriting with full blocks.

import InputTape
import Testing

@Suite struct StateAndVerifyTests {
  private func record(
    _ events: [Event], eventsPerBlock: Int = 256
  ) throws -> [UInt8] {
    let sink = MemorySink()
    var options = WriterOptions()
    options.eventsPerBlock = eventsPerBlock
    let writer = RecordingWriter(sink: sink, options: options)
    for event in events { writer.append(event) }
    try writer.finish()
    return sink.bytes
  }

  @Test(arguments: [64, 5_000]) func givesTheStateAtAnyMoment(eventsPerBlock: Int) throws {
    let events = RoundTripTests.ordered(RoundTripTests.events(20_000))
    let bytes = try record(events, eventsPerBlock: eventsPerBlock)
    let reader = try RecordingReader(source: MemorySource(bytes))
    for time in stride(from: Int64(0), through: 10_000_000_000, by: 777_000_000) {
      var expected: [TrackID: TrackState] = [:]
      for event in events where event.time <= time {
        expected[event.track, default: TrackState()].apply(event)
      }
      let state = try reader.state(at: time)
      for (track, trackState) in expected { #expect(state[track] == trackState) }
    }
    #expect(try reader.state(at: -1) == RecordingState())
    #expect(reader.status.isComplete)
  }

  @Test(arguments: [1, 64, 5_000]) func findsASoundRecordingSound(eventsPerBlock: Int) throws {
    let events = RoundTripTests.events(6_000)
    let bytes = try record(events, eventsPerBlock: eventsPerBlock)
    let report = try RecordingVerifier.verify(MemorySource(bytes))
    #expect(report.isSound, "\(report.problems)")
    #expect(report.eventCount == events.count)
    #expect(report.comparedIndex)
  }

  @Test func keepsUnknownRecordsInTheirPlace() throws {
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink)
    writer.motion(at: 0, x: 1, y: 2)
    let extra = ExtraRecord(type: 200, payload: Array("hello, later version".utf8))
    writer.append(extra)
    writer.motion(at: 1, x: 3, y: 4)
    try writer.finish()
    let reader = try RecordingReader(source: MemorySource(sink.bytes))
    let found = try reader.extraRecords()
    #expect(found.map(\.record) == [extra])
    #expect(found.map(\.block) == [1])
    #expect(reader.eventCount == 2)
    #expect(try RecordingVerifier.verify(MemorySource(sink.bytes)).isSound)
  }

  @Test func readsAStretchOfTimeAndOneTrack() throws {
    let events = RoundTripTests.ordered(RoundTripTests.events(10_000))
    let bytes = try record(events)
    var filter = EventFilter()
    filter.from = 1_000_000_000
    filter.to = 2_000_000_000
    filter.tracks = [TrackID(rawValue: 1)]
    let (found, _) = try RoundTripTests.read(bytes, filter: filter)
    #expect(
      found
        == events.filter {
          (1_000_000_000..<2_000_000_000).contains($0.time) && $0.track.rawValue == 1
        })
    var kinds = EventFilter()
    kinds.kinds = KindSet([.key])
    #expect(
      try RoundTripTests.read(bytes, filter: kinds).0 == events.filter { $0.kind == .key })
  }

  @Test(arguments: [1, 3]) func handsOutBlocksAsColumns(threads: Int) throws {
    let events = RoundTripTests.events(10_000)
    let bytes = try record(events)
    let reader = try RecordingReader(source: MemorySource(bytes))
    var found: [Event] = []
    try reader.forEachBlock(threads: threads) { batches in
      for batch in batches { batch.forEachEvent { found.append($0) } }
    }
    #expect(RoundTripTests.ordered(found) == RoundTripTests.ordered(events))
  }

  @Test func writesSmallBlocksAnewAtTheEnd() throws {
    let path = "/tmp/itape-reblock-\(UInt64.random(in: 0...UInt64.max)).itape"
    var options = WriterOptions()
    options.flushIntervalNanoseconds = 1_000_000_000
    let writer = try RecordingWriter(path: path, options: options)
    let events = RoundTripTests.events(5_000)
    for (index, event) in events.enumerated() {
      writer.append(event)
      if index % 50 == 49 { try writer.flush() }
    }
    #expect(try RecordingReader(path: path).blockCount >= 100)
    #expect(try !RecordingReader(path: path).status.isClosed)
    let statistics = try writer.finish()
    #expect(statistics.blockCount == 1)
    let reader = try RecordingReader(path: path)
    var found: [Event] = []
    try reader.forEachEvent { found.append($0) }
    #expect(found == RoundTripTests.ordered(events))
    #expect(reader.status.isComplete)
  }
}
