// SPDX-License-Identifier: Apache-2.0
//
// Records of types that this version does not know and may pass over (Specs/Format.md, section
// 4.3).

import InputTapeCore

/// A record of an unknown type that may be passed over, and that a rewritten recording keeps.
public struct ExtraRecord: Hashable, Sendable {
  /// The type: 128 to 255.
  public var type: UInt8
  public var payload: [UInt8]

  /// - Precondition: the type is 128 or more, and the payload keeps to `Limits.storedByteCount`.
  public init(type: UInt8, payload: [UInt8]) {
    precondition(type >= 128, "A record that may be passed over has the type's high bit")
    precondition(payload.count <= Limits.storedByteCount, "A record's payload is too long")
    self.type = type
    self.payload = payload
  }
}

extension RecordingReader {
  /// The records of unknown types, and before which block each stands (counted from 0).
  ///
  /// - Throws: an error of the system. Records whose checksum is wrong are noted as losses.
  public func extraRecords() throws(FileError) -> [(block: Int, record: ExtraRecord)] {
    var found: [(block: Int, record: ExtraRecord)] = []
    let decoder = RecordDecoder()
    var buffer: [UInt8] = []
    var block = 0
    for entry in list.records {
      if entry.type == .data { block += 1 }
      guard entry.type.isSkippable else { continue }
      try source.read(at: entry.position, count: Int(entry.byteCount), into: &buffer)
      let (bytes, id) = (buffer, header.recordingID)
      do throws(FormatError) {
        let header = try RecordHeader.decode(bytes.span, id: id, at: entry.position)
        let payload = try decoder.payload(
          bytes.span.extracting(RecordHeader.byteCount..<bytes.count), of: header,
          at: entry.position + UInt64(RecordHeader.byteCount))
        found.append((block, ExtraRecord(type: entry.type.rawValue, payload: payload)))
      } catch {
        log.note(
          Loss(
            range: entry.position..<(entry.position + entry.byteCount), error: error,
            eventCount: nil))
      }
    }
    return found
  }
}

extension RecordingWriter {
  /// Appends a record of a type that this version does not know.
  ///
  /// Ends the block that is being filled: the record stands between the events before it and those
  /// after it.
  public func append(_ record: ExtraRecord) {
    engine.withLock {
      engine.queueRecord(type: RecordType(rawValue: record.type), payload: record.payload)
    }
  }
}
