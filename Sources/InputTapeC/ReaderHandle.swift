// SPDX-License-Identifier: Apache-2.0
//
// A reader behind its C handle.

import CInputTape
import InputTape

/// What an `itape_reader *` points at.
final class ReaderHandle: Handle {
  static let name = "reader"

  let reader: RecordingReader
  let origin: ReaderOrigin
  private let texts = Arena()
  /// The tracks, once they have been asked for.
  private(set) lazy var tracks: [itape_track] = reader.tracks.map(describe)
  private(set) lazy var facts = reader.trackFacts
  private(set) lazy var blocks = BlockReader(reader)
  private(set) lazy var names = reader.metadata.values.map(\.name)

  init(_ origin: ReaderOrigin, opening: RecordingReader.Opening, mode: ReadMode) throws(FileError) {
    self.origin = origin
    reader = try origin.open(opening, mode)
  }

  private func describe(_ track: Track) -> itape_track {
    var result = itape_track()
    result.track = track.id.rawValue
    result.track_class = track.trackClass.rawValue
    result.subpixel_bits = UInt8(clamping: track.subpixelBits)
    result.resolution = Int32(clamping: track.resolution)
    result.name = texts.copy(track.name)
    result.device = texts.copy(track.device)
    result.code_space = texts.copy(track.codeSpace)
    result.coordinate_space = texts.copy(track.coordinateSpace)
    return result
  }

  /// What a recording is.
  var info: itape_info {
    let status = reader.status
    var info = itape_info()
    info.events = UInt64(reader.eventCount)
    // Those that can be loaded, by the same numbers.
    info.blocks = UInt64(blocks.count)
    info.bytes = reader.byteCount
    info.torn_bytes = status.tornByteCount
    info.losses = UInt64(status.losses.count)
    info.segment = reader.header.segmentNumber
    info.segments = UInt64(reader.segmentCount)
    info.missing_segments = UInt64(status.missingSegments.count)
    info.tracks = UInt32(tracks.count)
    var flags = 0
    if let bounds = reader.timeBounds {
      info.first_time = bounds.lowerBound
      info.last_time = bounds.upperBound
      flags |= ITAPE_INFO_HAS_EVENTS
    }
    if status.isClosed { flags |= ITAPE_INFO_CLOSED }
    if status.isComplete { flags |= ITAPE_INFO_COMPLETE }
    if status.usedIndex { flags |= ITAPE_INFO_USED_INDEX }
    if status.isHeaderRebuilt { flags |= ITAPE_INFO_HEADER_REBUILT }
    info.flags = UInt32(flags)
    // Safe: an array of 16 bytes in a struct of our own, and an ID has 16.
    unsafe withUnsafeMutableBytes(of: &info.recording_id) { target in
      unsafe target.copyBytes(from: reader.header.recordingID.bytes)
    }
    return info
  }
}
