// SPDX-License-Identifier: Apache-2.0
//
// Events of a whole imported text, given out in the order of time and then track.

import InputTapeCore

/// What an importer has read, on its way into groups.
struct ImportedEvents {
  private var events: [Event] = []
  private var next = 0
  private var isBegun = false
  /// What ended the text too early; stands behind its events.
  var failure: InterchangeError?

  /// Whether the text is still to be read; once.
  mutating func begin() -> Bool {
    defer { isBegun = true }
    return !isBegun
  }

  mutating func append(_ event: Event) { events.append(event) }

  var isEmpty: Bool { events.isEmpty }

  /// Puts the events in order; those of one track and time stay as they came.
  mutating func sort() {
    let order = events.indices.sorted { left, right in
      let (a, b) = (events[left], events[right])
      return (a.time, a.track, left) < (b.time, b.track, right)
    }
    events = order.map { events[$0] }
  }

  /// Adds events to a group until it has `limit` or is full.
  ///
  /// - Throws: `failure`, when all events before it were given out.
  mutating func move(
    into group: inout EventGroup, limit: Int
  ) throws(InterchangeError) -> Int {
    let before = group.count
    while next < events.count, group.count < limit, group.byteCount < EventGroup.byteLimit {
      let event = events[next]
      group.appendEvent(event, to: group.batchOffset(of: event.track))
      next += 1
    }
    let count = group.count - before
    if count == 0, let failure { throw failure }
    return count
  }
}
