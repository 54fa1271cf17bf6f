// SPDX-License-Identifier: Apache-2.0
//
// Recordings written and read back.

import InputTape
import Testing

@Suite struct RoundTripTests {
  /// Motion, buttons and keys on two tracks, with ties.
  static func events(_ count: Int) -> [Event] {
    (0..<count).map { index in
      let time = Int64(index / 2) * 1_000_000
      if index % 5 == 4 {
        return Event(
          time: time, track: TrackID(rawValue: 1),
          body: .key(code: UInt32(index % 7), state: index % 2 == 0 ? .down : .up))
      }
      return Event(
        time: time, track: .first, body: .motion(x: Int32(index), y: -Int32(index * index % 911)))
    }
  }

  static func ordered(_ events: [Event]) -> [Event] {
    events.enumerated().sorted {
      ($0.element.time, $0.element.track, $0.offset) < (
        $1.element.time, $1.element.track, $1.offset
      )
    }.map(\.element)
  }

  static func read(
    _ bytes: [UInt8], opening: RecordingReader.Opening = .automatic,
    filter: EventFilter = EventFilter()
  ) throws -> ([Event], ReadStatus) {
    let reader = try RecordingReader(
      source: MemorySource(bytes), opening: opening, mode: .salvage)
    var events: [Event] = []
    try reader.forEachEvent(filter) { events.append($0) }
    return (events, reader.status)
  }

  @Test(arguments: [1, 7, 256, 65_536], [1, 3])
  func givesBackEveryEventInOrder(eventsPerBlock: Int, threads: Int) throws {
    let events = Self.events(3_000)
    let sink = MemorySink()
    var options = WriterOptions()
    options.eventsPerBlock = eventsPerBlock
    options.threads = threads
    let writer = RecordingWriter(sink: sink, options: options)
    for event in events { writer.append(event) }
    try writer.finish()
    for opening in [RecordingReader.Opening.automatic, .scan] {
      let (found, status) = try Self.read(sink.bytes, opening: opening)
      #expect(found == Self.ordered(events))
      #expect(status.isComplete)
      #expect(status.usedIndex == (opening == .automatic))
    }
  }

  /// A writer with threads keeps whole batches that it is given, and leaves others in their place.
  @Test(arguments: [64, 100])
  func aCopyIsTheSameWithThreadsAndWithout(eventsPerBlock: Int) throws {
    let sink = MemorySink()
    var options = WriterOptions()
    options.recordingID = RecordingID(bytes: Array(1...16))
    options.eventsPerBlock = 64
    let writer = RecordingWriter(sink: sink, options: options)
    for number in 0..<2_000 {
      writer.motion(at: Int64(number) * 1_000, x: Int32(number), y: Int32(number * number % 97))
    }
    try writer.finish()
    let reader = try RecordingReader(source: MemorySource(sink.bytes))
    options.eventsPerBlock = eventsPerBlock
    let copies = try [1, 3].map { threads in
      options.threads = threads
      let sink = MemorySink()
      let writer = RecordingWriter(sink: sink, options: options)
      try RecordingCopy.run(reader, to: writer, threads: threads)
      try writer.finish()
      return sink.bytes
    }
    #expect(copies[1] == copies[0])
    let (events, copied) = (try Self.read(sink.bytes).0, try Self.read(copies[0]).0)
    #expect(events.count == 2_000 && copied == events)
  }
}
