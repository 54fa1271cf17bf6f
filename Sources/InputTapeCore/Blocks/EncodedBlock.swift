// SPDX-License-Identifier: Apache-2.0
//
// The bytes of one DATA record (Specs/Format.md, section 6).

/// A block that only its sequence number is missing.
package struct EncodedBlock: Sendable {
  /// Room for the header, then the directory and the sections; the record begins at `start`.
  package var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  package var sections: [SectionEntry] = []
  package private(set) var start = 0
  private var sectionStart = 0
  package var header = RecordHeader(type: .data, sequence: 0, storedByteCount: 0)

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
    let bounds = parts.timeBounds
    let span = UInt64(bitPattern: bounds.last) &- UInt64(bitPattern: bounds.first)
    var flags: RecordFlags = isKeyframe ? .stateKeyframe : []
    flags.decade = RecordFlags.decade(
      dividing: [bounds.first, bounds.last] + sections.map(\.firstTime))
    directory = SectionDirectory.encode(
      sections, firstTime: bounds.first, unit: flags.timeUnit)
    let payloadByteCount = directory.count + parts.bytes.count
    precondition(payloadByteCount <= Limits.storedByteCount, "A block is cut before it is too big")
    // The number that it will have may be a long one.
    header = RecordHeader(
      type: .data, flags: flags, sectionCount: UInt16(sections.count),
      directoryByteCount: UInt16(directory.count), sequence: .max,
      storedByteCount: UInt32(payloadByteCount), eventCount: UInt32(draft.eventCount),
      firstTime: bounds.first, span: span)
    if !header.hasInlineDirectory { header.payloadChecksum = CRC32C.checksum(directory) }
    sectionStart = header.headByteCount + directory.count
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: repeatElement(0, count: sectionStart))
    for index in order {
      let end = starts[index] + parts.entries[index].storedByteCount
      bytes.append(contentsOf: parts.bytes[starts[index]..<end])
    }
  }

  /// Writes header and directory in front of the sections.
  package mutating func complete(sequence: UInt32, id: RecordingID) {
    header.sequence = sequence
    let head = header.encode(id: id, directory: directory)
    start = sectionStart - head.count
    bytes.replaceSubrange(start..<sectionStart, with: head)
  }
}
