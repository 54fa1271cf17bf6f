// SPDX-License-Identifier: Apache-2.0
//
// Stretches of batches gathered into a group, for those who read a recording in order.

import InputTapeCore

extension EventGroup {
  /// Adds consecutive events of a batch at the end.
  ///
  /// - Parameters:
  ///   - range: which of its events.
  ///   - places: which entry of its kind's columns each of the batch's events is.
  ///   - wanted: the kinds that are taken.
  /// - Returns: false, and nothing is taken, where a kind that this version does not know has
  ///   another layout here than the group's events of that kind.
  package mutating func append(
    _ batch: EventBatch, _ range: Range<Int>, places: KindStretches, kinds wanted: KindSet
  ) -> Bool {
    let offset = batchOffset(of: batch.track)
    var takesAll = true
    for columns in batch.columns where columns.count > 0 {
      guard wanted.contains(columns.kind) else {
        takesAll = false
        continue
      }
      guard accepts(columns.kind, layout: columns.layout, onBatch: offset) else { return false }
    }
    if takesAll {
      appendRun(batch, range, places, to: offset)
      return true
    }
    var start = range.lowerBound
    while start < range.upperBound {
      let isWanted = wanted.contains(batch.kinds[start])
      var end = start + 1
      while end < range.upperBound, wanted.contains(batch.kinds[end]) == isWanted { end += 1 }
      if isWanted { appendRun(batch, start..<end, places, to: offset) }
      start = end
    }
    return true
  }

  /// Adds one event at the end; where it is of a kind that this version does not know, its layout
  /// is that of the group's events of that kind.
  package mutating func append(_ event: Event) {
    appendEvent(event, to: batchOffset(of: event.track))
  }

  /// Calls `body` with each event, in the group's order.
  package func forEachEvent<E: Error>(_ body: (Event) throws(E) -> Void) throws(E) {
    var cursors = batches.map { EventCursor(columnCount: $0.columns.count) }
    for batch in order {
      guard let event = cursors[Int(batch)].next(in: batches[Int(batch)]) else { return }
      try body(event)
    }
  }

  /// The first events of the group.
  package func prefix(_ count: Int) -> EventGroup {
    var cursors = batches.map { EventCursor(columnCount: $0.columns.count) }
    var result = EventGroup()
    for batch in order.prefix(count) {
      guard let event = cursors[Int(batch)].next(in: batches[Int(batch)]) else { break }
      result.append(event)
    }
    return result
  }
}
