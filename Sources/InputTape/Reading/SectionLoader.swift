// SPDX-License-Identifier: Apache-2.0
//
// One section out of a recording: read, checked, decoded, without its neighbours.

import InputTapeCore

/// Reads and decodes sections; owns its memory, at most 8 MiB.
final class SectionLoader {
  private let source: any ByteSource
  private let list: BlockList
  private let id: RecordingID
  private let decoder = SectionDecoder()
  private var buffer: [UInt8] = []
  private var sections: [SectionEntry] = []
  /// The record whose header and directory have been checked last.
  private var checkedPosition: UInt64?

  /// - Parameter list: what the index or a scan said of the records.
  init(source: any ByteSource, list: BlockList, id: RecordingID) {
    self.source = source
    self.list = list
    self.id = id
  }

  /// Decodes a section into `batch`, whose memory is used again.
  ///
  /// - Parameters:
  ///   - number: which of the record's sections, in the directory's order.
  ///   - index: which of the list's records.
  func load(
    _ number: Int, of index: Int, kinds: KindSet, into batch: inout EventBatch
  ) throws(FileError) {
    let record = list.records[index]
    try checkDirectory(of: record, expecting: list.sections[list.sectionRange(of: index)])
    let section = sections[number]
    var start =
      record.position + UInt64(RecordHeader.byteCount) + UInt64(record.directoryByteCount)
    for other in sections[..<number] { start += UInt64(other.storedByteCount) }
    try source.read(at: start, count: section.storedByteCount, into: &buffer)
    let decoder = self.decoder
    let bytes = buffer
    batch.track = section.track
    try check { () throws(FormatError) in
      guard bytes.count == section.storedByteCount else {
        throw FormatError(.truncated, at: start + UInt64(bytes.count))
      }
      guard CRC32C.checksum(bytes) == section.checksum else {
        throw FormatError(.sectionChecksum, at: start)
      }
      try decoder.decode(
        bytes.span, form: section.form, eventCount: section.eventCount, kinds: kinds, at: start,
        into: &batch)
      guard section.eventCount == 0 || batch.times.first == section.firstTime else {
        throw FormatError(.malformed, at: start)
      }
    }
  }

  /// Reads the header and the directory on which a section's checks rest, unless it just did; the
  /// directory must have all sections that were said to be there, and no other.
  private func checkDirectory(
    of record: RecordEntry, expecting expected: ArraySlice<SectionEntry>
  ) throws(FileError) {
    if checkedPosition == record.position { return }
    checkedPosition = nil
    let headByteCount = RecordHeader.byteCount + Int(record.directoryByteCount)
    try source.read(at: record.position, count: headByteCount, into: &buffer)
    let bytes = buffer
    let id = self.id
    let found = try check { () throws(FormatError) in
      let header = try RecordHeader.decode(bytes.span, id: id, at: record.position)
      guard record.agrees(with: header) else { throw FormatError(.index, at: record.position) }
      let position = record.position + UInt64(RecordHeader.byteCount)
      guard bytes.count == headByteCount else {
        throw FormatError(.truncated, at: record.position + UInt64(bytes.count))
      }
      let directory = bytes.span.extracting(RecordHeader.byteCount..<headByteCount)
      guard CRC32C.checksum(directory) == header.payloadChecksum else {
        throw FormatError(.payloadChecksum, at: position)
      }
      return try SectionDirectory.decode(directory, header: header, at: position)
    }
    // An index has no checksums of sections.
    let isExpected =
      found.count == expected.count
      && zip(found, expected).allSatisfy { found, expected in
        var expected = expected
        expected.checksum = found.checksum
        return found == expected
      }
    guard isExpected else { throw .format(FormatError(.index, at: record.position)) }
    sections = found
    checkedPosition = record.position
  }
}
