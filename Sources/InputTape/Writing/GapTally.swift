// SPDX-License-Identifier: Apache-2.0
//
// What is missing and has not been said yet.
//
// Invariant: one gap for each track and cause.

import InputTapeCore

/// Gaps until a block says them, added up by track and cause.
struct GapTally {
  /// Which gap something that is missing belongs to.
  private struct Key: Hashable, Comparable {
    var track: TrackID
    var cause: GapCause

    static func < (left: Key, right: Key) -> Bool {
      (left.track, left.cause.rawValue) < (right.track, right.cause.rawValue)
    }
  }

  private var gaps: [Key: Gap] = [:]

  var isEmpty: Bool { gaps.isEmpty }

  /// Adds what is missing on a track.
  mutating func add(_ gap: Gap, on track: TrackID) {
    let key = Key(track: track, cause: gap.cause)
    guard var sum = gaps[key] else {
      gaps[key] = gap
      return
    }
    // Counts may come from a file that somebody made up.
    let (count, overflow) = sum.count.addingReportingOverflow(gap.count)
    sum.count = overflow ? .max : count
    sum.isLowerBound = sum.isLowerBound || gap.isLowerBound || overflow
    sum.firstTime = min(sum.firstTime, gap.firstTime)
    sum.lastTime = max(sum.lastTime, gap.lastTime)
    gaps[key] = sum
  }

  /// Adds what an event says that is missing.
  mutating func add(_ event: Event) {
    if case .gap(let gap) = event.body { add(gap, on: event.track) }
  }

  /// The gaps as events, by track and cause.
  var events: [Event] {
    gaps.sorted { $0.key < $1.key }.map { key, gap in
      Event(time: gap.lastTime, track: key.track, body: .gap(gap))
    }
  }

  mutating func removeAll() { gaps = [:] }
}
