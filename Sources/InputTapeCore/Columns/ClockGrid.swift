// SPDX-License-Identifier: Apache-2.0
//
// The grid of a clock or a device (Specs/Encodings.md, section 7).

import CInputTapePlatform

/// In long sections a grid begins anew in each of eight parts: so times, each of which waits for
/// the one before, are taken eight at a time.
enum GridParts {
  static func count(of total: Int) -> Int { total < 8_192 ? 1 : 8 }

  /// The steps of all parts but the last, a multiple of eight; the last has all others.
  static func length(of total: Int) -> Int { count(of: total) == 1 ? total : total / 64 * 8 }
}

/// The grid of a device that reports at a steady rate, or of a clock that ticks slowly, and where
/// the last event was expected.
///
/// Positions are in units of the clock times 2¹⁶, counted from the last event's time; all sums are
/// modulo 2⁶⁴, so that any numbers from a file give some times.
struct ClockGrid {
  /// The period, in units times 2¹⁶.
  let period: Int64
  private let half: Int64
  private let inverse: Double
  /// The phase follows a residual by this power of one half.
  let gain: Int64
  /// The phase follows residuals of up to 2 to this power of units.
  let clip: Int64
  /// What a unit of a residual takes from the phase, of which the phase follows a part.
  private let weight: Int64
  /// 2 to the power of `clip`, and that in the units of positions.
  private let bound: Int64
  private let limit: Int64
  /// How far it follows larger ones.
  private let boundShift: Int64
  /// The phase and half a unit, so that its whole units are those of the nearest number.
  private var phase = Self.start
  private var misses = 0

  private static let start: Int64 = 0x8000

  /// So many residuals in a row beyond `clip` on one side move the grid to the last of them.
  private static let missLimit = Int(itape_miss_limit)

  /// - Precondition: `gain` is at most 16 and `clip` at most 43.
  init(period: Int64, gain: Int64, clip: Int64) {
    self.period = period
    half = period / 2
    inverse = 1 / Double(period)
    self.gain = gain
    self.clip = clip
    weight = 1 &<< (16 &- gain) &- 1 &<< 16
    bound = 1 &<< clip
    limit = bound &<< 16
    boundShift = (1 &<< clip) &<< (16 &- gain)
  }

  /// Where a part begins: in front of its first event by so many 64ths of what the phase follows.
  func starting(at start: Int64) -> ClockGrid {
    var grid = self
    grid.phase = Self.start &+ start &<< (clip &+ Self.startBits)
    return grid
  }

  private static let startBits: Int64 = 10

  // MARK: - Encoder

  /// Where a part begins whose events are so far behind multiples of the period from its first
  /// event on, mostly.
  func startNumber(_ deviation: Int64) -> Int64 {
    let rest = deviation % period
    let nearest = rest > half ? rest - period : rest < -half ? rest + period : rest
    return (nearest &>> (clip &+ Self.startBits &- 1) &+ 1) &>> 1
  }

  /// Takes over an event: its count of periods, at least 0, and what is left, in units.
  ///
  /// - Parameter difference: the time since the last event, in units; not negative.
  @inline(__always)
  mutating func take(_ difference: Int64) -> (steps: Int64, residual: Int64) {
    // Nothing is multiplied beyond 2⁶³; so long a pause says nothing of the phase.
    guard difference < 1 << 44 else { return (0, takePause(difference)) }
    var steps = nearest(difference)
    // How far behind the event it was expected, also in whole units.
    var delay = phase &+ (steps &* period &- difference &<< 16)
    var whole = delay & ~0xFFFF
    // The phase may say that another multiple is nearer.
    if UInt64(bitPattern: whole &+ half) > UInt64(bitPattern: 2 &* half) {
      let change: Int64 = whole > 0 ? (steps > 0 ? -1 : 0) : 1
      steps &+= change
      delay = delay &+ change &* period
      whole = delay & ~0xFFFF
    }
    let residual = 0 &- whole &>> 16
    if UInt64(bitPattern: whole &+ limit) <= UInt64(bitPattern: 2 &* limit) {
      // What `follow` says of such residuals, with less to wait for from event to event.
      phase = delay &- whole &>> gain
      misses = 0
    } else {
      (phase, misses) = Self.miss(delay & 0xFFFF, residual, boundShift, misses)
    }
    return (steps, residual)
  }

  /// How many periods a difference in units is where the phase is 0.
  @inline(__always)
  private func nearest(_ difference: Int64) -> Int64 {
    // A product with the inverse is the quotient or next to it, and quicker than a division.
    // Quotients are below 2⁵⁰, as the encoder's periods are at least 2 units.
    let sum = Double(difference &<< 16) * inverse + NearestInteger.rounder
    return NearestInteger.from(sum.bitPattern)
  }

  @inline(never)
  private mutating func takePause(_ difference: Int64) -> Int64 {
    let residual = difference &- phase &>> 16
    follow(phase, residual: residual)
    return residual
  }

  /// As wide loops want it that take times apart.
  var rule: itape_grid_rule {
    itape_grid_rule(
      period: UInt64(period), inverse: inverse, gain: UInt32(gain), clip: UInt32(clip))
  }

  // MARK: - Decoder

  /// Takes over an event: the time since the last event, in units.
  @inline(__always)
  mutating func advance(_ steps: Int64, residual: Int64) -> Int64 {
    let position = phase &+ steps &* period
    follow(position, residual: residual)
    return position &>> 16 &+ residual
  }

  /// As wide loops want it, for times in so many nanoseconds.
  func wide(unit: Int64) -> itape_grid {
    let isNarrow = clip < 31
    let most = 1 << 54 / UInt64(period)
    return itape_grid(
      period: UInt64(period), unit: UInt64(bitPattern: unit),
      low: isNarrow ? -(1 << Int32(clip)) : .min, high: isNarrow ? 1 << Int32(clip) : .max,
      weight_bits: UInt32(16 - gain), most_steps: UInt32(clamping: most))
  }

  /// Where the grid is, for wide loops.
  func state(at time: Int64 = 0) -> itape_grid_state {
    itape_grid_state(time: time, phase: phase, misses: Int32(misses))
  }

  /// Takes over where wide loops left the grid.
  mutating func take(_ state: itape_grid_state) {
    phase = state.phase
    misses = Int(state.misses)
  }

  // MARK: - Phase

  /// The grid's phase behind an event that was expected at `position`, and came `residual` units
  /// later than the unit there.
  @inline(__always)
  private mutating func follow(_ position: Int64, residual: Int64) {
    // Both sides are below 2⁶⁴ within the bound.
    if UInt64(bitPattern: residual &+ bound) <= UInt64(bitPattern: 2 &* bound) {
      phase = position & 0xFFFF &+ residual &* weight
      misses = 0
    } else {
      (phase, misses) = Self.miss(position & 0xFFFF, residual, boundShift, misses)
    }
  }

  @inline(never)
  private static func miss(
    _ fraction: Int64, _ residual: Int64, _ boundShift: Int64, _ misses: Int
  ) -> (phase: Int64, misses: Int) {
    let misses = residual > 0 ? max(misses, 0) &+ 1 : min(misses, 0) &- 1
    if abs(misses) >= missLimit || residual >= 1 &<< 44 { return (start, 0) }
    let followed = residual < 0 ? 0 &- boundShift : boundShift
    return (fraction &+ followed &- residual &<< 16, misses)
  }
}
