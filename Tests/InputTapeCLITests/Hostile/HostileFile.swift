// SPDX-License-Identifier: Apache-2.0
//
// Recordings that nobody would write: every checksum is right, and what they say is not.

import Foundation
import InputTape
import InputTapeTestKit

/// Bytes of a recording, record by record.
struct HostileFile {
  static let id = RecordingID(bytes: Array(1...16))

  private(set) var bytes: [UInt8]
  private var sequence: UInt32 = 0
  private var repeatCount = 0

  init() { bytes = FileHeader(recordingID: Self.id).encode() }

  /// Adds a record's header as it is, and bytes behind it.
  mutating func append(
    _ header: RecordHeader, directory: [UInt8] = [], _ payload: [UInt8] = []
  ) {
    bytes += header.encode(id: Self.id, directory: directory) + payload
    sequence = header.sequence &+ 1
  }

  /// Adds the header of an empty block of the next number, changed.
  mutating func append(_ change: (inout RecordHeader) -> Void) {
    var header = RecordHeader(type: .data, sequence: sequence, storedByteCount: 0)
    change(&header)
    append(header)
  }

  /// Adds a block of any sections, whose bytes stand one behind the other.
  mutating func appendBlock(
    _ sections: [SectionEntry], _ bytes: [UInt8], flags: RecordFlags = [], firstTime: Int64 = 0,
    span: UInt64 = 0
  ) {
    let directory = SectionDirectory.encode(sections, firstTime: firstTime, unit: 1)
    let eventCount = sections.reduce(0) { $0 + ($1.content == .events ? $1.eventCount : 0) }
    append(
      RecordHeader(
        type: .data, flags: flags, sectionCount: UInt16(sections.count),
        directoryByteCount: UInt16(directory.count), sequence: sequence,
        storedByteCount: UInt32(directory.count + bytes.count), eventCount: UInt32(eventCount),
        payloadChecksum: CRC32C.checksum(directory), firstTime: firstTime, span: span),
      directory: directory, bytes)
  }

  /// Adds a block of one section.
  mutating func appendBlock(
    _ section: [UInt8], form: SectionForm, eventCount: Int, span: UInt64 = 0
  ) {
    let entry = SectionEntry(
      track: .first, trackClass: .pointer, content: .events, form: form,
      storedByteCount: section.count, eventCount: eventCount, firstTime: 0,
      checksum: CRC32C.checksum(section))
    appendBlock(eventCount == 0 ? [] : [entry], section, span: span)
  }

  /// Adds a record other than a block.
  mutating func append(
    _ type: RecordType, flags: RecordFlags = [], _ payload: [UInt8], rawByteCount: Int? = nil
  ) {
    append(
      RecordHeader(
        type: type, flags: flags, sequence: sequence, storedByteCount: UInt32(payload.count),
        rawByteCount: UInt32(rawByteCount ?? payload.count),
        payloadChecksum: CRC32C.checksum(payload)), payload)
  }

  /// Adds an INDEX record as the last, and the trailer.
  mutating func appendEnd(index payload: [UInt8], flags: RecordFlags, rawByteCount: Int) {
    let position = UInt64(bytes.count)
    append(.index, flags: flags.union(.final), payload, rawByteCount: rawByteCount)
    bytes += Trailer.encode(indexPosition: position, id: Self.id)
  }

  /// Adds bytes that are no record, again and again.
  mutating func appendRaw(_ more: [UInt8], times: Int) {
    for _ in 0..<times { bytes += more }
  }

  /// Changes one of the last bytes.
  mutating func changeByte(atEnd offset: Int) { bytes[bytes.count - offset] ^= 1 }

  mutating func destroyHeader() {
    for offset in 0..<FileHeader.byteCount { bytes[offset] = 0 }
  }

  /// Repeats all that stands behind the file header until there are so many bytes.
  mutating func fill(to byteCount: Int) {
    let more = bytes[FileHeader.byteCount...]
    repeatCount = (byteCount - bytes.count) / more.count
  }

  /// Fills up with a byte that is nothing.
  mutating func pad(to byteCount: Int) {
    bytes += [UInt8](repeating: 0xAA, count: byteCount - bytes.count)
  }

  var byteCount: Int { bytes.count + repeatCount * (bytes.count - FileHeader.byteCount) }

  /// Writes the file, without holding all of it.
  func write(to path: String) throws {
    try Data(bytes).write(to: URL(filePath: path))
    guard repeatCount > 0 else { return }
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    try file.seekToEnd()
    let more = Data(bytes[FileHeader.byteCount...])
    for _ in 0..<repeatCount { try file.write(contentsOf: more) }
    try file.close()
  }
}
