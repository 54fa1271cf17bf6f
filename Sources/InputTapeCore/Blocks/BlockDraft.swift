// SPDX-License-Identifier: Apache-2.0
//
// The events of one stretch of time, before they are encoded.

/// What one block holds, before it is encoded.
package struct BlockDraft: Sendable {
  /// The events, one batch a track, sorted by track; none is empty.
  package var batches: [EventBatch] = []
  /// Tracks whose batches share their memory with whoever brought them.
  package var sharedTracks: Set<TrackID> = []

  package init() {}

  package var eventCount: Int { batches.reduce(0) { $0 + $1.count } }

  private var foundTimeBounds: TimeBounds?

  /// The earliest and the latest time of events.
  private struct TimeBounds: Sendable {
    var first: Int64
    var last: Int64
  }

  /// Looks at all times once; from now on the events must not change.
  package mutating func findTimeBounds() {
    let bounds = timeBounds
    foundTimeBounds = TimeBounds(first: bounds.first, last: bounds.last)
  }

  /// The earliest and the latest time of the events.
  ///
  /// - Complexity: O(events), or constant where they were found.
  package var timeBounds: (first: Int64, last: Int64) {
    if let foundTimeBounds { return (foundTimeBounds.first, foundTimeBounds.last) }
    var first = Int64.max
    var last = Int64.min
    for batch in batches {
      let times = batch.times.span
      // Times rise as a rule: branches are foreseen, and quicker than minimum and maximum.
      for index in times.indices {
        let time = times[index]
        if time > last { last = time }
        if time < first { first = time }
      }
    }
    return first <= last ? (first, last) : (0, 0)
  }
}
