// SPDX-License-Identifier: Apache-2.0
//
// Where the records of a segment are: what a scan finds and what the index holds
// (Specs/Format.md, section 7).
//
// Invariant: records are sorted by position and sequence number; a record's sections are
// `sections[sectionStarts[i]..<sectionStarts[i + 1]]`.

/// One record of a segment, as its header describes it.
package struct RecordEntry: DescribedRecord, Hashable, Sendable {
  package var type: RecordType
  package var flags: RecordFlags
  package var directoryByteCount: UInt16
  package var sequence: UInt32
  package var storedByteCount: UInt32
  package var rawByteCount: UInt32
  package var eventCount: UInt32
  /// Bytes of the header, without a block's directory.
  package var headByteCount: UInt8
  package var position: UInt64
  package var firstTime: Int64
  package var span: UInt64

  package init(_ header: RecordHeader, position: UInt64) {
    type = header.type
    flags = header.flags
    directoryByteCount = header.directoryByteCount
    sequence = header.sequence
    storedByteCount = header.storedByteCount
    rawByteCount = header.rawByteCount
    eventCount = header.eventCount
    headByteCount = UInt8(header.headByteCount)
    self.position = position
    firstTime = header.firstTime
    span = header.span
  }

  /// The latest time in the block.
  package var lastTime: Int64 { firstTime &+ Int64(bitPattern: span) }

  /// Header and payload.
  package var byteCount: UInt64 { UInt64(headByteCount) + UInt64(storedByteCount) }

  /// Where the payload begins.
  package var payloadPosition: UInt64 { position &+ UInt64(headByteCount) }

  /// Whether a header is the one that this entry describes.
  package func agrees(with header: RecordHeader) -> Bool {
    self == RecordEntry(header, position: position)
  }
}

/// The records of a segment and the sections of its blocks.
package struct BlockList: Hashable, Sendable {
  package private(set) var records: [RecordEntry] = []
  package private(set) var sections: [SectionEntry] = []
  package private(set) var sectionStarts: [Int32] = [0]

  package init() {}

  package mutating func append(_ record: RecordEntry, sections more: [SectionEntry]) {
    records.append(record)
    sections += more
    sectionStarts.append(Int32(clamping: sections.count))
  }

  package func sectionRange(of record: Int) -> Range<Int> {
    Int(sectionStarts[record])..<Int(sectionStarts[record + 1])
  }

  /// Keeps the memory.
  package mutating func removeAll() {
    records.removeAll(keepingCapacity: true)
    sections.removeAll(keepingCapacity: true)
    sectionStarts.removeAll(keepingCapacity: true)
    sectionStarts.append(0)
  }
}

extension BlockList {
  /// The bytes that these records take.
  package var byteCount: UInt64 { records.reduce(0) { $0 + $1.byteCount } }
}
