// SPDX-License-Identifier: Apache-2.0
//
// Stretches of batches gathered into a group, for those who read a recording in order.

import InputTapeCore

extension EventGroup {
  /// Adds consecutive events of a batch at the end.
  ///
  /// - Parameters:
  ///   - range: which of its events.
  ///   - kindStarts: for each entry of its `columns`, how many events of that kind come before.
  ///   - wanted: the kinds that are taken.
  /// - Returns: false, and nothing is taken, where a kind that this version does not know has
  ///   another layout here than the group's events of that kind.
  package mutating func append(
    _ batch: EventBatch, _ range: Range<Int>, kindStarts: [Int], kinds wanted: KindSet
  ) -> Bool {
    let offset = batchOffset(of: batch.track)
    let present = batch.columns.filter { $0.count > 0 }
    for columns in present where wanted.contains(columns.kind) {
      guard accepts(columns.kind, layout: columns.layout, onBatch: offset) else { return false }
    }
    if present.allSatisfy({ wanted.contains($0.kind) }) {
      appendAll(batch, range, kindStarts, to: offset)
      return true
    }
    var cursor = EventCursor(index: range.lowerBound, indexInKind: kindStarts)
    while cursor.index < range.upperBound {
      guard wanted.contains(batch.kinds[cursor.index]) else {
        cursor.skip(in: batch)
        continue
      }
      guard let event = cursor.next(in: batch) else { break }
      appendEvent(event, to: offset)
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
