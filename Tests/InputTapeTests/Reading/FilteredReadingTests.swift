// SPDX-License-Identifier: Apache-2.0
//
// What a filter gives, against all events filtered by hand, where times step back.

import InputTape
import InputTapeTestKit
import Testing

@Suite struct FilteredReadingTests {
  /// A recording of three tracks whose times go to and fro.
  private func recording(_ blockEvents: Int, using rng: inout SeededRandom) throws -> [UInt8] {
    var options = WriterOptions()
    options.eventsPerBlock = blockEvents
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink, options: options)
    for number in 1...3 {
      var batch = EventBatch(track: TrackID(rawValue: UInt16(number)))
      var time: Int64 = 0
      for index in 0..<200 {
        time += Int64.random(in: -3_000...4_000, using: &rng)
        let body: Event.Body =
          index % 7 == 0
          ? .button(button: 1, state: .down) : .motion(x: Int32(index), y: Int32(number))
        batch.append(Event(time: time, track: batch.track, body: body))
      }
      writer.append([batch])
    }
    try writer.finish()
    return sink.bytes
  }

  private func read(_ bytes: [UInt8], _ filter: EventFilter) throws -> [TrackID: [Event]] {
    let reader = try RecordingReader(source: MemorySource(bytes))
    var events: [TrackID: [Event]] = [:]
    try reader.forEachEvent(filter) { events[$0.track, default: []].append($0) }
    #expect(reader.status.isComplete)
    return events
  }

  @Test(arguments: [1, 7, 64, 1_000])
  func aFilterGivesAllThatItIncludes(_ blockEvents: Int) throws {
    var rng = SeededRandom(seed: UInt64(blockEvents))
    for round in 0..<10 {
      let bytes = try recording(blockEvents, using: &rng)
      let all = try read(bytes, EventFilter())
      #expect(all.values.map(\.count) == [200, 200, 200])
      for step in 0..<12 {
        var filter = EventFilter()
        if step % 3 != 0 { filter.from = Int64.random(in: 0...90_000, using: &rng) }
        if step % 3 != 1 { filter.to = Int64.random(in: 0...120_000, using: &rng) }
        let expected = all.mapValues { events in
          events.filter { $0.time >= filter.from && $0.time < filter.to ?? .max }
        }
        let found = try read(bytes, filter)
        #expect(
          found == expected.filter { !$0.value.isEmpty }, "seed \(blockEvents), \(round), \(step)")
      }
    }
  }

  @Test func eventsOfKindsThatWereNotAskedForArePassedOver() throws {
    var rng = SeededRandom(seed: 5)
    let reader = try RecordingReader(source: MemorySource(try recording(64, using: &rng)))
    var filter = EventFilter()
    filter.kinds = KindSet([.button])
    var (buttons, others) = (0, 0)
    try reader.forEachBlock(filter) { batches in
      for batch in batches {
        #expect(batch.count > 0)
        batch.forEachEvent { if $0.kind == .button { buttons += 1 } else { others += 1 } }
      }
    }
    #expect(buttons == 3 * 29 && others == 0)
  }
}
