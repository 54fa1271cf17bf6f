// SPDX-License-Identifier: Apache-2.0
//
// The sections of a block on their way into it (Specs/Format.md, section 6.1).
//
// Invariant: `bytes` holds the sections in the order of `entries`.

/// Sections that have been encoded, in any order: the block's directory sorts them.
package struct EncodedSections: Sendable {
  package private(set) var bytes: [UInt8] = []
  package private(set) var entries: [SectionEntry] = []
  /// The times of events; those of states do not count.
  package private(set) var timeBounds = TimeBounds()

  package init() {}

  /// Forgets the sections; their memory is used again.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    timeBounds = TimeBounds()
  }

  /// Takes away the states, which have been added last.
  package mutating func removeStates() {
    while let last = entries.last, last.content == .state {
      bytes.removeLast(last.storedByteCount)
      entries.removeLast()
    }
  }

  /// Encodes batches behind the sections that are here.
  ///
  /// - Parameter neighbourCount: so many events are usually read with them.
  package mutating func append(
    _ batches: [EventBatch], content: SectionEntry.Content, with encoder: SectionEncoder,
    settings: EncodingSettings, classes: [TrackID: TrackClass], neighbourCount: Int = 0
  ) {
    for batch in batches {
      let start = bytes.count
      let form = encoder.encode(
        batch, settings: settings, neighbourCount: neighbourCount, into: &bytes)
      if content == .events {
        timeBounds.add(batch.times.span, areRising: encoder.areTimesRising)
      }
      let checksum = CRC32C.checksum(bytes.span.extracting(start..<bytes.count))
      entries.append(
        SectionEntry(
          track: batch.track, trackClass: classes[batch.track] ?? .custom, content: content,
          form: form, storedByteCount: bytes.count - start, eventCount: batch.count,
          firstTime: batch.times.first ?? 0, checksum: checksum))
    }
  }
}
