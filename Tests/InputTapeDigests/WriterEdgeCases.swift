// SPDX-License-Identifier: Apache-2.0
//
// Writers where queues, blocks, files and folders are as full or as empty as they can be.

import InputTape
import InputTapeCore
import InputTapeTestKit

/// Cases at the edges of what a writer decides by, beside `BoundaryCases`.
enum WriterEdgeCases {
  static var all: [DigestCase] {
    (1...12).map(endSyncs) + [
      DigestCase("edges/empty-segments", emptySegments), DigestCase("edges/flushes", flushes),
      DigestCase("edges/queues", queues), DigestCase("edges/strings", strings),
      DigestCase("edges/folders", folders), DigestCase("edges/refused", refused),
      DigestCase("edges/unsynced", unsynced), DigestCase("edges/last-attempts", lastAttempts),
      DigestCase("edges/sinks", sinks),
    ]
      + [3, 4, 5].map { words in
        DigestCase("edges/full-blocks-\(words)") { try fullBlocks(&$0, words) }
      }
  }

  /// Syncs that fail, once or from there on, up to the last one behind the trailer.
  private static func endSyncs(_ call: Int) -> DigestCase {
    DigestCase("edges/end-sync-\(call)") { seen in
      for repeats in [1, 2, Int.max] {
        for interval in [200_000_000, nil] as [Int64?] {
          var story = WriterStory(seed: UInt64(call))
          story.options.flushIntervalNanoseconds = 100_000_000
          story.options.syncIntervalNanoseconds = interval
          story.options.eventsPerBlock = 50
          story.options.queueWordCount = 1 << 14
          story.options.reblocksAtEnd = call & 1 == 0
          story.options.segmentByteLimit = call % 3 == 0 ? 900 : nil
          story.plan.add(Fault([.sync], call: call, repeats: repeats, effect: .error(5)))
          story.write(into: &seen, steps: 5) { story, _, writer in story.positions(writer, 60) }
          seen.mark("\(repeats) \(interval ?? 0)")
        }
      }
    }
  }

  /// Segments that are due before there is a block in them.
  private static func emptySegments(_ seen: inout Observation) throws {
    for (age, limit) in [(40, nil), (nil, 1), (nil, 600), (40, 600)] as [(Int64?, UInt64?)] {
      var story = WriterStory(seed: 3)
      story.options.flushIntervalNanoseconds = 10
      story.options.segmentAgeNanoseconds = age
      story.options.segmentByteLimit = limit
      story.options.reblocksAtEnd = false
      story.write(into: &seen, steps: 12) { story, step, writer in
        writer.append(ExtraRecord(type: 140, payload: [UInt8(step)]))
        story.clock.advance(nanoseconds: 100)
        writer.tick()
        if step % 3 == 1 { story.event(writer) }
        story.clock.advance(nanoseconds: step % 2 == 0 ? 100 : 5)
        writer.tick()
      }
      seen.mark("\(age ?? 0) \(limit ?? 0)")
    }
  }

  /// A flush that fails, and one behind it without an event.
  private static func flushes(_ seen: inout Observation) throws {
    for operation in [StorageOperation.write, .sync] {
      for (events, threads) in [(0, 1), (1, 1), (30, 1), (30, 2)] {
        var story = WriterStory(seed: 5)
        story.options.reblocksAtEnd = false
        story.options.eventsPerBlock = 10
        story.options.threads = threads
        var looks = Observation()
        story.write(into: &seen, steps: 6) { story, step, writer in
          if step != 3 { for _ in 0..<events { story.event(writer) } }
          writer.setMetadata("step", "\(step)")
          if step == 2 {
            story.plan.add(Fault([operation], call: 1, repeats: 40, effect: .error(28)))
          }
          looks.attempt("flush \(step)") { _ in try writer.flush() }
          if step == 2, events > 1 {
            writer.setMetadata("step", "between")
            story.event(writer)
            looks.attempt("again") { _ in try writer.flush() }
          }
          if step == 2 { story.plan.clear() }
          looks.attempt("sync \(step)") { _ in if step & 1 == 1 { try writer.sync() } }
          looks.add(story.memory.contents(story.path) ?? [])
        }
        seen.add(looks.digest)
        seen.mark("\(operation) \(events)")
      }
    }
  }

