// SPDX-License-Identifier: Apache-2.0
//
// Files of blocks whose headers and directories are sound: of as many sections as they may have,
// all of which overlap in time, and hardly one of which can be decoded.

import InputTape

extension HostileKind {
  private static func described(
    _ track: Int, _ section: [UInt8], eventCount: Int, content: SectionEntry.Content = .events,
    firstTime: Int64 = 0, form: SectionForm = .plain, isDamaged: Bool = false
  ) -> SectionEntry {
    SectionEntry(
      track: TrackID(rawValue: UInt16(track)), trackClass: .pointer, content: content, form: form,
      storedByteCount: section.count, eventCount: eventCount, firstTime: firstTime,
      checksum: isDamaged ? 0 : CRC32C.checksum(section))
  }

  /// Blocks of one section of an event, with a wrong checksum.
  private static func lostBlocks(
    _ name: String, track: Int = 0, at time: @escaping @Sendable (Int) -> Int64
  ) -> HostileKind {
    HostileKind("small lost blocks " + name) { file, number in
      let time = time(number)
      let section = described(track, [1], eventCount: 1, firstTime: time, isDamaged: true)
      file.appendBlock([section], [1], firstTime: time)
    }
  }

  /// The section of an event, and the form it has.
  private static func event(at time: Int64) -> (bytes: [UInt8], form: SectionForm) {
    var batch = EventBatch(track: .first)
    batch.append(Event(time: time, track: .first, body: .button(button: 1, state: .down)))
    var bytes: [UInt8] = []
    let settings = EncodingSettings(preset: .fast, compression: .none)
    let form = SectionEncoder().encode(batch, settings: settings, into: &bytes)
    return (bytes, form)
  }

  /// Blocks with a section of each track, of which these can be read.
  private static func blocks(
    _ name: String, readable: Range<Int>, step: Int64 = 0
  ) -> HostileKind {
    HostileKind(name) { file, number in
      let time = step * Int64(number)
      let event = event(at: time)
      let sections = (0..<Limits.tracks).map { track in
        readable.contains(track)
          ? described(track, event.bytes, eventCount: 1, firstTime: time, form: event.form)
          : described(track, [0], eventCount: 1, firstTime: time)
      }
      let bytes = sections.indices.flatMap { readable.contains($0) ? event.bytes : [0] }
      file.appendBlock(sections, bytes, firstTime: time)
    }
  }

  static let sections: [HostileKind] = [
    HostileKind("blocks of 2,048 empty sections") { file, _ in
      let sections = (0..<Limits.tracks).flatMap { track in
        [described(track, [], eventCount: 0, content: .state), described(track, [], eventCount: 0)]
      }
      file.appendBlock(sections, [])
    },
    HostileKind("blocks of 1,024 states that claim 65,536 events") { file, _ in
      let sections = (0..<Limits.tracks).map { track in
        described(track, [0], eventCount: Limits.eventsPerBlock, content: .state)
      }
      file.appendBlock(sections, [UInt8](repeating: 0, count: Limits.tracks), flags: .stateKeyframe)
    },
    HostileKind("blocks of 1,024 sections that claim 64 events") { file, _ in
      let sections = (0..<Limits.tracks).map { described($0, [0], eventCount: 64) }
      file.appendBlock(sections, [UInt8](repeating: 0, count: Limits.tracks))
    },
    blocks("blocks with one section in 1,024 that can be read", readable: 5..<6),
    blocks("such blocks one after another", readable: 5..<6, step: 1_000),
    blocks("blocks of one event of each of 1,024 tracks", readable: 0..<Limits.tracks),
    lostBlocks("at one time") { _ in 0 },
    lostBlocks("of the last track", track: Limits.tracks - 1) { 5 * Int64($0) },
    lostBlocks("backwards") { -Int64($0) },
    lostBlocks("at any time") {
      // Far apart, and never twice the same.
      Int64(truncatingIfNeeded: UInt64($0) &* 0x9E37_79B9_7F4A_7C15) / 4
    },
  ]
}
