// SPDX-License-Identifier: Apache-2.0
//
// Batches of events taken apart and put together, and what they say they take.

import InputTape
import InputTapeCore
import InputTapeTestKit

/// A case for each sort of batch, and one for sets of kinds.
enum EventCases {
  static var all: [DigestCase] {
    MadeBatch.allCases.map { made in
      DigestCase("events/\(made)") { seen in
        for count in [0, 1, 40, 200] { look(&seen, made.make(count, seed: UInt64(count) + 3)) }
      }
    } + [DigestCase("events/kind-sets", kindSets), DigestCase("events/layouts", layouts)]
  }

  private static func look(_ seen: inout Observation, _ batch: EventBatch) {
    var copy = EventBatch(track: batch.track)
    batch.forEachEvent { event in
      seen.add(event.kind.rawValue)
      seen.add(described: event.body)
      copy.append(event)
    }
    seen.add(copy)
    var cursor = EventCursor(columnCount: batch.columns.count)
    var again = copy
    again.removeAll()
    while let event = cursor.next(in: batch) {
      again.append(event)
      seen.add(cursor.index)
      for index in cursor.indexInKind { seen.add(index) }
    }
    seen.add(again)
    seen.mark("\(batch.count) events")
    seen.add(batch.memoryByteCount)
    seen.add(KindStretches(of: batch, kinds: .all).memoryByteCount)
    seen.add(described: batch.gaps)
    for columns in batch.columns {
      seen.add(columns.rowByteCount)
      for column in columns.strings {
        seen.add(column.longestByteCount)
        for length in column.lengths { seen.add(length) }
      }
    }
    seen.mark("what \(batch.count) take")
    let third = batch.count / 3
    for range in [0..<0, 0..<third, third..<(2 * third), third..<batch.count] {
      addPart(&seen, batch, range)
    }
  }

  private static func addPart(_ seen: inout Observation, _ batch: EventBatch, _ range: Range<Int>) {
    seen.add(batch.part(range))
    var counts = [Int](repeating: 1, count: batch.columns.count)
    batch.countKinds(in: range, into: &counts)
    for count in counts { seen.add(count) }
    for kinds in [KindSet.all, KindSet([.key, .motion, .touch])] {
      let stretches = KindStretches(of: batch, kinds: kinds)
      let first = stretches.index(ofEvent: range.lowerBound)
      batch.forEachEvent(in: range, of: stretches, from: first) { event in
        seen.add(event.time)
        seen.add(described: event.body)
      }
    }
    seen.mark("part \(range)")
  }

  private static func kindSets(_ seen: inout Observation) throws {
    let kinds = (0...255 as ClosedRange<UInt8>).map { EventKind(rawValue: $0) }
    for kind in kinds {
      let set = KindSet([kind])
      seen.add(kinds.count { set.contains($0) })
      seen.add(set.contains(kind))
      seen.add(KindSet.all.contains(kind))
      seen.add(KindSet().contains(kind))
    }
  }

  /// Which events of an unknown kind may stand beside others of it.
  private static func layouts(_ seen: inout Observation) throws {
    let kind = EventKind(rawValue: 130)
    for counts in [(1, 0, 0), (0, 1, 0), (0, 0, 1), (2, 1, 1)] {
      let body = Event.Body.unknown(
        UnknownEvent(
          kind: kind, int32: Array(repeating: 1, count: counts.0),
          int64: Array(repeating: 2, count: counts.1),
          strings: Array(repeating: [3], count: counts.2)))
      var batch = EventBatch(track: .first)
      batch.append(Event(time: 1, track: .first, body: body))
      var (same, other) = (batch, EventBatch(track: .first))
      other.append(
        Event(
          time: 2, track: .first,
          body: .unknown(UnknownEvent(kind: kind, int32: [1, 1, 1], int64: [], strings: []))))
      for batches in [(batch, same), (batch, other), (other, batch)] {
        seen.add(batches.0.accepts(batches.1))
      }
      same.removeAll()
      seen.add(same.accepts(other))
      seen.add(other.accepts(same))
      same.append(Event(time: 5, track: .first, body: .motion(x: 1, y: 2)))
      seen.add(same.ensureColumns(of: kind, layout: KindLayout(int32: 3)))
      seen.add(described: same.columns)
    }
  }
}
