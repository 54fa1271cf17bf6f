// SPDX-License-Identifier: Apache-2.0
//
// What of a section is the same in most blocks of a recording (Specs/Format.md, section 6.1).

/// Track, form, content and class of a section, and whether it begins later than its block.
struct SectionShape: Hashable, Sendable {
  var track: TrackID
  private var descriptor: UInt8

  static let isLaterBit: UInt8 = 8

  init(_ entry: SectionEntry, blockTime: Int64) {
    track = entry.track
    descriptor = entry.descriptor | (entry.firstTime == blockTime ? 0 : Self.isLaterBit)
  }

  private init(track: TrackID, descriptor: UInt8) {
    self.track = track
    self.descriptor = descriptor
  }

  var isLater: Bool { descriptor & Self.isLaterBit != 0 }

  private var content: SectionEntry.Content { descriptor & 4 == 0 ? .events : .state }

  private var form: SectionForm {
    switch descriptor & 3 {
    case 0: .plain
    case 1: .zstd
    case 2: .deflate
    default: .adaptive
    }
  }

  /// The place of the track's section of this content among all there can be.
  var orderKey: Int { content.orderKey(on: track) }

  func encode(into writer: inout ByteWriter) {
    writer.appendVarint(UInt64(track.rawValue))
    writer.append(descriptor)
  }

  static func decode(_ reader: inout ByteReader) throws(FormatError) -> SectionShape {
    let track = try reader.readCount(limit: Limits.tracks - 1)
    return SectionShape(
      track: TrackID(rawValue: UInt16(track)), descriptor: try reader.readUInt8())
  }

  /// The section of this shape; its time and checksum are still missing.
  func entry(storedByteCount: Int, eventCount: Int) -> SectionEntry {
    SectionEntry(
      track: track, trackClass: TrackClass(rawValue: descriptor >> 4),
      content: content, form: form,
      storedByteCount: storedByteCount, eventCount: eventCount, firstTime: 0, checksum: 0)
  }

  /// Reads how much later than its block the section begins, if it does.
  ///
  /// - Returns: when it begins.
  func decodeTime(
    _ reader: inout ByteReader, firstTime: Int64, unit: Int64
  ) throws(FormatError) -> Int64 {
    guard isLater else { return firstTime }
    let error = reader.error(.malformed)
    let later = try reader.readVarint(times: unit)
    guard later > 0 else { throw error }
    return firstTime &+ Int64(bitPattern: later)
  }
}
