// SPDX-License-Identifier: Apache-2.0
//
// Arbitrary bytes as the small parts of the container; checksums are mended, so that the checks
// behind them are reached. What is accepted must encode to the same bytes.

import InputTapeCore

/// Record headers, file headers, directories, metadata, index payloads and trailers.
public final class HeaderProbe: Probe {
  static let id = RecordingID(bytes: Array(0..<16))

  public init() {}

  public func run(_ bytes: [UInt8]) -> Bool {
    var input = ProbeInput(bytes)
    let choice = input.uint8()
    do throws(FormatError) {
      switch choice % 6 {
      case 0: try recordHeader(input.rest)
      case 1: try fileHeader(input.rest)
      case 2: try directory(input.rest)
      case 3: try metadata(input.rest)
      case 4: try index(input.rest)
      default: try trailer(input.rest)
      }
      return true
    } catch {
      return false
    }
  }

  private func recordHeader(_ bytes: [UInt8]) throws(FormatError) {
    var bytes = bytes
    Mender.mendRecordHeader(&bytes, at: 0, id: Self.id)
    let header = try RecordHeader.decode(bytes.span, id: Self.id, at: 0)
    let end = header.headByteCount + Int(header.directoryByteCount)
    precondition(header.hasLastTime && header.checkedByteCount <= RecordHeader.mostByteCount)
    guard end <= bytes.count else { return }
    let directory = Array(bytes[header.headByteCount..<end])
    precondition(header.encode(id: Self.id, directory: directory) == Array(bytes[..<end]))
  }

  private func fileHeader(_ bytes: [UInt8]) throws(FormatError) {
    var bytes = FileHeader.magic + bytes
    Mender.mendFileHeader(&bytes)
    let header = try FileHeader.decode(bytes.span, at: 0)
    let again = try FileHeader.decode(header.encode().span, at: 0)
    precondition(again == header)
  }

  private func directory(_ bytes: [UInt8]) throws(FormatError) {
    var header = RecordHeader(type: .data, sequence: 0, storedByteCount: 0)
    guard bytes.count > 24 else { throw FormatError(.truncated, at: 0) }
    header.storedByteCount = UInt32(bytes[0]) << 16 | UInt32(bytes[1]) << 8 | UInt32(bytes[2])
    header.eventCount = UInt32(bytes[3]) << 8 | UInt32(bytes[4])
    header.firstTime = bytes[5..<13].reduce(0) { $0 << 8 | Int64($1) }
    header.sectionCount = UInt16(bytes[13])
    header.flags.decade = bytes[14] % 10
    header.firstTime -= header.firstTime % header.timeUnit
    let directory = Array(bytes[15...])
    let entries = try SectionDirectory.decode(directory.span, header: header, at: 0)
    precondition(entries.allSatisfy { Int($0.track.rawValue) < Limits.tracks })
    precondition(
      SectionDirectory.encode(entries, firstTime: header.firstTime, unit: header.timeUnit)
        == directory)
  }

  private func metadata(_ bytes: [UInt8]) throws(FormatError) {
    let header = FileHeader(recordingID: Self.id)
    let payload = header.encode() + bytes
    let (found, metadata) = try RecordingMetadata.decode(payload.span, at: 0)
    precondition(found == header)
    let encoded = metadata.encode(header: header)
    let again = try? RecordingMetadata.decode(encoded.span, at: 0)
    precondition(again?.metadata.encode(header: header) == encoded, "Metadata came back changed")
    // Of pairs of one name, one that is understood and one that is not, the first remains.
    let isPlain = !metadata.values.contains { $0.name.utf8.starts(with: "track.".utf8) }
    precondition(!isPlain || again?.metadata == metadata, "Metadata came back changed")
  }

  private func index(_ bytes: [UInt8]) throws(FormatError) {
    guard let first = bytes.first else { throw FormatError(.truncated, at: 0) }
    let position = UInt64(first) << 12 | 64
    let payload = Array(bytes[1...])
    let (previous, list) = try BlockList.decodeIndex(payload.span, of: position)
    precondition(list.byteCount <= position + UInt64(Limits.storedByteCount) + 64)
    precondition(list.encodeIndex(previousIndex: previous) == payload)
  }

  private func trailer(_ bytes: [UInt8]) throws(FormatError) {
    var bytes = bytes
    Mender.mendTrailer(&bytes, id: Self.id)
    let position = try Trailer.decode(bytes.span, id: Self.id, at: 0)
    precondition(Trailer.encode(indexPosition: position, id: Self.id) == bytes)
  }
}
