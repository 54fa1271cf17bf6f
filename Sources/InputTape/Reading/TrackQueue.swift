// SPDX-License-Identifier: Apache-2.0
//
// One track's sections in the order of all events: those that wait, and the one that is under way.

import InputTapeCore

/// The sections of a track that are known, and how far the first has been given.
struct TrackQueue {
  private var waiting = WaitingSections()
  /// The section that is under way.
  private var place: SectionPlace?
  /// How many of the section's events come before those that are decoded.
  private var windowStart = 0
  /// The time of the first event behind those that are decoded, where there is one.
  var windowEndTime: Int64 = 0
  /// Whether the order knows of a next event.
  var isQueued = false

  /// What is known of the sections that wait, in bytes.
  var waitingByteCount: Int { waiting.memoryByteCount }

  /// Takes a section, whose events before the one at `start` are passed over.
  mutating func add(_ place: SectionPlace, from start: Int) {
    waiting.append(place, from: start)
  }

  /// What must be decoded for the next event: the section, and which of its events is the first.
  mutating func takeNext() -> (place: SectionPlace, start: Int)? {
    if let place { return (place, windowStart) }
    guard let next = waiting.removeFirst() else { return nil }
    place = next.place
    windowStart = next.start
    return (next.place, next.start)
  }

  /// Leaves the section that is under way.
  mutating func drop() { place = nil }

  /// Leaves what has been given, and finds the time of the next event: of the section's next window
  /// or of the next section.
  ///
  /// - Parameter count: of events that were decoded and have been given.
  /// - Returns: nil where there is none.
  mutating func nextTime(behind count: Int) -> Int64? {
    if let place, windowStart + count < place.entry.eventCount {
      windowStart += count
      return windowEndTime
    }
    place = nil
    return waiting.first?.place.entry.firstTime
  }
}
