// SPDX-License-Identifier: Apache-2.0
//
// Sections out of a recording: read, checked, decoded, without their neighbours.

import InputTapeCore

/// Reads and decodes sections; owns its memory, at most 8 MiB.
final class SectionLoader {
  private let source: any ByteSource
  /// The source, where its bytes need not be copied.
  private let resident: (any ResidentSource)?
  private let id: RecordingID
  /// Made when the first section is decoded: its tables are large.
  private var decoder: SectionDecoder?
  private var buffer: [UInt8] = []

  init(source: any ByteSource, id: RecordingID) {
    self.source = source
    resident = source as? any ResidentSource
    self.id = id
  }

  /// Lets go of what decoding has needed; the next section makes it anew.
  func releaseMemory() {
    decoder = nil
    buffer = []
  }

  /// Reads a block's header and directory, on which the checks of its sections rest.
  ///
  /// - Parameter record: what the index or the scan said of it.
  /// - Throws: where the index has said what this is, it may be said wrongly: a scan finds out.
  func sections(of record: RecordEntry) throws(FileError) -> [SectionPlace] {
    guard !record.flags.contains(.sealed) else { return [] }
    let headByteCount = Int(record.headByteCount) + Int(record.directoryByteCount)
    try source.read(
      at: record.position, count: max(headByteCount, RecordHeader.mostByteCount), into: &buffer)
    let bytes = buffer
    let id = self.id
    let entries = try check { () throws(FormatError) in
      let header = try RecordHeader.decode(bytes.span, id: id, at: record.position)
      guard record.agrees(with: header) else { throw FormatError(.index, at: record.position) }
      return try SectionDirectory.decode(
        record: bytes.span, header: header, at: record.position)
    }
    var position = record.position + UInt64(headByteCount)
    return entries.map { entry in
      defer { position += UInt64(entry.storedByteCount) }
      return SectionPlace(entry: entry, position: position, record: record)
    }
  }

  /// Checks a section's bytes without decoding them.
  func verify(_ place: SectionPlace) throws(FileError) {
    try source.read(at: place.position, count: place.entry.storedByteCount, into: &buffer)
    guard buffer.count == place.entry.storedByteCount,
      CRC32C.checksum(buffer) == place.entry.checksum
    else { throw .format(FormatError(.sectionChecksum, at: place.position)) }
  }

  /// Decodes a section into `batch`, whose memory is used again.
  func load(
    _ place: SectionPlace, kinds: KindSet, into batch: inout EventBatch
  ) throws(FileError) {
    let section = place.entry
    let decoder = self.decoder ?? SectionDecoder()
    self.decoder = decoder
    batch.track = section.track
    try withBytes(of: place) { bytes throws(FileError) in
      try check { () throws(FormatError) in
        try decoder.decode(
          bytes, form: section.form, eventCount: section.eventCount,
          firstTime: section.firstTime, kinds: kinds, at: place.position, into: &batch)
        guard section.eventCount == 0 || batch.times.first == section.firstTime else {
          throw FormatError(.malformed, at: place.position)
        }
      }
    }
  }

  /// Calls `body` with a section's bytes, all of which are there and as they were written.
  private func withBytes(
    of place: SectionPlace, _ body: (Span<UInt8>) throws(FileError) -> Void
  ) throws(FileError) {
    let count = place.entry.storedByteCount
    guard let resident else {
      try source.read(at: place.position, count: count, into: &buffer)
      let bytes = buffer
      try Self.match(bytes.span, of: place)
      return try body(bytes.span)
    }
    try resident.withBytes(at: place.position, count: count) { bytes throws(FileError) in
      try Self.match(bytes, of: place)
      try body(bytes)
    }
  }

  private static func match(_ bytes: Span<UInt8>, of place: SectionPlace) throws(FileError) {
    guard bytes.count == place.entry.storedByteCount else {
      throw .format(FormatError(.truncated, at: place.position + UInt64(bytes.count)))
    }
    guard CRC32C.checksum(bytes) == place.entry.checksum else {
      throw .format(FormatError(.sectionChecksum, at: place.position))
    }
  }
}
