// SPDX-License-Identifier: Apache-2.0
//
// The events of one stretch of time, before they are encoded.

/// What one block holds, before it is encoded.
package struct BlockDraft: Sendable {
  /// The events, one batch a track, sorted by track; none is empty.
  package var batches: [EventBatch] = []
  /// Tracks whose batches share their memory with whoever brought them.
  package var sharedTracks: Set<TrackID> = []
  /// Tracks whose batches were given, in exchange for others.
  package var givenTracks: Set<TrackID> = []

  package init() {}

  package var eventCount: Int { batches.reduce(0) { $0 + $1.count } }

  /// The events of the block before.
  package var eventCountBefore = 0

  /// What its sections are read with: the events of this block or of the one before, where those
  /// are more.
  package var neighbourCount: Int { max(eventCount, eventCountBefore) }

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
      let bounds = Self.bounds(of: batch.times.span)
      first = min(first, bounds.first)
      last = max(last, bounds.last)
    }
    return first <= last ? (first, last) : (0, 0)
  }

  private static func bounds(of times: Span<Int64>) -> TimeBounds {
    guard times.count > 0 else { return TimeBounds(first: .max, last: .min) }
    // Times rise as a rule.
    if TimeLoops.areSurelyRising(times) {
      return TimeBounds(first: times[0], last: times[times.count - 1])
    }
    var bounds = TimeBounds(first: times[0], last: times[0])
    for index in times.indices {
      bounds.first = min(bounds.first, times[index])
      bounds.last = max(bounds.last, times[index])
    }
    return bounds
  }
}
