// SPDX-License-Identifier: Apache-2.0
//
// Recordings that are not as they were written: cut, changed, overwritten, put together.

import InputTape
import InputTapeCore
import InputTapeProbes
import InputTapeTestKit

/// Cases of damage to one recording, with its checksums put right or not.
enum DamageCases {
  static var all: [DigestCase] {
    [false, true].flatMap { isMended in
      (0..<4).map { part in
        DigestCase("damage/\(isMended ? "mended" : "changed")-\(part)") { seen in
          let bytes = try recording()
          for offset in stride(from: 6 * part, to: bytes.count, by: 24) {
            var changed = bytes
            changed[offset] ^= [1, 4, 0x80, 0x20, 0xFF][offset / 24 % 5]
            if isMended { Mender.mend(&changed) }
            seen.add(damaged: changed)
            seen.mark("byte \(offset)")
          }
        }
      }
    }
      + [
        DigestCase("damage/cuts") { seen in
          let bytes = try recording()
          for length in stride(from: 0, to: bytes.count, by: 29) {
            seen.add(damaged: Array(bytes[..<length]))
            seen.mark("cut at \(length)")
          }
        },
        DigestCase("damage/pieces", pieces), DigestCase("damage/segments", segments),
        DigestCase("damage/many-losses", manyLosses),
      ]
  }

  private static func recording() throws -> [UInt8] {
    var story = WriterStory(seed: 12)
    story.options.eventsPerBlock = 25
    story.options.reblocksAtEnd = false
    story.metadata["purpose"] = "damage"
    var nothing = Observation()
    story.write(into: &nothing, steps: 14) { $0.anything($2) }
    return story.memory.contents(story.path) ?? []
  }

  /// Pieces lost, doubled, overwritten by zeros or noise, exchanged.
  private static func pieces(_ seen: inout Observation) throws {
    let bytes = try recording()
    var rng = SeededRandom(seed: 5)
    for step in 0..<90 {
      let start = rng.number(below: bytes.count)
      let end = min(bytes.count, start + 1 + rng.number(below: rng.element([40, 600])))
      let other = rng.number(below: bytes.count)
      let piece = Array(bytes[start..<end])
      var changed = bytes
      switch step % 5 {
      case 0: changed.removeSubrange(start..<end)
      case 1: changed.insert(contentsOf: piece, at: other)
      case 2: changed.replaceSubrange(start..<end, with: repeatElement(0, count: piece.count))
      case 3: changed.replaceSubrange(start..<end, with: rng.bytes(piece.count))
      default: changed += piece
      }
      seen.add(damaged: changed)
      seen.mark("piece \(step)")
    }
  }

  /// Segments missing, damaged, exchanged, of other recordings.
  private static func segments(_ seen: inout Observation) throws {
    var story = WriterStory(seed: 13)
    story.options.flushIntervalNanoseconds = 100_000_000
    story.options.segmentByteLimit = 700
    story.options.reblocksAtEnd = false
    story.options.queueWordCount = 1 << 14
    story.write(into: &seen, steps: 10) { story, _, writer in story.positions(writer, 90) }
    let paths = story.memory.paths
    for (number, path) in paths.enumerated() {
      let bytes = story.memory.contents(path) ?? []
      let next = story.memory.contents(paths[(number + 1) % paths.count]) ?? []
      var changed = bytes
      changed[bytes.count / 2] ^= 1
      var headless = bytes
      headless[5] ^= 1
      for other in [
        nil, [], Array(bytes[..<(bytes.count / 2)]), Array(bytes[..<(bytes.count - 16)]), next,
        changed, headless,
      ] as [[UInt8]?] {
        if let other { story.memory.put(other, at: path) } else { try story.memory.remove(path) }
        seen.add(recording: story.memory, at: "/r/a.itape", isWide: number < 2)
        seen.add(recording: story.memory, at: "/r", isWide: false)
      }
      story.memory.put(bytes, at: path)
      seen.mark(path)
    }
  }

  /// More losses than a list holds.
  private static func manyLosses(_ seen: inout Observation) throws {
    var options = ContainerCases.options
    options.eventsPerBlock = 1
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink, options: options)
    for number in 0..<2_400 {
      writer.motion(
        at: Int64(number), x: 1, y: 2, track: TrackID(rawValue: UInt16(number / 4 % 3)))
    }
    try writer.finish()
    let blocks = try FoundRecord.all(in: sink.bytes).filter { $0.header.type == .data }
    // A byte of a section, or of a header.
    for isInHeader in [false, true] {
      var bytes = sink.bytes
      for (number, block) in blocks.enumerated() where number % 2 == 0 {
        bytes[isInHeader ? block.start + 9 : block.end - 1] ^= 1
      }
      seen.add(damaged: bytes)
    }
  }
}

extension Observation {
  /// Adds what is read of bytes by scan and by index, what is verified, and what is recovered.
  fileprivate mutating func add(damaged bytes: [UInt8]) {
    let storage = MemoryStorage()
    storage.put(bytes, at: "/a.itape")
    add(recording: storage, at: "/a.itape", isWide: false)
    attempt("recovered") { seen in
      var options = WriterOptions()
      options.encoding.compression = .none
      options.queueWordCount = 1 << 14
      let report = try RecordingRecovery.recover(
        path: "/a.itape", to: "/b.itape", options: options,
        environment: WriterEnvironment(storage: storage))
      seen.add(described: report)
      seen.add(storage.contents("/b.itape") ?? [])
    }
  }
}
