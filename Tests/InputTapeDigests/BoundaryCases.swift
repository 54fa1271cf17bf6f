// SPDX-License-Identifier: Apache-2.0
//
// Writers where one more byte, block or event changes what they do.

import InputTape
import InputTapeCore
import InputTapeTestKit

/// Cases on both sides of what a writer decides by.
enum BoundaryCases {
  static var all: [DigestCase] {
    [
      DigestCase("boundary/index-interval", indexInterval),
      DigestCase("boundary/reblocking", reblocking), DigestCase("boundary/batches", batches),
      DigestCase("boundary/keyframes", keyframes), DigestCase("boundary/due", due),
    ]
  }

  private static func options(eventsPerBlock: Int = Limits.eventsPerBlock) -> WriterOptions {
    var options = ContainerCases.options
    options.eventsPerBlock = eventsPerBlock
    return options
  }

  /// An index follows the record after which four megabytes of them are pending.
  private static func indexInterval(_ seen: inout Observation) throws {
    for size in [1_024, 2_040, 1_032, 1_048] {
      let sink = MemorySink()
      let writer = RecordingWriter(sink: sink, options: options(eventsPerBlock: 1))
      let payload = [UInt8](repeating: 3, count: (1 << 20) - size)
      for number in 0..<5 {
        writer.append(ExtraRecord(type: 150, payload: payload))
        writer.motion(at: Int64(number), x: 1, y: 2)
      }
      seen.add(described: try writer.finish())
      let bytes = sink.bytes
      seen.add(CRC32C.checksum(bytes))
      seen.add(try RecordingVerifier.verify(MemorySource(bytes)))
      let reader = try RecordingReader(source: MemorySource(bytes))
      seen.add(reader.status)
      try seen.add(reader.runs())
      seen.mark("\(size)")
    }
  }

  /// Written anew is what has twice the blocks that it needs.
  private static func reblocking(_ seen: inout Observation) throws {
    for events in [[5], [5, 5], [50, 1], [40, 40, 40], [20, 20, 20, 20], [50, 50, 1, 1, 1, 1]] {
      for kind in 0..<2 {
        var story = WriterStory(seed: 4)
        story.options.eventsPerBlock = 50
        story.write(into: &seen, steps: events.count) { story, step, writer in
          for _ in 0..<events[step] {
            if kind == 0 { story.positions(writer, 1) } else { story.event(writer) }
          }
          if kind == 1 {
            writer.append(ExtraRecord(type: 160, payload: [UInt8(step)]))
            writer.setMetadata("step", "\(step)")
          }
          _ = try? writer.flush()
        }
      }
      seen.mark("\(events)")
    }
  }

  /// Batches that are cut by their events, by their bytes, and that do not fit beside others.
  private static func batches(_ seen: inout Observation) throws {
    for size in [0, 10, 37_490, 37_500, 60_000] {
      for blocks in [30, 60, 65_536] {
        let sink = MemorySink()
        let writer = RecordingWriter(sink: sink, options: options(eventsPerBlock: blocks))
        var texts = EventBatch(track: .first)
        for number in 0..<90 {
          let isText = size < 37_000 || number % 9 != 4
          let body: Event.Body =
            isText
            ? .custom(type: Int32(number), bytes: Array(repeating: UInt8(number), count: size))
            : .motion(x: 1, y: Int32(number))
          texts.append(Event(time: Int64(number), track: .first, body: body))
        }
        writer.motion(at: 0, x: 1, y: 1)
        writer.append([texts, MadeBatch.typing.make(20, seed: 1)])
        var other = MadeBatch.unknown.make(30, seed: 2)
        writer.append(other)
        // The same kind with other columns needs another block.
        other.columns = other.columns.map { columns in
          var columns = columns
          if columns.kind.layout == nil { columns.int32.append(columns.int32[0]) }
          return columns
        }
        writer.append(other)
        let row = UnknownEvent(
          kind: EventKind(rawValue: 16), int32: [1], int64: [], strings: [[1]])
        writer.append(Event(time: 99, track: MadeBatch.track, body: .unknown(row)))
        seen.add(described: try writer.finish())
        seen.add(CRC32C.checksum(sink.bytes))
        let reader = try RecordingReader(source: MemorySource(sink.bytes))
        seen.add(reader.blockCount)
        try seen.add(reader.runs())
        seen.mark("\(size) \(blocks)")
      }
    }
  }

  /// When a block holds the state of all tracks, and how much a state may take.
  private static func keyframes(_ seen: inout Observation) throws {
    for (blocks, held) in [(1_000, 3), (4_000, 200), (20_000, 0), (65_536, 30)] {
      let sink = MemorySink()
      let writer = RecordingWriter(sink: sink, options: options(eventsPerBlock: blocks))
      for number in 0..<held {
        writer.key(at: 0, code: UInt32(number), state: .down, track: TrackID(rawValue: 2))
        writer.axis(at: 0, axis: Int32(number), value: 1, track: TrackID(rawValue: 5))
      }
      for part in 0..<20 {
        writer.append(MadeBatch.pointing.make(7_000, seed: UInt64(part)))
        writer.key(at: Int64(part), code: 900, state: part % 2 == 0 ? .down : .up)
        if part % 5 == 3 { try writer.flush() }
      }
      seen.add(described: try writer.finish())
      seen.add(CRC32C.checksum(sink.bytes))
      let reader = try RecordingReader(source: MemorySource(sink.bytes))
      for time in stride(from: Int64(0), to: 8_000_000_000, by: 1_900_000_000) {
        seen.add(try reader.state(at: time))
      }
      seen.mark("\(blocks) \(held)")
    }
  }

  /// Flush, sync and the next segment, a nanosecond before they are due and then.
  private static func due(_ seen: inout Observation) throws {
    for step in [9, 10, 11] as [Int64] {
      for age in [nil, 40, 41] as [Int64?] {
        var story = WriterStory(seed: 7)
        story.options.flushIntervalNanoseconds = 10
        story.options.syncIntervalNanoseconds = 31
        story.options.segmentAgeNanoseconds = age
        story.options.segmentByteLimit = age == 41 ? 400 : nil
        story.options.reblocksAtEnd = false
        story.write(into: &seen, steps: 30) { story, number, writer in
          if number % 4 != 3 { story.event(writer) }
          story.clock.advance(nanoseconds: step)
          writer.tick()
          writer.tick()
        }
        seen.mark("\(step) \(String(describing: age))")
      }
    }
  }
}
