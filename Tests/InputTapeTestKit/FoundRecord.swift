// SPDX-License-Identifier: Apache-2.0
//
// Records in the bytes of a segment, found by their headers alone.

import InputTape

/// A record and where it stands.
package struct FoundRecord {
  package let header: RecordHeader
  /// Where the header begins.
  package let start: Int

  /// Where the payload begins, in a block its directory.
  package var payload: Int { start + header.headByteCount }
  package var end: Int { start + header.recordByteCount }
  package var range: Range<Int> { start..<end }

  /// The record at a place; nil where its header is none.
  package init?(_ bytes: [UInt8], at start: Int, id: RecordingID) {
    guard start < bytes.count else { return nil }
    let end = min(start + RecordHeader.mostByteCount, bytes.count)
    let head = bytes.span.extracting(start..<end)
    guard let header = try? RecordHeader.decode(head, id: id, at: UInt64(start)) else { return nil }
    self.header = header
    self.start = start
  }

  /// All records from the first on, as long as each begins where the one before ends.
  package static func all(in bytes: [UInt8]) throws -> [FoundRecord] {
    let id = try FileHeader.decode(bytes.span, at: 0).recordingID
    var found: [FoundRecord] = []
    var position = FileHeader.byteCount
    while let record = FoundRecord(bytes, at: position, id: id) {
      found.append(record)
      position = record.end
    }
    return found
  }
}
