// SPDX-License-Identifier: Apache-2.0
//
// Writers: every byte, call and notice, under any options and any failure.

import InputTape
import InputTapeCore
import InputTapeTestKit

/// Cases of writers.
enum WriterCases {
  static var all: [DigestCase] {
    (1...24 as ClosedRange<UInt64>).map(anything) + faults + [
      limits, drops, threads, DigestCase("writer/index-chain", indexChain), rows,
      DigestCase("writer/compressed", dependence: .libraries) { seen in
        for (number, compression) in [
          Compression.zstd(level: nil), .deflate(level: nil), .zstd(level: 9),
        ].enumerated() {
          var story = WriterStory(seed: UInt64(number))
          story.options.encoding.compression = compression
          story.options.eventsPerBlock = 50
          story.write(into: &seen, steps: 120) { $0.anything($2) }
        }
      },
    ]
  }

  /// Any calls under any options.
  private static func anything(_ seed: UInt64) -> DigestCase {
    DigestCase("writer/anything-\(seed)") { seen in
      var story = WriterStory(seed: seed)
      choose(&story.options, &story.rng)
      story.metadata["purpose"] = "digests"
      story.metadata.setTrack(Track(id: .first, class: .pointer, name: "mouse"))
      story.write(into: &seen, steps: 60) { $0.anything($2) }
    }
  }

  private static func choose(_ options: inout WriterOptions, _ rng: inout SeededRandom) {
    options.encoding.preset = rng.element(Preset.allCases)
    options.eventsPerBlock = rng.element([1, 7, 40, 300, 65_536])
    options.flushIntervalNanoseconds = rng.element([nil, 100_000_000, 1_000_000_000])
    options.syncIntervalNanoseconds = rng.element([nil, 0, 2_000_000_000])
    options.segmentByteLimit = rng.element([nil, nil, 1_500, 6_000])
    options.segmentAgeNanoseconds = rng.element([nil, nil, 2_000_000_000])
    options.livePreset = rng.element([nil, .fast, .compact])
    options.reblocksAtEnd = rng.isOne(in: 2)
    options.queueWordCount = rng.element([1 << 14, 1 << 18])
  }

  /// Every call of the system fails, the n-th time, once and for ever.
  private static var faults: [DigestCase] {
    let effects: [(String, Fault.Effect)] = [
      ("full", .error(28)), ("broken", .error(5)), ("short", .short(37)),
    ]
    return StorageOperation.allCases.flatMap { operation in
      effects.map { name, effect in
        DigestCase("writer/\(operation)-\(name)") { seen in
          for call in [1, 2, 3, 5, 9] {
            for repeats in [1, 12, Int.max] {
              var story = WriterStory(seed: UInt64(call))
              story.options.flushIntervalNanoseconds = 100_000_000
              story.options.syncIntervalNanoseconds = 300_000_000
              story.options.segmentByteLimit = call == 5 ? 1_000 : nil
              story.options.eventsPerBlock = 120
              story.options.queueWordCount = 1 << 14
              story.plan.add(Fault([operation], call: call, repeats: repeats, effect: effect))
              story.write(into: &seen, steps: 12) { story, step, writer in
                story.positions(writer, 70)
                if step == 4 { try? writer.sync() }
                if step == 6 { story.memory.removeFolder("/r") }
                if step == 7 { story.memory.makeFolder("/r") }
                if step == 9 { story.plan.clear() }
              }
              seen.mark("call \(call), \(repeats) times")
            }
          }
        }
      }
    }
  }

