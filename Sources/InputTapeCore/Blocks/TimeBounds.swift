// SPDX-License-Identifier: Apache-2.0
//
// From when to when events are.

/// The earliest and the latest of times.
package struct TimeBounds: Sendable {
  private var earliest = Int64.max
  private var latest = Int64.min

  package init() {}

  /// 0 where there are no times.
  package var first: Int64 { earliest <= latest ? earliest : 0 }
  package var last: Int64 { earliest <= latest ? latest : 0 }

  /// Takes in more times.
  ///
  /// - Parameter areRising: whether none is known to be less than the one before; else all are
  ///   looked at.
  package mutating func add(_ times: Span<Int64>, areRising: Bool) {
    guard times.count > 0 else { return }
    if areRising || TimeLoops.areSurelyRising(times) {
      earliest = min(earliest, times[0])
      latest = max(latest, times[times.count - 1])
      return
    }
    for index in times.indices {
      earliest = min(earliest, times[index])
      latest = max(latest, times[index])
    }
  }
}