  /// After how many events a queue is emptied: then blocks are there.
  private static func queues(_ seen: inout Observation) throws {
    for capacity in [8, 64, 1 << 12, 1 << 13, 1 << 14, 1 << 15] {
      for wide in [0, 3, 40] {
        var options = ContainerCases.options
        options.eventsPerBlock = 32
        options.queueWordCount = capacity
        let writer = RecordingWriter(sink: MemorySink(), options: options)
        var (blocks, events) = (0, 0)
        for number in 0..<min(3 * capacity, 9_000) {
          if wide > 0, number % wide == 0 {
            // Short rows, and some as long as the queue, a word shorter or longer.
            let full = 8 * (capacity - 5) + 8 * (number / 120 % 3 - 1)
            let size = number % 120 == 0 ? min(full, Limits.textByteCount) : number % 50
            let bytes = [UInt8](repeating: 1, count: size)
            writer.append(
              Event(time: Int64(number), track: .first, body: .custom(type: 1, bytes: bytes)))
          } else {
            writer.motion(at: Int64(number), x: 1, y: Int32(number))
          }
          events += 1
          let figures = writer.statistics
          guard figures.blockCount != blocks else { continue }
          blocks = figures.blockCount
          seen.add(events)
          seen.add(blocks)
        }
        seen.add(described: try writer.finish())
        seen.mark("\(capacity) \(wide)")
      }
    }
  }

  /// Blocks filled to their last byte by long rows, then by rows of so many words.
  private static func fullBlocks(_ seen: inout Observation, _ words: Int) throws {
    for length in [59_960, 59_968, 59_976, 59_984] {
      for isBatch in [false, true] {
        let sink = MemorySink()
        let writer = RecordingWriter(sink: sink, options: ContainerCases.options)
        for number in 0..<50 {
          let bytes = [UInt8](repeating: UInt8(number), count: length)
          let event = Event(time: 1, track: .first, body: .custom(type: 1, bytes: bytes))
          if isBatch {
            var batch = EventBatch(track: .first)
            batch.append(event)
            writer.append(batch)
          } else {
            writer.append(event)
          }
          guard number % 49 == 37 else { continue }
          for row in 0..<20_000 as Range<Int32> {
            switch words {
            case 3: writer.motion(at: 2, x: row, y: 1)
            case 4: writer.touch(at: 2, contact: 1, phase: .moved, x: row, y: 2)
            default: writer.pen(at: 2, Pen(x: row, y: 1))
            }
          }
        }
        try writer.finish()
        try add(blocksOf: sink, to: &seen)
        seen.mark("\(length) \(isBatch)")
      }
    }
  }

  /// The bytes of a recording, and how many events each of its batches has.
  private static func add(blocksOf sink: MemorySink, to seen: inout Observation) throws {
    seen.add(CRC32C.checksum(sink.bytes))
    let reader = try RecordingReader(source: MemorySource(sink.bytes))
    try reader.forEachBlock { batches in for batch in batches { seen.add(batch.count) } }
  }

  /// Batches of texts of many lengths, one and more of each, where a block has little room left.
  private static func strings(_ seen: inout Observation) throws {
    for (count, length) in [(1, 60_000), (2, 40_000), (9, 13_000), (60, 50_000)] {
      let sink = MemorySink()
      let writer = RecordingWriter(sink: sink, options: ContainerCases.options)
      for number in 0..<(9_000_000 / (count * length)) {
        writer.append(Event(time: 0, track: .first, body: .marker("\(number)")))
        var batch = EventBatch(track: .first)
        batch.append(Event(time: 1, track: .first, body: .motion(x: 1, y: 1)))
        for index in 0..<count {
          let size = index % 3 == number % 3 ? length : index * 7
          batch.append(
            Event(
              time: Int64(index), track: .first,
              body: .custom(type: 1, bytes: Array(repeating: UInt8(index), count: size))))
        }
        // Columns of kinds without events say nothing, whatever they are.
        batch.columns.append(KindColumns(kind: .marker, layout: KindLayout(int32: 3)))
        writer.append(batch)
      }
      try writer.finish()
      try add(blocksOf: sink, to: &seen)
      seen.mark("\(count) \(length)")
    }
  }

