// SPDX-License-Identifier: Apache-2.0
//
// Events of a whole imported text, given out in the order of time and then track.

import InputTapeCore

/// What an importer has read, on its way into groups.
struct ImportedEvents {
  private var events: [Event] = []
  private var next = 0

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
  mutating func move(into group: inout EventGroup, limit: Int) -> Int {
    let before = group.count
    while next < events.count, group.count < limit, group.byteCount < EventGroup.byteLimit {
      let event = events[next]
      group.appendEvent(event, to: group.batchOffset(of: event.track))
      next += 1
    }
    return group.count - before
  }
}
