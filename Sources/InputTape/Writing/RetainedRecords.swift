// SPDX-License-Identifier: Apache-2.0
//
// Records that are in a file but not yet sure to be on the disk.

import InputTapeCore

/// What would have to be written again if the next sync failed; at most 8 MiB of it.
struct RetainedRecords {
  /// Held by a reference: which case it is would else be told by a bit among bytes that only the
  /// other case has.
  indirect enum Record {
    case block(EncodedBlock)
    case other(RecordType, [UInt8])
  }

  private(set) var records: [Record] = []
  private(set) var byteCount = 0
  /// More was written than is kept: the older file must stand for it.
  private(set) var isOverflowed = false

  private static let byteLimit = 8 << 20

  /// Keeps a block's bytes, as many as there are: its memory is used again, and may be larger.
  mutating func append(_ block: EncodedBlock) {
    append(.block(block.copy), byteCount: block.bytes.count)
  }

  mutating func append(_ record: Record, byteCount more: Int) {
    guard !isOverflowed, byteCount + more <= Self.byteLimit else {
      records = []
      isOverflowed = true
      byteCount += more
      return
    }
    records.append(record)
    byteCount += more
  }

  mutating func removeAll() { self = RetainedRecords() }

  /// The tracks that have events in these records.
  var tracks: Set<TrackID> {
    var tracks: Set<TrackID> = []
    for case .block(let block) in records { tracks.formUnion(block.sections.map(\.track)) }
    return tracks
  }
}
