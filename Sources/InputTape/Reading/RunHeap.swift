// SPDX-License-Identifier: Apache-2.0
//
// What comes next on each track, and the runs that follow from it as long as nothing must be
// decoded: one after another for those who take each event where it stands, or many in a list.
//
// Invariant: `next` is a binary heap by time, then by track.

import InputTapeCore

/// Consecutive events of the section that is under way in a queue.
@usableFromInline
struct MergedRun {
  @usableFromInline let queue: UInt16
  @usableFromInline var start: UInt32
  @usableFromInline let end: UInt32
  /// The stretch in which the run begins.
  @usableFromInline var stretch: UInt32

  init(_ event: NextEvent, _ range: Range<Int>) {
    queue = UInt16(truncatingIfNeeded: event.queue)
    start = UInt32(truncatingIfNeeded: range.lowerBound)
    end = UInt32(truncatingIfNeeded: range.upperBound)
    stretch = UInt32(truncatingIfNeeded: event.stretch)
  }

  @inlinable
  var range: Range<Int> { Int(start)..<Int(end) }
}

/// The next event of a queue, in the recording's order: by time, then by track.
///
/// All in whole words: parts of words that are written one by one and copied at once make the
/// processor wait.
@usableFromInline
struct NextEvent {
  @usableFromInline var time: Int64
  @usableFromInline let track: Int
  @usableFromInline let queue: Int
  /// The event, and the stretch that it is in, of the section that is under way.
  @usableFromInline var index = 0
  @usableFromInline var stretch = 0

  init(time: Int64, track: Int, queue: Int) {
    self.time = time
    self.track = track
    self.queue = queue
  }

  @inlinable @inline(__always)
  func precedes(_ other: NextEvent) -> Bool {
    time < other.time || (time == other.time && track < other.track)
  }

  /// The time up to which events of this queue come before those of another.
  @inlinable @inline(__always)
  func lastTime(before other: NextEvent) -> Int64 {
    // What is of another queue is later than this event, or as late and of a later track: so one
    // less does not overflow.
    track < other.track ? other.time : other.time &- 1
  }
}

/// The next event of each queue.
@usableFromInline
struct RunHeap {
  @usableFromInline private(set) var next: [NextEvent] = []

  /// As many runs are found at once.
  private static let mostRuns = 256

  var first: NextEvent? { next.first }

  mutating func push(_ event: NextEvent) {
    next.append(event)
    var child = next.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard next[child].precedes(next[parent]) else { break }
      next.swapAt(child, parent)
      child = parent
    }
  }

  /// Begins a section, or a window of it, in the first queue; or what comes there is not decoded
  /// yet.
  mutating func replaceFirst(time: Int64) {
    var event = NextEvent(time: time, track: next[0].track, queue: next[0].queue)
    var others = next.mutableSpan
    Self.settle(&event, Self.second(others), in: &others)
    others[0] = event
  }

  mutating func removeFirst() {
    var event = next.removeLast()
    guard !next.isEmpty else { return }
    var others = next.mutableSpan
    Self.settle(&event, Self.second(others), in: &others)
    others[0] = event
  }

  /// Where the next event that is not of the first queue is.
  @inlinable @inline(__always)
  static func second(_ next: borrowing MutableSpan<NextEvent>) -> Int {
    next.count > 2 && next[2].precedes(next[1]) ? 2 : 1
  }

  /// Exchanges an event that stands for the first with the one at `second`, if that comes first.
  @inlinable @inline(__always)
  static func settle(
    _ event: inout NextEvent, _ second: Int, in next: inout MutableSpan<NextEvent>
  ) {
    guard second < next.count, next[second].precedes(event) else { return }
    let first = next[second]
    var parent = second
    while true {
      var child = 2 &* parent &+ 1
      guard child < next.count else { break }
      if child &+ 1 < next.count, next[child &+ 1].precedes(next[child]) { child &+= 1 }
      guard next[child].precedes(event) else { break }
      next[parent] = next[child]
      parent = child
    }
    next[parent] = event
    event = first
  }

  /// Calls `take` with the first queue's next event, and with the time up to which those of its
  /// section that follow come before the others' events; then with the next queue's.
  ///
  /// Goes on up to the end of a section, or to an event that is not decoded or behind `last`, or
  /// until `take`, which moves the event on, returns false.
  ///
  /// - Precondition: there is a next event.
  @inlinable @inline(__always)
  mutating func forEachRun<E: Error>(
    in sections: Span<SectionEvents>, through last: Int64,
    _ take: (inout NextEvent, Int64) throws(E) -> Bool
  ) throws(E) {
    var others = next.mutableSpan
    var event = others[0]
    var isMore = true
    while isMore, event.time <= last, !sections[event.queue].batch.times.isEmpty {
      let second = Self.second(others)
      var limit = last
      if second < others.count { limit = min(last, event.lastTime(before: others[second])) }
      isMore = try take(&event, limit)
      guard event.index < sections[event.queue].batch.times.count else { break }
      event.time = sections[event.queue].batch.times[event.index]
      Self.settle(&event, second, in: &others)
    }
    others[0] = event
  }

  /// Finds the next runs, as many as there are or go into the list.
  ///
  /// Where times step back, of a run that `filter` includes in part there may be more behind it.
  ///
  /// - Precondition: there is a next event.
  mutating func findRuns(
    in sections: [SectionEvents], through last: Int64, _ filter: EventFilter,
    into runs: inout [MergedRun]
  ) {
    let isAllTime = filter.isAllTime
    runs.append(addingCapacity: Self.mostRuns) { runs in
      let sections = sections.span
      forEachRun(in: sections, through: last) { event, limit in
        let times = sections[event.queue].batch.times.span
        let range =
          isAllTime
          ? event.index..<Self.end(of: times, from: event.index, through: limit)
          : Self.included(times, from: event.index, through: limit, by: filter)
        event.stretch = sections[event.queue].stretches.index(
          ofEvent: range.lowerBound, from: event.stretch)
        if !range.isEmpty { runs.append(MergedRun(event, range)) }
        event.index = range.upperBound
        return !runs.isFull
      }
    }
  }

  /// Where the events from `start` on up to the last at `last` or before end; the first is one.
  @inline(__always)
  private static func end(
    of times: borrowing Span<Int64>, from start: Int, through last: Int64
  ) -> Int {
    guard last < .max else { return times.count }
    var end = start &+ 1
    // Eight at a time: where a short run ends cannot be foreseen, and is not branched on.
    while end &+ 8 <= times.count {
      let some = times.extracting(end..<(end &+ 8))
      var isLate: UInt = 0
      for index in some.indices { isLate |= (some[index] > last ? 1 : 0) &<< UInt(index) }
      if isLate != 0 { return end &+ isLate.trailingZeroBitCount }
      end &+= 8
    }
    while end < times.count, times[end] <= last { end &+= 1 }
    return end
  }

  /// The first events that a filter includes of those from `first` on up to the last at `last` or
  /// before; where there are none, it is empty and at their end.
  ///
  /// What is earlier than all that the filter includes is passed over even behind `last`: it comes
  /// before all that is given of other queues.
  @usableFromInline
  static func included(
    _ times: borrowing Span<Int64>, from first: Int, through last: Int64, by filter: EventFilter
  ) -> Range<Int> {
    var start = first
    while start < times.count {
      let time = times[start]
      guard time < filter.from || (time <= last && !filter.includes(time)) else { break }
      start += 1
    }
    var end = start
    while end < times.count, times[end] <= last, filter.includes(times[end]) { end += 1 }
    return start..<end
  }
}