  /// Texts, columns and numbers at their limits.
  private static var limits: DigestCase {
    DigestCase("writer/limits") { seen in
      for length in [65_535, 65_536, 65_537] {
        var story = WriterStory(seed: 1)
        let text = String(repeating: "x", count: length - 1)
        story.write(into: &seen, steps: 6) { story, step, writer in
          let body: Event.Body =
            switch step {
            case 0: .marker(text + "é")
            case 1: .focus(Focus(application: text + "a", title: "t"))
            case 2: .custom(type: 1, bytes: Array(repeating: 7, count: length))
            case 3: unknown(int32: length - 65_520)
            case 4: unknown(strings: length - 65_520)
            default: .marker("end")
            }
          writer.append(Event(time: Int64(step), track: .first, body: body))
          if step == 5 {
            writer.text(at: 9, text + "éé" + text)
            // A block is cut where its bytes would be too many.
            for number in 0..<80 {
              writer.append(
                Event(
                  time: 10, track: TrackID(rawValue: UInt16(number % 3)),
                  body: .custom(type: 2, bytes: Array(repeating: UInt8(number), count: 60_000))))
            }
          }
        }
      }
      for length in [4_095, 4_096, 4_097] {
        var story = WriterStory(seed: 2)
        story.write(into: &seen, steps: 20) { story, step, writer in
          let text = String(repeating: "n", count: length)
          story.event(writer)
          writer.setMetadata(step == 0 ? text : "\(step)", text)
          var track = Track(id: TrackID(rawValue: UInt16(length - 3_073)), class: .pen)
          writer.setTrack(track)
          track.device = text
          writer.setTrack(track)
        }
      }
    }
  }

  private static func unknown(int32: Int = 0, strings: Int = 0) -> Event.Body {
    .unknown(
      UnknownEvent(
        kind: EventKind(rawValue: 210), int32: Array(repeating: 4, count: int32), int64: [],
        strings: Array(repeating: [1], count: strings)))
  }

  /// A queue that is too small, while nothing can be written and while it can.
  private static var drops: DigestCase {
    DigestCase("writer/drops") { seen in
      for overload in [WriterOptions.Overload.drop, .wait] {
        for blocks in [30, 4_096] {
          var story = WriterStory(seed: 3)
          story.options.queueWordCount = 1 << 14
          story.options.overload = overload
          story.options.eventsPerBlock = blocks
          story.options.flushIntervalNanoseconds = 50_000_000
          story.write(into: &seen, steps: 10) { story, step, writer in
            for _ in 0..<(300 * step) { story.event(writer) }
            if step % 3 == 2 {
              story.clock.advance(nanoseconds: 60_000_000)
              writer.tick()
            }
          }
        }
      }
    }
  }

  /// Blocks encoded by several threads are the same blocks.
  private static var threads: DigestCase {
    DigestCase("writer/threads") { seen in
      for threads in [1, 3] {
        var options = ContainerCases.options
        options.eventsPerBlock = 100
        options.threads = threads
        let sink = MemorySink()
        let writer = RecordingWriter(sink: sink, options: options)
        for step in 0..<20 {
          writer.append(MadeBatch.pointing.make(130, seed: UInt64(step)))
          if step == 11 { try writer.flush() }
        }
        seen.add(described: try writer.finish())
        seen.add(sink.bytes)
        let reader = try RecordingReader(source: MemorySource(sink.bytes))
        try reader.forEachBlock(EventFilter(), threads: threads) { batches in
          for batch in batches { seen.add(batch) }
        }
      }
    }
  }

  /// So many records that there are several indexes, and a reader that goes from one to another.
  private static func indexChain(_ seen: inout Observation) throws {
    for (count, payload) in [(900, 6_000), (2_300, 10)] {
      var story = WriterStory(seed: 6)
      story.options.eventsPerBlock = 1
      story.options.reblocksAtEnd = false
      story.write(into: &seen, steps: 1) { story, _, writer in
        for number in 0..<count {
          writer.motion(at: Int64(number) * 1_000, x: Int32(number), y: 5)
          if number % 3 == 0 {
            writer.append(
              ExtraRecord(type: 129, payload: Array(repeating: UInt8(number & 255), count: payload))
            )
          }
        }
      }
    }
  }

  /// Rows as the queue holds them, for each kind of event.
  private static var rows: DigestCase {
    DigestCase("writer/every-kind") { seen in
      for reblocks in [false, true] {
        var story = WriterStory(seed: 8)
        story.options.reblocksAtEnd = reblocks
        story.options.eventsPerBlock = 64
        story.options.flushIntervalNanoseconds = 1
        story.write(into: &seen, steps: 200) { story, _, writer in
          story.event(writer)
          story.clock.advance(nanoseconds: 1)
          if story.rng.isOne(in: 3) { writer.tick() }
        }
      }
    }
  }
}
