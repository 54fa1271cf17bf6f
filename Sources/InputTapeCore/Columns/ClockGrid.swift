// SPDX-License-Identifier: Apache-2.0
//
// The grid of a clock or a device (Specs/Encodings.md, section 7).

/// The grid of a device that reports at a steady rate, or of a clock that ticks slowly, and where
/// the last event was expected.
///
/// Positions are in units of the clock times 2¹⁶, counted from the last event's time; all sums are
/// modulo 2⁶⁴, so that any numbers from a file give some times.
struct ClockGrid {
  /// The period, in units times 2¹⁶.
  let period: Int64
  private let inverse: Double
  /// The phase follows a residual by this power of one half.
  let gain: Int64
  /// The phase follows residuals of up to 2 to this power of units.
  let clip: Int64
  private var phase: Int64 = 0
  private var misses = 0

  /// So many residuals in a row beyond `clip` on one side move the grid to the last of them.
  private static let missLimit = 8

  init(period: Int64, gain: Int64, clip: Int64) {
    self.period = period
    inverse = 1 / Double(period)
    self.gain = gain
    self.clip = clip
  }

  /// How many periods a difference in units is where the phase is 0, at least 0.
  @inline(__always)
  private func nearest(_ difference: Int64) -> Int64 {
    // Nothing is multiplied beyond 2⁶³; so long a pause says nothing of the phase.
    guard difference < 1 << 44 else { return 0 }
    // A product with the inverse is the quotient or next to it, and quicker than a division.
    return Int64(Double(difference &<< 16) * inverse + 0.5)
  }

  /// Takes over an event: its count of periods, and what is left, in units.
  ///
  /// - Parameter difference: the time since the last event, in units; not negative.
  @inline(__always)
  mutating func take(_ difference: Int64) -> (steps: Int64, residual: Int64) {
    var steps = nearest(difference)
    var position = phase &+ steps &* period
    var residual = difference &- (position &+ 0x8000) &>> 16
    // The phase may say that another multiple is nearer.
    if residual.magnitude &<< 17 > period.magnitude, difference < 1 << 44 {
      let change: Int64 = residual < 0 ? (steps > 0 ? -1 : 0) : 1
      steps &+= change
      position = position &+ change &* period
      residual = difference &- (position &+ 0x8000) &>> 16
    }
    follow(position, residual: residual)
    return (steps, residual)
  }

  /// Takes over an event: the time since the last event, in units.
  @inline(__always)
  mutating func advance(_ steps: Int64, residual: Int64) -> Int64 {
    let position = phase &+ steps &* period
    let difference = (position &+ 0x8000) &>> 16 &+ residual
    follow(position, residual: residual)
    return difference
  }

  /// The grid's phase behind an event that was expected at `position`.
  @inline(__always)
  private mutating func follow(_ position: Int64, residual: Int64) {
    // What rounding left of the position, less the residual, of which the phase follows a part.
    let left = (position &+ 0x8000) & 0xFFFF &- 0x8000
    let rest = residual &<< 16
    let bound: Int64 = 1 &<< clip
    // Both are below 2⁶⁴ where the residual is within the bound.
    if UInt64(bitPattern: residual &+ bound) <= UInt64(bitPattern: 2 &* bound) {
      phase = left &- rest &+ rest &>> gain
      misses = 0
    } else {
      let near = residual < 0 ? 0 &- bound : bound
      phase = left &- rest &+ (near &<< 16) &>> gain
      miss(residual)
    }
  }

  private mutating func miss(_ residual: Int64) {
    misses = residual > 0 ? max(misses, 0) &+ 1 : min(misses, 0) &- 1
    if abs(misses) >= Self.missLimit || residual >= 1 &<< 44 {
      phase = 0
      misses = 0
    }
  }
}
