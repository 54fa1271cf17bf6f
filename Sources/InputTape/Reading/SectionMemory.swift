// SPDX-License-Identifier: Apache-2.0
//
// The memory of the sections that are under way while a recording is read in order: a few bytes can
// stand for 4 MiB, and 1,024 tracks can be under way at once.
//
// Invariant: `byteCount` and `slackByteCount` are those of the sections that were begun and not
// left.

import InputTapeCore

/// How much is decoded, and what is used again.
struct SectionMemory {
  /// As much is held as whole sections; of those that come then, a part.
  private let wholeByteLimit: Int
  /// And as much with those parts.
  private let byteLimit: Int
  private(set) var byteCount = 0
  /// Room of arrays that were larger before, and that nothing stands in.
  private var slackByteCount = 0
  private var spare: [LoadedSection] = []
  /// Events of these are asked for.
  private let kinds: KindSet

  private static let slackByteLimit = 8 << 20

  /// - Parameters:
  ///   - budget: what a reader may take in all.
  ///   - kinds: of which events are asked for.
  init(budget: Int, kinds: KindSet) {
    self.kinds = kinds
    wholeByteLimit = budget / 4
    byteLimit = max(min(budget, 64 << 20), wholeByteLimit + wholeByteLimit / 2)
  }

  /// Whether a section is better held in parts.
  func isShort(for batch: EventBatch) -> Bool {
    byteCount + batch.memoryByteCount > wholeByteLimit
  }

  /// A section that has been given, where nobody else holds it: its memory is for another one's
  /// events, which replace all that is in it.
  mutating func takeBatch(of track: TrackID) -> EventBatch {
    // That of the same track has room where it is needed.
    let found = spare.lastIndex { $0.events.batch.track == track } ?? spare.count - 1
    guard found >= 0 else { return EventBatch(track: track) }
    var section = spare.remove(at: found)
    guard isKnownUniquelyReferenced(&section) else { return EventBatch(track: track) }
    return section.events.batch
  }

  /// Holds a section, or a part of it; nil where there is no room for it beside others.
  mutating func begin(_ batch: EventBatch) -> LoadedSection? {
    var section = LoadedSection(SectionEvents(batch, kinds: kinds))
    let count = byteCount + section.memoryByteCount
    guard byteCount == 0 || count <= byteLimit else { return nil }
    // The room of a large section does not wait in a small one's hands.
    if slackByteCount + section.slackByteCount > Self.slackByteLimit {
      let large = section
      section = LoadedSection(SectionEvents(batch.part(0..<batch.count), kinds: kinds))
      keep(large)
    }
    byteCount = count
    slackByteCount += section.slackByteCount
    return section
  }

  /// Leaves a section that has been given.
  mutating func leave(_ section: LoadedSection) {
    byteCount -= section.memoryByteCount
    slackByteCount -= section.slackByteCount
    keep(section)
  }

  private mutating func keep(_ section: LoadedSection) {
    if spare.count < 4 { spare.append(section) }
  }
}
