// SPDX-License-Identifier: Apache-2.0
//
// Times: differences in units of the clock, or ticks of the device's period and a rest
// (Specs/Adaptive.md, section 6).

/// What is known of the times before.
struct AdaptiveTime {
  /// Nanoseconds of a unit, which divides every difference; 1 where times are ticks of a clock.
  var unit: Int64 = 1
  /// The device's period in 256ths of a unit, or 0.
  var period: Int64 = 0
  /// Whether a flag says that a time is that of the event before.
  var hasTies = false
  /// Whether no time steps back.
  var isMonotone = false
  /// The last time in nanoseconds or ticks, as in the section's `times`.
  var last: Int64 = 0
  /// Units since the first event.
  var now: Int64 = 0
  /// The period's phase after the last event, in 256ths of a unit.
  var phase: Int64 = 0
  var counts = (1, 1, 1)
  var rests = (0, 0)
  /// Averages in 16ths of the rest's size, of the count's distance from 1, of the difference.
  var restSize = 32
  var countSize = 8
  var differenceSize = 64
  var differences: (Int64, Int64) = (0, 0)
  /// Which of the last three differences are not multiples of 8.
  var odd = 0
  /// Which of the last events had the time of the one before.
  var ties: UInt64 = 0
  /// How long the last two differences were: 0 none, to 6 long.
  var steps = (0, 0)
  var misses = 0
  var locked = 0

  /// Whether the last event has the time of the one before.
  var isTied: Bool { ties & 1 == 1 }

  /// The last difference or count, in few classes.
  var pace = 0
}