  /// Folders without a recording, with one, with one that is destroyed, and with several.
  private static func folders(_ seen: inout Observation) throws {
    let bytes = try FollowCases.recording(20)
    let noise = Array(bytes.map { $0 ^ 0x55 })
    for files in [
      [:], ["a.itape": noise], ["a.itape": noise, "b.itape": noise], ["a.itape": bytes],
      ["a.itape": bytes, "b.itape": noise], ["a.itape": bytes, "b.itape": bytes],
      ["a.txt": bytes], ["a.0001.itape": bytes], ["a.0001.itape": noise], ["a.itape": []],
    ] as [[String: [UInt8]]] {
      let storage = MemoryStorage()
      storage.makeFolder("/f")
      for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
        storage.put(bytes, at: "/f/\(name)")
      }
      seen.add(recording: storage, at: "/f", isWide: false)
      for (name, _) in files.sorted(by: { $0.key < $1.key }) {
        seen.add(recording: storage, at: "/f/\(name)", isWide: false)
      }
      for (isLong, replacing) in [(false, false), (true, false), (false, true), (true, true)] {
        var options = ContainerCases.options
        options.segmentByteLimit = isLong ? 1 << 20 : nil
        seen.attempt("beside") { seen in
          let writer = try RecordingWriter(
            path: "/f/a.itape", options: options, replacing: replacing,
            environment: WriterEnvironment(storage: storage))
          writer.motion(at: 1, x: 2, y: 3)
          try writer.finish()
        }
        for path in storage.paths { seen.add(path) }
        try? storage.remove("/f/a.itape")
      }
      seen.mark("\(files.keys.sorted())")
    }
  }

  /// What is said of a recording at the limits, and whether it was taken.
  private static func refused(_ seen: inout Observation) throws {
    let (sink, notices) = (MemorySink(), NoticeLog())
    let writer = RecordingWriter(
      sink: sink, options: ContainerCases.options, onNotice: { notices.add($0) })
    let unknown = UnknownEvent(kind: EventKind(rawValue: 0), int32: [1], int64: [], strings: [])
    seen.add(writer.append(Event(time: 0, track: .first, body: .unknown(unknown))))
    for length in [Limits.stringByteCount - 1, Limits.stringByteCount, Limits.stringByteCount + 1] {
      let text = String(repeating: "n", count: length)
      seen.add(writer.setMetadata("name", text))
      seen.add(notices.all.count)
      seen.add(writer.setMetadata(text, "value"))
      var track = Track(id: TrackID(rawValue: 7), class: .pen)
      for field in 0..<3 {
        switch field {
        case 0: track.name = text
        case 1: track.device = text
        default: track.codeSpace = text
        }
        seen.add(writer.setTrack(track))
      }
    }
    for number in 0..<40 {
      seen.add(writer.setMetadata("\(number)", String(repeating: "v", count: 4_000)))
      var track = Track(id: TrackID(rawValue: UInt16(number)), class: .custom)
      track.name = String(repeating: "t", count: 4_000)
      seen.add(writer.setTrack(track))
    }
    seen.add(writer.setMetadata("3", nil))
    seen.add(writer.setMetadata("last", String(repeating: "v", count: 3_000)))
    writer.motion(at: 1, x: 1, y: 1)
    seen.add(described: try writer.finish())
    seen.add(sink.bytes)
  }

  /// A sync that fails, then a file that cannot take the place, until the very end.
  private static func lastAttempts(_ seen: inout Observation) throws {
    for operation in [StorageOperation.create, .write, .rename] {
      for (steps, record) in [(1, false), (2, true), (3, false), (3, true)] {
        var story = WriterStory(seed: 2)
        story.options.flushIntervalNanoseconds = 100_000_000
        story.options.reblocksAtEnd = false
        story.write(into: &seen, steps: steps) { story, step, writer in
          story.positions(writer, 30)
          if step == 0 {
            story.plan.add(Fault([.sync], call: 1, repeats: 1, effect: .error(5)))
            story.plan.add(Fault([operation], call: 2, repeats: 3, effect: .error(28)))
            try? writer.sync()
          }
          if record { writer.append(ExtraRecord(type: 150, payload: [1, 2])) }
          if step == steps - 1 {
            try? writer.flush()
            story.plan.clear()
          }
        }
        seen.mark("\(operation) \(steps) \(record)")
      }
    }
  }

  /// A sink of the caller's whose syncs and writes fail: nothing can take its place.
  private static func sinks(_ seen: inout Observation) throws {
    for operation in [StorageOperation.sync, .write] {
      for call in 1...4 {
        let (memory, plan, notices) = (MemorySink(), FaultPlan(), NoticeLog())
        plan.add(Fault([operation], call: call, repeats: 2, effect: .error(5)))
        var options = ContainerCases.options
        options.eventsPerBlock = 10
        let writer = RecordingWriter(
          sink: FaultingSink(memory, plan: plan), options: options, onNotice: { notices.add($0) })
        for step in 0..<6 as Range<Int64> {
          for number in 0..<15 { writer.motion(at: 100 * step + Int64(number), x: 1, y: 2) }
          do {
            try writer.sync()
          } catch {
            seen.add(failure: error)
          }
          seen.add(memory.bytes.count)
        }
        do {
          seen.add(described: try writer.finish())
        } catch {
          seen.add(failure: error)
        }
        for notice in notices.all { seen.add(described: notice) }
        seen.add(memory.bytes)
        seen.mark("\(operation) \(call)")
      }
    }
  }

  /// So many bytes that are not on the disk that they are not left waiting.
  private static func unsynced(_ seen: inout Observation) throws {
    for size in [262_000, 524_288] {
      var story = WriterStory(seed: 5)
      story.options.flushIntervalNanoseconds = 100
      story.options.syncIntervalNanoseconds = 1 << 60
      story.options.reblocksAtEnd = false
      story.options.encoding.compression = .none
      story.plan.add(Fault([.sync], call: 2, repeats: 2, effect: .error(5)))
      story.write(into: &seen, steps: 9_500_000 / size) { story, step, writer in
        story.event(writer)
        writer.append(
          ExtraRecord(type: 150, payload: Array(repeating: UInt8(step & 255), count: size)))
        story.clock.advance(nanoseconds: 100)
        writer.tick()
      }
      seen.mark("\(size)")
    }
  }
}
