// SPDX-License-Identifier: Apache-2.0
//
// Recordings that grow while they are read, piece by piece and call by call.

import InputTape
import InputTapeCore
import InputTapeTestKit

/// What a follower says after each step.
enum FollowCases {
  static var all: [DigestCase] {
    (0..<8).map(stories) + [
      DigestCase("follow/pieces", pieces), DigestCase("follow/damage", damage),
    ]
  }

  /// A writer that goes from segment to segment, and whose syncs may fail.
  private static func stories(_ number: Int) -> DigestCase {
    DigestCase("follow/story-\(number)") { seen in
      var story = WriterStory(seed: UInt64(number))
      story.options.flushIntervalNanoseconds = 100_000_000
      story.options.syncIntervalNanoseconds = 200_000_000
      story.options.queueWordCount = 1 << 14
      story.options.segmentByteLimit = number & 1 == 1 ? 900 : nil
      story.options.reblocksAtEnd = number & 2 == 2
      if number & 4 == 4 {
        story.plan.add(Fault([.sync], call: 2 + number & 1, repeats: 2, effect: .error(5)))
      }
      let storage = story.memory
      var filter = EventFilter()
      if number == 3 { filter.kinds = KindSet([.key]) }
      let follower = RecordingFollower(path: story.path, filter: filter, storage: storage)
      var looks = Observation()
      looks.add(follower)
      story.write(into: &seen, steps: 16) { story, step, writer in
        story.positions(writer, 60)
        looks.add(follower)
        if step == 8, number == 5 { try? storage.remove("/r/a.0001.itape") }
      }
      looks.add(follower)
      seen.add(looks.digest)
    }
  }

  static func recording(_ count: Int) throws -> [UInt8] {
    var options = ContainerCases.options
    options.eventsPerBlock = 12
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink, options: options)
    for number in 0..<count {
      writer.motion(
        at: Int64(number) * 1_000, x: Int32(number), y: 0,
        track: TrackID(rawValue: UInt16(number % 5 / 3)))
      if number % 40 == 5 { writer.append(ExtraRecord(type: 140, payload: [1, 2, 3])) }
    }
    try writer.finish()
    return sink.bytes
  }

  private static func pieces(_ seen: inout Observation) throws {
    let bytes = try recording(100)
    for size in [1, 7, 64, 300] {
      let storage = MemoryStorage()
      let follower = RecordingFollower(path: "/a.itape", storage: storage)
      seen.add(follower)
      let file = FileSink(try storage.create("/a.itape", replacing: false))
      var offset = 0
      while offset < bytes.count {
        let end = min(offset + size, bytes.count)
        try file.write(Array(bytes[offset..<end]).span)
        offset = end
        seen.add(follower)
      }
      seen.mark("pieces of \(size)")
    }
  }

  private static func damage(_ seen: inout Observation) throws {
    let bytes = try recording(100)
    for offset in stride(from: 3, to: bytes.count, by: 17) {
      var changed = bytes
      changed[offset] ^= 0x10
      let storage = MemoryStorage()
      let follower = RecordingFollower(path: "/a.itape", storage: storage)
      for end in [bytes.count / 3, bytes.count / 2, bytes.count] {
        storage.put(Array(changed[..<end]), at: "/a.itape")
        seen.add(follower)
      }
      seen.mark("damage at \(offset)")
    }
  }
}

extension Observation {
  /// Adds all that a follower finds until it waits.
  mutating func add(_ follower: RecordingFollower) {
    attempt("look") { seen in
      for _ in 0..<1_000 {
        switch try follower.next() {
        case .block(let runs): try seen.add(runs)
        case .waiting:
          seen.add(1 as UInt64)
          return
        case .end:
          seen.add(2 as UInt64)
          return
        }
      }
    }
    for loss in follower.losses { add(described: loss) }
    add(described: follower.missingSegments)
  }
}
