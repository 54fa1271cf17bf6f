// SPDX-License-Identifier: Apache-2.0
//
// The unit of a clock whose tick is no whole number of nanoseconds (Specs/Encodings.md, section 7):
// at 24 MHz it is 125/3.

/// The tick of a clock in nanoseconds, as a fraction, and where between two of them the first event
/// of a section stands.
struct ClockUnit: Equatable {
  /// Nanoseconds of so many ticks as there are `parts`.
  let length: UInt64
  let parts: UInt64
  /// What the first event has of the next nanosecond, in parts of it.
  let rest: UInt64
  private let divider: FloorDivider

  /// A fraction of more parts is that of no clock that is known.
  static let partsLimit: UInt64 = 1 << 20

  /// - Returns: nil where the format has no such unit.
  init?(length: UInt64, parts: UInt64, rest: UInt64) {
    guard length > 0, (2...Self.partsLimit).contains(parts), rest < parts else { return nil }
    self.length = length
    self.parts = parts
    self.rest = rest
    divider = FloorDivider(parts)
  }

  static func == (left: Self, right: Self) -> Bool {
    (left.length, left.parts, left.rest) == (right.length, right.parts, right.rest)
  }

  /// Nanoseconds from the first event to a tick, modulo 2⁶⁴.
  @inline(__always)
  func nanoseconds(_ ticks: Int64) -> Int64 {
    let position = ticks &* Int64(bitPattern: length) &+ Int64(bitPattern: rest)
    return divider.divide(position).quotient
  }

  // MARK: - Encoder

  /// Clocks that are there: 24 MHz of Apple's processors, 19.2 of Qualcomm's, 13 and 26 of
  /// MediaTek's, 54 of Broadcom's, and two timers that Windows counts by, of 3.579545 and
  /// 14.31818 MHz.
  static let known: [(length: UInt64, parts: UInt64)] = [
    (125, 3), (625, 12), (1_000, 13), (500, 13), (500, 27), (200_000_000, 715_909),
    (50_000_000, 715_909),
  ]

  /// Fewer events tell too little, and would not pay for the fraction.
  private static let leastCount = 8
  /// So many tell whether it is worth a look at all of them.
  private static let trialCount = 64

  /// The unit of times, if it is that of a known clock and every time is one of its ticks, rounded
  /// in the same direction.
  ///
  /// - Parameters:
  ///   - unit: divides most differences.
  ///   - ticks: where there is one, becomes the ticks from the first event to each.
  /// - Complexity: O(*n*) where there is one, a few times else.
  static func find(in times: [Int64], _ unit: UInt64, _ ticks: inout [Int64]) -> ClockUnit? {
    guard times.count >= leastCount else { return nil }
    let start = times.span.extracting(first: trialCount)
    for clock in known where unit < clock.length / clock.parts {
      guard take(start, clock, &ticks) != nil else { continue }
      if let rest = take(times.span, clock, &ticks) {
        return ClockUnit(length: clock.length, parts: clock.parts, rest: rest)
      }
    }
    return nil
  }

  /// Takes times as ticks.
  ///
  /// - Returns: the rest of the first event with which they come back; nil if there is none, or
  ///   all times are one.
  private static func take(
    _ times: Span<Int64>, _ clock: (length: UInt64, parts: UInt64), _ ticks: inout [Int64]
  ) -> UInt64? {
    ticks.resize(to: times.count, filler: 0)
    var target = ticks.mutableSpan
    let divider = FloorDivider(clock.length)
    let parts = Int64(clock.parts)
    // Nothing is multiplied beyond 2⁶².
    let limit = (1 << 62) / parts
    var (least, most): (UInt64, UInt64) = (.max, 0)
    var (union, isNear): (Int64, Bool) = (0, true)
    let first = times[0]
    for index in 0..<target.count {
      // Modulo 2⁶⁴, as what they come back to.
      let distance = times[index] &- first
      isNear = isNear && UInt64(bitPattern: distance &+ limit) < UInt64(bitPattern: 2 &* limit)
      // A time is the last whole nanosecond before its tick: the tick is within a nanosecond.
      let (tick, rest) = divider.divide(distance &* parts &+ (parts &- 1))
      target[index] = tick
      union |= tick
      least = min(least, rest)
      most = max(most, rest)
    }
    // All rests are within one nanosecond, and of those the first's can bring.
    guard isNear, union != 0, most &- least < clock.parts, most <= 2 &* (clock.parts &- 1) else {
      return nil
    }
    return most < clock.parts ? 0 : most &- (clock.parts &- 1)
  }
}

/// Divides by a constant, rounded down: by a product with its inverse (Granlund and Montgomery,
/// Division by Invariant Integers using Multiplication, 1994).
struct FloorDivider {
  private let divisor: UInt64
  private let inverse: UInt64
  private let shift: UInt64

  /// - Precondition: the divisor is at least 2, at most 2⁶³.
  init(_ divisor: UInt64) {
    precondition(divisor >= 2 && divisor <= 1 << 63, "A divisor of 2 to 2⁶³")
    self.divisor = divisor
    // The inverse is 2 to the power of 64 and `shift`, divided and rounded up: too large by so
    // little that quotients of numbers below 2⁶³ are right.
    shift = UInt64(63 - (divisor - 1).leadingZeroBitCount)
    inverse = divisor.dividingFullWidth((1 << shift - 1, .max)).quotient + 1
  }

  /// The quotient and what is left, which is not negative.
  @inline(__always)
  func divide(_ value: Int64) -> (quotient: Int64, rest: UInt64) {
    // Of a negative number, that of its complement is the complement.
    let sign = value >> 63
    let magnitude = UInt64(bitPattern: value ^ sign)
    let quotient = magnitude.multipliedFullWidth(by: inverse).high &>> shift
    let result = Int64(bitPattern: quotient) ^ sign
    return (result, UInt64(bitPattern: value &- result &* Int64(bitPattern: divisor)))
  }
}
