// SPDX-License-Identifier: Apache-2.0
//
// One track's place in the order of all events: sections that wait, and the one that is under way.

import InputTapeCore

/// The sections of a track that are known, and as much of the first as is decoded.
struct TrackQueue {
  let track: TrackID
  private var waiting = WaitingSections()
  /// The section that is under way.
  private(set) var place: SectionPlace?
  /// Events of it: all, or a window where memory is short.
  private(set) var section: LoadedSection?
  /// How many of the section's events come before the window.
  private(set) var windowStart = 0
  /// How many events `section` holds.
  private var eventCount = 0
  /// The next event in `section`.
  private var index = 0
  /// The time of the next event.
  private(set) var time: Int64 = 0
  /// Whether the order knows of a next event.
  var isQueued = false

  init(_ track: TrackID) { self.track = track }

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

  mutating func begin(_ section: LoadedSection) {
    self.section = section
    eventCount = section.batch.count
    index = 0
    if let first = section.batch.times.first { time = first }
  }

  /// Leaves the section that is under way.
  mutating func drop() {
    place = nil
    section = nil
  }

  /// Whether the section that is under way, if there is one, has a next event.
  @inline(__always)
  var hasEvent: Bool { section != nil && index < eventCount }

  /// Takes the next event of the section that is under way, and those behind it up to the last at
  /// `last` or before. Of these it gives the first stretch that `filter` includes, and leaves what
  /// stands behind that: where times step back, there may be more.
  mutating func takeRun(through last: Int64, _ filter: EventFilter) -> EventRun? {
    guard let section else { return nil }
    let start = index
    var end = last == .max ? eventCount : start + 1
    while end < eventCount, section.batch.times[end] <= last { end += 1 }
    var range = start..<end
    if !filter.isAllTime { range = Self.included(range, of: section.batch, by: filter) }
    index = range.upperBound
    if index < eventCount { time = section.batch.times[index] }
    return range.isEmpty ? nil : EventRun(section: section, range: range, kinds: filter.kinds)
  }

  /// The first stretch that a filter includes; where there is none, it is empty and at the end.
  private static func included(
    _ range: Range<Int>, of batch: EventBatch, by filter: EventFilter
  ) -> Range<Int> {
    var start = range.lowerBound
    while start < range.upperBound, !filter.includes(batch.times[start]) { start += 1 }
    var end = start
    while end < range.upperBound, filter.includes(batch.times[end]) { end += 1 }
    return start..<end
  }

  /// Leaves what has been given, and finds the time of the next event: of the section's next window
  /// or of the next section.
  ///
  /// - Returns: whether there is one, and the section that is not needed any more.
  mutating func leave() -> (hasNext: Bool, used: LoadedSection?) {
    let used = section
    section = nil
    if let used, let place, windowStart + used.batch.count < place.entry.eventCount {
      windowStart += used.batch.count
      time = windowEndTime
      return (true, used)
    }
    place = nil
    guard let next = waiting.first else { return (false, used) }
    time = next.place.entry.firstTime
    return (true, used)
  }

  /// The time of the first event behind the window.
  var windowEndTime: Int64 = 0
}
