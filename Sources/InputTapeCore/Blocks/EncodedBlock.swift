// SPDX-License-Identifier: Apache-2.0
//
// The bytes of one DATA record (Specs/Format.md, section 6).

/// A block that only its sequence number is missing.
package struct EncodedBlock: Sendable {
  /// Room for the header, then payload and padding.
  package var bytes: [UInt8] = []
  package var header = RecordHeader(
    type: .data, sequence: 0, storedByteCount: 0, rawByteCount: 0, payloadChecksum: 0)
  package var sections: [SectionEntry] = []

  package init() {}

  /// The same in memory of its own, no more than it takes.
  package var copy: EncodedBlock {
    var copy = self
    copy.bytes = []
    copy.bytes.reserveCapacity(bytes.count)
    copy.bytes.append(contentsOf: bytes)
    return copy
  }

  /// Puts a draft's sections together: directory and sections in the directory's order.
  ///
  /// - Parameter isKeyframe: whether they hold the state of all tracks.
  package mutating func assemble(
    _ parts: EncodedSections, of draft: BlockDraft, isKeyframe: Bool
  ) {
    var starts: [Int] = []
    var start = 0
    for section in parts.entries {
      starts.append(start)
      start += section.storedByteCount
    }
    let order = parts.entries.indices.sorted {
      parts.entries[$0].orderKey < parts.entries[$1].orderKey
    }
    sections = order.map { parts.entries[$0] }
    let bounds = draft.timeBounds
    let directory = SectionDirectory.encode(sections, firstTime: bounds.first)
    let payloadByteCount = directory.count + parts.bytes.count
    precondition(payloadByteCount <= Limits.storedByteCount, "A block is cut before it is too big")
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: repeatElement(0, count: RecordHeader.byteCount))
    bytes.append(contentsOf: directory)
    for index in order {
      let end = starts[index] + parts.entries[index].storedByteCount
      bytes.append(contentsOf: parts.bytes[starts[index]..<end])
    }
    bytes.append(contentsOf: repeatElement(0, count: -payloadByteCount & 7))
    header = RecordHeader(
      type: .data, flags: isKeyframe ? .stateKeyframe : [],
      directoryByteCount: UInt16(clamping: directory.count), sequence: 0,
      storedByteCount: UInt32(payloadByteCount), rawByteCount: 0,
      eventCount: UInt32(draft.eventCount), payloadChecksum: CRC32C.checksum(directory),
      firstTime: bounds.first,
      span: UInt64(bitPattern: bounds.last) &- UInt64(bitPattern: bounds.first))
  }

  /// Writes the header in front of the payload.
  package mutating func complete(sequence: UInt32, id: RecordingID) {
    header.sequence = sequence
    bytes.replaceSubrange(0..<RecordHeader.byteCount, with: header.encode(id: id))
  }
}
