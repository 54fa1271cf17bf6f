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
  ///
  /// - Parameter shift: what the rest is more by then.
  @inline(__always)
  func nanoseconds(_ ticks: Int64, shift: Int64 = 0) -> Int64 {
    let position = ticks &* Int64(bitPattern: length) &+ Int64(bitPattern: rest) &+ shift
    return divider.divide(position).quotient
  }

  // MARK: - Encoder

  /// The unit of as many ticks; nil where that is a whole number of nanoseconds, or too long.
  fileprivate func joined(_ count: UInt64) -> ClockUnit? {
    let (product, isLonger) = length.multipliedReportingOverflow(by: count)
    let divisor = TimeScale.divisor(product, parts)
    guard !isLonger, product < 1 << 62 else { return nil }
    return ClockUnit(length: product / divisor, parts: parts / divisor, rest: rest / divisor)
  }

  /// Clocks that are there: 24 MHz of Apple's processors, 19.2 of Qualcomm's, 13 and 26 of
  /// MediaTek's, 54 of Broadcom's; two timers that Windows counts by, of 3.579545 and 14.31818 MHz;
  /// and what seconds and milliseconds since 1970 are as numbers of IEEE 754's double precision,
  /// 2⁻²² and 2⁻¹² of them. Frames of 60 Hz and milliseconds are ticks of 24 MHz, too.
  static let known: [(length: UInt64, parts: UInt64)] = [
    (125, 3), (625, 12), (1_000, 13), (500, 13), (500, 27), (200_000_000, 715_909),
    (50_000_000, 715_909), (1_953_125, 8_192), (15_625, 64),
  ]

  /// Fewer events tell too little, and would not pay for the fraction.
  private static let leastCount = 8
  /// So many tell whether it is worth a look at all of them.
  private static let trialCount = 64

  /// The unit of times, if it is that of a known clock and nearly every time is one of its ticks,
  /// rounded in the same direction.
  ///
  /// - Parameters:
  ///   - unit: divides most differences.
  ///   - ticks: where there is one, becomes the ticks from the first event to each.
  ///   - offsets: where there is one, those of the other times.
  ///   - shifts: where there is one, by how much its rest is more from some events on, as it is
  ///     where one recording ends and another begins.
  /// - Complexity: O(*n*) where there is one, a few times else.
  static func find(
    in times: [Int64], _ unit: UInt64, _ ticks: inout [Int64], _ offsets: inout TimeOffsets,
    _ shifts: inout TimeOffsets
  ) -> ClockUnit? {
    offsets.removeAll()
    shifts.removeAll()
    guard times.count >= leastCount else { return nil }
    for clock in known where unit < clock.length / clock.parts {
      var isLikely = false
      // Any of four stretches: others may have events of other clocks.
      for part in 0..<4 {
        let start = max(times.count - trialCount, 0) * part / 3
        let stretch = times.span.extracting(start..<min(start + trialCount, times.count))
        let search = ClockSearch(clock, from: times[start])
        guard search.takesFirst(leastCount, of: stretch),
          search.takeAll(stretch, &ticks) != nil
        else { continue }
        isLikely = true
        let rest =
          search.takeAll(times.span, &ticks) ?? search.takeMost(times.span, &ticks, &offsets)
        if let rest { return search.finish(times.span, rest, &ticks, &offsets) }
        offsets.removeAll()
      }
      guard isLikely else { continue }
      let first = ClockSearch(clock, from: times[0])
      if let unit = first.takeShifted(times.span, &ticks, &shifts) { return unit }
      shifts.removeAll()
    }
    return nil
  }
}

/// Times as ticks of a clock, and what rest of its fraction they leave to it.
private struct ClockSearch {
  private let length: UInt64
  private let parts: UInt64
  private let divider: FloorDivider
  /// Products of times that are near are within 2⁶¹ and a tick: less than 2⁶³ from each other.
  private let limit: Int64
  /// A time that is a tick.
  private let anchor: Int64

