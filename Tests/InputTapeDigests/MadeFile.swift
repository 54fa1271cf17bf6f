// SPDX-License-Identifier: Apache-2.0
//
// Recordings put together record by record, as no writer would.

import InputTapeCore

/// A file of any records.
struct MadeFile {
  private(set) var bytes = FileHeader(recordingID: ContainerCases.id).encode()
  private var sequence: UInt32 = 0
  /// What the next index lists.
  private var list = BlockList()
  private(set) var indexes: [UInt64] = []

  var position: UInt64 { UInt64(bytes.count) }

  init() {
    let header = FileHeader(recordingID: ContainerCases.id)
    append(.metadata, RecordingMetadata().encode(header: header))
  }

  private mutating func note(_ header: RecordHeader, _ sections: [SectionEntry]) {
    list.append(RecordEntry(header, position: position), sections: sections)
    sequence += 1
  }

  mutating func append(_ type: RecordType, flags: RecordFlags = [], _ payload: [UInt8]) {
    let (header, bytes) = RecordEncoder().encode(
      type, flags: flags, payload: payload, compression: .none, sequence: sequence,
      id: ContainerCases.id)
    note(header, [])
    self.bytes += bytes
  }

  /// Adds a block of batches, empty ones too.
  mutating func append(_ batches: [EventBatch]) {
    var (sections, draft, block) = (EncodedSections(), BlockDraft(), EncodedBlock())
    sections.append(
      batches, content: .events, with: SectionEncoder(),
      settings: EncodingSettings(compression: .none), classes: [:])
    draft.batches = batches.filter { $0.count > 0 }
    block.assemble(sections, of: draft, isKeyframe: false)
    block.complete(sequence: sequence, id: ContainerCases.id)
    note(block.header, block.sections)
    bytes += block.bytes[block.start...]
  }

  /// Adds an index of the records since the last one, which says that another one stands somewhere.
  mutating func appendIndex(_ flags: RecordFlags = [], previous: UInt64? = nil) {
    let payload = list.encodeIndex(previousIndex: previous ?? indexes.last ?? 0)
    list.removeAll()
    indexes.append(position)
    append(.index, flags: flags, payload)
  }

  /// Adds the last index and the trailer.
  mutating func close(previous: UInt64? = nil) {
    appendIndex(.final, previous: previous)
    bytes += Trailer.encode(indexPosition: indexes.last ?? 0, id: ContainerCases.id)
  }
}
