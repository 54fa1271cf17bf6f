// SPDX-License-Identifier: Apache-2.0
//
// The sections of one stretch of time to the bytes of one DATA record (Specs/Format.md, section 6).

/// What one block holds, before it is encoded.
package struct BlockDraft: Sendable {
  /// The events, one batch a track, sorted by track; none is empty.
  package var batches: [EventBatch] = []
  /// Each track's state at the block's start, where the block holds that; sorted by track.
  package var keyframes: [EventBatch] = []
  /// Whether the block holds the state of all tracks.
  package var isKeyframe = false

  package init() {}

  package var eventCount: Int { batches.reduce(0) { $0 + $1.count } }

  private var foundTimeBounds: TimeBounds?

  /// The earliest and the latest time of events.
  private struct TimeBounds: Sendable {
    var first: Int64
    var last: Int64
  }

  /// Looks at all times once; from now on the events must not change.
  package mutating func findTimeBounds() {
    let bounds = timeBounds
    foundTimeBounds = TimeBounds(first: bounds.first, last: bounds.last)
  }

  /// The earliest and the latest time of the events.
  ///
  /// - Complexity: O(events), or constant where they were found.
  package var timeBounds: (first: Int64, last: Int64) {
    if let foundTimeBounds { return (foundTimeBounds.first, foundTimeBounds.last) }
    var first = Int64.max
    var last = Int64.min
    for batch in batches {
      for time in batch.times {
        first = min(first, time)
        last = max(last, time)
      }
    }
    return first <= last ? (first, last) : (0, 0)
  }
}

/// A block that only its sequence number is missing.
package struct EncodedBlock: Sendable {
  /// Room for the header, then payload and padding.
  package var bytes: [UInt8] = []
  package var header = RecordHeader(
    type: .data, sequence: 0, storedByteCount: 0, rawByteCount: 0, payloadChecksum: 0)
  package var sections: [SectionEntry] = []

  package init() {}

  /// Writes the header in front of the payload.
  package mutating func complete(sequence: UInt32, id: RecordingID) {
    header.sequence = sequence
    bytes.replaceSubrange(0..<RecordHeader.byteCount, with: header.encode(id: id))
  }
}

/// Encodes blocks; owns its memory.
package final class BlockEncoder {
  private let sectionEncoder = SectionEncoder()
  private var sectionBytes: [UInt8] = []

  package init() {}

  /// Encodes a block into `block`, whose memory is used again.
  package func encode(
    _ draft: BlockDraft, settings: EncodingSettings, classes: [TrackID: TrackClass],
    into block: inout EncodedBlock
  ) {
    // Taken out of the object, so that spans of it need no exclusivity checks.
    var bytes = sectionBytes
    sectionBytes = []
    defer { sectionBytes = bytes }
    bytes.removeAll(keepingCapacity: true)
    block.sections.removeAll(keepingCapacity: true)
    let parts =
      draft.keyframes.map { ($0, SectionEntry.Content.state) }
      + draft.batches.map { ($0, SectionEntry.Content.events) }
    for (batch, content) in parts {
      block.sections.append(
        encodeSection(
          batch, content: content, trackClass: classes[batch.track] ?? .custom,
          settings: settings, into: &bytes))
    }
    assemble(draft, sectionBytes: bytes, into: &block)
  }

  private func encodeSection(
    _ batch: EventBatch, content: SectionEntry.Content, trackClass: TrackClass,
    settings: EncodingSettings, into bytes: inout [UInt8]
  ) -> SectionEntry {
    let start = bytes.count
    let form = sectionEncoder.encode(batch, settings: settings, into: &bytes)
    let checksum = CRC32C.checksum(bytes.span.extracting(start..<bytes.count))
    return SectionEntry(
      track: batch.track, trackClass: trackClass, content: content, form: form,
      storedByteCount: bytes.count - start, eventCount: batch.count,
      firstTime: batch.times.first ?? 0, checksum: checksum)
  }

  /// Directory and sections, in the directory's order.
  private func assemble(
    _ draft: BlockDraft, sectionBytes: [UInt8], into block: inout EncodedBlock
  ) {
    var starts: [Int] = []
    var start = 0
    for section in block.sections {
      starts.append(start)
      start += section.storedByteCount
    }
    let order = block.sections.indices.sorted {
      block.sections[$0].orderKey < block.sections[$1].orderKey
    }
    let bounds = draft.timeBounds
    let directory = SectionDirectory.encode(
      order.map { block.sections[$0] }, firstTime: bounds.first)
    let payloadByteCount = directory.count + sectionBytes.count
    precondition(payloadByteCount <= Limits.storedByteCount, "A block is cut before it is too big")
    block.bytes.removeAll(keepingCapacity: true)
    block.bytes.append(contentsOf: repeatElement(0, count: RecordHeader.byteCount))
    block.bytes.append(contentsOf: directory)
    for index in order {
      let end = starts[index] + block.sections[index].storedByteCount
      block.bytes.append(contentsOf: sectionBytes[starts[index]..<end])
    }
    block.bytes.append(contentsOf: repeatElement(0, count: -payloadByteCount & 7))
    block.sections = order.map { block.sections[$0] }
    block.header = RecordHeader(
      type: .data, flags: draft.isKeyframe ? .stateKeyframe : [],
      directoryByteCount: UInt16(clamping: directory.count), sequence: 0,
      storedByteCount: UInt32(payloadByteCount), rawByteCount: 0,
      eventCount: UInt32(draft.eventCount), payloadChecksum: CRC32C.checksum(directory),
      firstTime: bounds.first,
      span: UInt64(bitPattern: bounds.last) &- UInt64(bitPattern: bounds.first))
  }
}