  init(_ clock: (length: UInt64, parts: UInt64), from anchor: Int64) {
    (length, parts) = clock
    divider = FloorDivider(length)
    limit = (1 << 61) / Int64(parts)
    self.anchor = anchor
  }

  /// The tick from the anchor to a time, or to the one before.
  ///
  /// The time is the last whole nanosecond before the tick, which is within a nanosecond: the time
  /// comes back where the anchor's rest is at most `rest`, and at least that less `parts` − 1.
  @inline(__always)
  private func take(_ time: Int64) -> (tick: Int64, rest: UInt64, isNear: Bool) {
    // Modulo 2⁶⁴, as what they come back to.
    let distance = time &- anchor
    let isNear = UInt64(bitPattern: distance &+ limit) < UInt64(bitPattern: 2 &* limit)
    let (tick, rest) = divider.divide(distance &* Int64(parts) &+ Int64(parts &- 1))
    return (tick, rest, isNear)
  }

  /// Whether so many times are ticks from the anchor with one rest: for most clocks they are not.
  func takesFirst(_ count: Int, of times: Span<Int64>) -> Bool {
    var (least, most): (UInt64, UInt64) = (.max, 0)
    for index in 0..<min(count, times.count) {
      let rest = take(times[index]).rest
      least = min(least, rest)
      most = max(most, rest)
    }
    return most &- least < parts
  }

  /// Takes times as ticks from the anchor.
  ///
  /// - Returns: a rest of the anchor with which all come back; nil if there is none, or all times
  ///   are one.
  func takeAll(_ times: Span<Int64>, _ ticks: inout [Int64]) -> UInt64? {
    ticks.resize(forAll: times.count)
    var target = ticks.mutableSpan
    var (least, most): (UInt64, UInt64) = (.max, 0)
    var (union, areNear): (Int64, Bool) = (0, true)
    for index in 0..<target.count {
      let (tick, rest, isNear) = take(times[index])
      target[index] = tick
      union |= tick
      areNear = areNear && isNear
      least = min(least, rest)
      most = max(most, rest)
    }
    let last = parts &- 1
    guard areNear, union != 0, most &- least <= last, most <= 2 &* last else { return nil }
    return max(most, last) &- last
  }

  /// Takes times as ticks from the anchor, but for a few, which have offsets of 0 for now.
  ///
  /// - Returns: a rest of the anchor with which the others come back; nil if they are too few.
  func takeMost(
    _ times: Span<Int64>, _ ticks: inout [Int64], _ offsets: inout TimeOffsets
  ) -> UInt64? {
    var target = ticks.mutableSpan
    let last = parts &- 1
    var (low, high) = (0 as UInt64, last)
    var next = 0
    for index in 0..<target.count {
      let (tick, rest, isNear) = take(times[index])
      target[index] = tick
      let (newLow, newHigh) = (max(low, max(rest, last) &- last), min(high, rest))
      if isNear, newLow <= newHigh {
        (low, high) = (newLow, newHigh)
        continue
      }
      guard offsets.offsets.count < times.count / TimeOffsets.share else { return nil }
      // What is far is as many ticks as the event before, so that products do not pass 2⁶³.
      if !isNear { target[index] = index > 0 ? target[index &- 1] : 0 }
      offsets.gaps.append(UInt64(index &- next))
      offsets.offsets.append(0)
      next = index &+ 1
    }
    return low
  }

  /// Events of a clock from its last shift on.
  private struct Stretch {
    let place: Int
    let time: Int64
    /// The tick of the first one.
    let tick: Int64
    /// Which rests of it are possible.
    var rests: ClosedRange<UInt64>
  }

