// SPDX-License-Identifier: Apache-2.0
//
// What simulations came to, in numbers.

/// Figures of simulated weeks.
struct SimulationCounts {
  var weeks = 0
  var lives = 0
  var finished = 0
  var seconds: Int64 = 0
  var offered = 0
  var readable = 0
  var inGaps: Int64 = 0
  var faults = 0
  var segments = 0
  var kills = 0
  var powerLosses = 0
  var recoveries = 0
  var followed = 0
  var violations = 0

  static func += (left: inout SimulationCounts, right: SimulationCounts) {
    left.weeks += right.weeks
    left.lives += right.lives
    left.finished += right.finished
    left.seconds += right.seconds
    left.offered += right.offered
    left.readable += right.readable
    left.inGaps += right.inGaps
    left.faults += right.faults
    left.segments += right.segments
    left.kills += right.kills
    left.powerLosses += right.powerLosses
    left.recoveries += right.recoveries
    left.followed += right.followed
    left.violations += right.violations
  }

  var line: String {
    """
    simulated weeks: \(weeks), hours: \(seconds / 3_600), \
    writers: \(lives) (\(finished) finished), events offered: \(offered), read: \(readable), \
    in gaps: \(inGaps), calls that failed: \(faults), segments: \(segments), kills: \(kills), \
    losses of power: \(powerLosses), recoveries: \(recoveries), blocks followed: \(followed), \
    violations: \(violations)
    """
  }
}
