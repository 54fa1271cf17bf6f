// SPDX-License-Identifier: Apache-2.0
//
// What a full lane could not take: exact counts, and the last word on each thing held.
//
// Memory is fixed at start. What a key, a button, a contact or a position did last is kept as the
// event that it was, and comes after the gap: nothing stays stuck, and the gap does not count it.
//
// Invariant: dropped = Σ `gaps[].count` + `keptCount`, over the tracks in `tracks`.

import InputTape

/// The events that a lane has dropped since it last had room.
struct LaneDrops {
  private struct TrackDrops {
    var count: Int64 = 0
    var first: Int64 = 0
    var last: Int64 = 0
  }

  private struct Kept {
    var sample: CaptureSample
    var sequence: UInt64
  }

  private var gaps = [TrackDrops](repeating: TrackDrops(), count: Limits.tracks)
  private var tracks: [TrackID] = []
  private var kept: [Kept] = []
  private var keptByPlace = [Int16](repeating: -1, count: Self.placeCount)
  private var sequence: UInt64 = 0
  /// Events dropped since the start, those that were kept for after the gap not among them.
  private(set) var total = 0

  private static let placeCount = 512
  private static let keptLimit = 256
  /// Words of a gap's row.
  private static let gapWords = 8

  init() {
    tracks.reserveCapacity(Limits.tracks)
    kept.reserveCapacity(Self.keptLimit)
  }

  var isEmpty: Bool { tracks.isEmpty }

  /// The most words that a lane's drops ever take.
  static let wordLimit = gapWords * Limits.tracks + 5 * keptLimit

  /// Words that the gaps and the kept events take.
  var wordCount: Int {
    var count = Self.gapWords * tracks.count
    for entry in kept { count += CaptureSample.wordCount(of: entry.sample.kind) }
    return count
  }

  // MARK: - Dropping

  /// Counts an event that has found no room.
  mutating func note(track: TrackID, time: Int64) {
    let index = Int(track.rawValue)
    total += 1
    if gaps[index].count == 0, !tracks.contains(track) {
      tracks.append(track)
      gaps[index] = TrackDrops(count: 1, first: time, last: time)
      return
    }
    gaps[index].count += 1
    gaps[index].first = min(gaps[index].first, time)
    gaps[index].last = max(gaps[index].last, time)
  }

  /// Counts an event, or keeps it where it says what is held from now on.
  mutating func note(_ sample: CaptureSample) {
    note(track: sample.track, time: sample.time)
    guard let key = Self.key(of: sample) else { return }
    sequence += 1
    var place = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 55)
    // A free place ends the search: there are twice as many as can be taken.
    while keptByPlace[place] >= 0 {
      let index = Int(keptByPlace[place])
      if Self.key(of: kept[index].sample) == key {
        kept[index] = Kept(sample: sample, sequence: sequence)
        return
      }
      place = (place + 1) & (Self.placeCount - 1)
    }
    guard kept.count < Self.keptLimit else { return }
    keptByPlace[place] = Int16(kept.count)
    kept.append(Kept(sample: sample, sequence: sequence))
    gaps[Int(sample.track.rawValue)].count -= 1
    total -= 1
  }

  /// What an event says the state of, as a number; nil for events that leave no state.
  private static func key(of sample: CaptureSample) -> UInt64? {
    let thing: Int32
    switch sample.kind {
    case .key, .button, .touch, .axis: thing = sample.fields.a
    case .motion, .pen: thing = 0
    default: return nil
    }
    return UInt64(sample.track.rawValue) << 48 | UInt64(sample.kind.rawValue) << 32
      | UInt64(UInt32(bitPattern: thing))
  }

  // MARK: - Giving back

  /// Puts gaps and kept events into a ring that has room for them, and forgets them.
  mutating func flush(into ring: EventRing) {
    for track in tracks {
      let gap = gaps[Int(track.rawValue)]
      if gap.count > 0 { Self.putGap(gap, track, into: ring) }
      gaps[Int(track.rawValue)] = TrackDrops()
    }
    sortKept()
    for entry in kept { CaptureLane.put(entry.sample, into: ring) }
    tracks.removeAll(keepingCapacity: true)
    kept.removeAll(keepingCapacity: true)
    for place in keptByPlace.indices { keptByPlace[place] = -1 }
  }

  /// By insertion: a few entries in most cases, and no allocation.
  private mutating func sortKept() {
    for index in kept.indices.dropFirst() {
      var place = index
      while place > 0, kept[place - 1].sequence > kept[place].sequence {
        kept.swapAt(place - 1, place)
        place -= 1
      }
    }
  }

  /// A gap stands where the first missing event would, so that times do not step back behind it.
  private static func putGap(_ gap: TrackDrops, _ track: TrackID, into ring: EventRing) {
    let cause = GapCause.queueFull.rawValue
    ring.put(0, EventRow.head(.gap, track, Int32(gapWords)) | EventRow.wideFlag)
    ring.put(1, UInt64(bitPattern: gap.first))
    ring.put(2, 2 | 3 << 16)
    ring.put(3, UInt64(UInt32(bitPattern: cause)))
    ring.put(4, 0)
    ring.put(5, UInt64(bitPattern: gap.count))
    ring.put(6, UInt64(bitPattern: gap.first))
    ring.put(7, UInt64(bitPattern: gap.last))
    ring.publish(gapWords)
  }
}
