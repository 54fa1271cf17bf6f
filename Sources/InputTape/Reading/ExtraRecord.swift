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
    try placedExtraRecords().map { ($0.block, $0.record) }
  }

  /// The records of unknown types, and where each stands.
  func placedExtraRecords() throws(FileError) -> [(
    position: UInt64, block: Int, record: ExtraRecord
  )] {
    var found: [(position: UInt64, block: Int, record: ExtraRecord)] = []
    let decoder = RecordDecoder()
    let contents = self.contents
    var buffer: [UInt8] = []
    var block = 0
    var memoryByteCount = 0
    try contents.list.forEach { entry throws(FileError) in
      if entry.type == .data { block += 1 }
      guard entry.type.isSkippable else { return }
      memoryByteCount += 64 + Int(entry.storedByteCount)
      try contents.deadline.check(at: entry.position, memoryByteCount: memoryByteCount)
      try contents.source.read(at: entry.position, count: Int(entry.byteCount), into: &buffer)
      let (bytes, id) = (buffer, contents.header.recordingID)
      do throws(FormatError) {
        let header = try RecordHeader.decode(bytes.span, id: id, at: entry.position)
        let payload = try decoder.payload(
          bytes.span.extracting(header.headByteCount..<bytes.count), of: header,
          at: entry.payloadPosition)
        let record = ExtraRecord(type: entry.type.rawValue, payload: payload)
        found.append((entry.position, block, record))
      } catch {
        try contents.note(Loss(entry, error))
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
    _ = engine.accept(.record(RecordType(rawValue: record.type), record.payload))
  }
}