  /// Takes times as ticks from the first, which is the anchor, with rests that change now and then.
  ///
  /// - Returns: nil if they change too often.
  func takeShifted(
    _ times: Span<Int64>, _ ticks: inout [Int64], _ shifts: inout TimeOffsets
  ) -> ClockUnit? {
    let last = parts &- 1
    var stretch = Stretch(place: 0, time: anchor, tick: 0, rests: 0...last)
    var stretches: [Stretch] = []
    // What divides ticks from the first of their stretch.
    var common: UInt64 = 0
    ticks.resize(forAll: times.count)
    var target = ticks.mutableSpan
    for index in 0..<target.count {
      let time = times[index]
      guard take(time).isNear else { return nil }
      let (tick, rest) = divider.divide((time &- stretch.time) &* Int64(parts) &+ Int64(last))
      let low = max(stretch.rests.lowerBound, max(rest, last) &- last)
      let high = min(stretch.rests.upperBound, rest)
      if low <= high {
        stretch.rests = low...high
        target[index] = tick
        if common != 1, tick != 0 { common = TimeScale.divisor(common, tick.magnitude) }
        continue
      }
      stretches.append(stretch)
      guard stretches.count <= times.count / TimeOffsets.shiftShare else { return nil }
      let step = divider.divide((time &- times[index &- 1]) &* Int64(parts)).quotient
      let next = stretch.tick &+ target[index &- 1] &+ step
      stretch = Stretch(place: index, time: time, tick: next, rests: 0...last)
      target[index] = 0
    }
    guard common > 0 else { return nil }
    stretches.append(stretch)
    return join(stretches, common, &target, &shifts)
  }

  /// Makes ticks from the first of each stretch those from the first of all.
  private func join(
    _ stretches: [Stretch], _ common: UInt64, _ ticks: inout MutableSpan<Int64>,
    _ shifts: inout TimeOffsets
  ) -> ClockUnit? {
    let single = ClockUnit(length: length, parts: parts, rest: stretches[0].rests.lowerBound)
    guard let unit = common > 1 ? single?.joined(common) ?? single : single else { return nil }
    let count = Int64(common > 1 && unit != single ? common : 1)
    let scale = Int64(parts / unit.parts)
    var (past, next) = (Int64(unit.rest), 0)
    for (number, stretch) in stretches.enumerated() {
      let end = number + 1 < stretches.count ? stretches[number + 1].place : ticks.count
      let tick = stretch.tick / count
      for index in stretch.place..<end { ticks[index] = tick &+ ticks[index] / count }
      guard number > 0 else { continue }
      // In parts of a nanosecond, like the unit's.
      let distance = (stretch.time &- anchor) &* Int64(parts)
      let rest = distance &- tick &* count &* Int64(length) &+ Int64(stretch.rests.lowerBound)
      let divided = rest >= 0 ? rest / scale : ~(~rest / scale)
      shifts.gaps.append(UInt64(stretch.place &- next))
      shifts.offsets.append(Zigzag.encode(divided &- past))
      (past, next) = (divided, stretch.place &+ 1)
    }
    return unit
  }

  /// The unit by which times are ticks from the first, which `ticks` become, and `offsets` what is
  /// left.
  func finish(
    _ times: Span<Int64>, _ rest: UInt64, _ ticks: inout [Int64], _ offsets: inout TimeOffsets
  ) -> ClockUnit? {
    let first = ticks[0]
    let position = first &* Int64(length) &+ Int64(rest)
    let (start, ownRest) = FloorDivider(parts).divide(position)
    guard var unit = ClockUnit(length: length, parts: parts, rest: ownRest) else { return nil }
    let common = TimeScale.unit(of: ticks)
    let longer = common > 1 ? unit.joined(common) : nil
    var target = ticks.mutableSpan
    if first != 0 {
      for index in target.indices { target[index] &-= first }
    }
    if let longer {
      let divider = FloorDivider(common)
      for index in target.indices { target[index] = divider.divide(target[index]).quotient }
      unit = longer
    }
    offsets.replaceOffsets { place in
      times[place] &- (anchor &+ start &+ unit.nanoseconds(target[place]))
    }
    return unit
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
