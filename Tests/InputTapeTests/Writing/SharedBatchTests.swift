// SPDX-License-Identifier: Apache-2.0
//
// Batches whose memory a block shares with whoever brought them.

import InputTape
import InputTapeTestKit
import Testing

@Suite struct SharedBatchTests {
  private func events(_ range: Range<Int>, _ track: TrackID) -> [Event] {
    range.map { number in
      let isKey = track != .first && number % 3 == 0
      return Event(
        time: Int64(number), track: track,
        body: isKey
          ? .key(code: UInt32(number % 90), state: .up)
          : .motion(x: Int32(number), y: -Int32(number)))
    }
  }

  private func batch(_ events: [Event]) -> EventBatch {
    var batch = EventBatch(track: events[0].track)
    for event in events { batch.append(event) }
    return batch
  }

  /// What is behind a large batch on its track, and what becomes of the batch.
  enum Sequel: CaseIterable { case nothing, event, batch, otherTrack, fullBlock }

  @Test(arguments: Sequel.allCases, [1, 2])
  func whatABatchBecomesIsNotInTheBlock(_ sequel: Sequel, threads: Int) throws {
    var options = WriterOptions()
    options.threads = threads
    options.eventsPerBlock = 8_192
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink, options: options)
    let second = TrackID(rawValue: 1)
    var expected: [Event] = []
    for round in 0..<4 {
      let start = round * 20_000
      var brought = [
        events(start..<(start + 3_000), .first), events(start..<(start + 2_000), second),
      ]
      var batches = brought.map(batch)
      if round % 2 == 0 { writer.append(batches) } else { writer.append(giving: &batches) }
      for index in batches.indices {
        let track = batches[index].track
        batches[index].removeAll()
        batches[index].append(Event(time: .max, track: track, body: .motion(x: 1, y: 1)))
      }
      let rest = start + 5_000
      switch sequel {
      case .nothing: break
      case .event:
        brought.append(events(rest..<(rest + 1), .first))
        writer.append(brought[2][0])
      case .batch: brought.append(events(rest..<(rest + 1_500), second))
      case .otherTrack: brought.append(events(rest..<(rest + 10), TrackID(rawValue: 2)))
      case .fullBlock: brought.append(events(rest..<(rest + 3_192), .first))
      }
      if sequel != .event { writer.append(brought.dropFirst(2).map(batch)) }
      expected += brought.joined()
    }
    try writer.finish()
    let (found, status) = try RoundTripTests.read(sink.bytes)
    let order = { (a: Event, b: Event) in (a.time, a.track.rawValue) < (b.time, b.track.rawValue) }
    #expect(found == expected.sorted(by: order))
    #expect(status.isComplete)
  }
}
