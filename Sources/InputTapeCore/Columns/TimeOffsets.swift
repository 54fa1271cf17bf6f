// SPDX-License-Identifier: Apache-2.0
//
// Events beside the unit of a track's times (Specs/Encodings.md, section 7): a gap whose time has
// nanoseconds, or a product that was rounded down by one, would take their milliseconds from all.

/// Events whose times are not whole units from the others', and how far beside they are; keeps its
/// memory.
struct TimeOffsets {
  /// How many other events are between each and the one before of these.
  var gaps: [UInt64] = []
  /// Nanoseconds, zigzag.
  var offsets: [UInt64] = []

  var isEmpty: Bool { offsets.isEmpty }

  mutating func removeAll() {
    gaps.removeAll(keepingCapacity: true)
    offsets.removeAll(keepingCapacity: true)
  }

  // MARK: - Decoder

  /// How much later the section's first event is than a whole unit.
  var first: Int64 { gaps.first == 0 ? Zigzag.decode(offsets[0]) : 0 }

  /// Whether each is one of so many events.
  func fit(in count: Int) -> Bool {
    var next = 0
    for gap in gaps {
      guard gap < UInt64(count &- next) else { return false }
      next &+= Int(gap) &+ 1
    }
    return true
  }

  /// Calls for the place and the offset of each.
  ///
  /// - Precondition: they fit.
  @inline(__always)
  func forEach(_ body: (Int, Int64) -> Void) {
    var next = 0
    for (gap, offset) in zip(gaps, offsets) {
      next &+= Int(gap)
      body(next, Zigzag.decode(offset))
      next &+= 1
    }
  }

  /// Makes times of what is counted: ticks of a clock, or nanoseconds from the first event's time
  /// without its offset.
  ///
  /// - Parameters:
  ///   - start: that time, where there is a clock.
  ///   - shifts: by how much more the clock has from some events on, in parts of a nanosecond.
  /// - Precondition: shifts and offsets fit.
  static func restore(
    _ times: inout MutableSpan<Int64>, clock: ClockUnit?, start: Int64, shifts: TimeOffsets,
    offsets: TimeOffsets
  ) {
    var (place, shift): (Int, Int64) = (0, 0)
    func restore(_ times: inout MutableSpan<Int64>, to end: Int) {
      if let clock {
        for index in place..<end {
          times[index] = start &+ clock.nanoseconds(times[index], shift: shift)
        }
      } else if shift != 0 {
        for index in place..<end { times[index] &+= shift }
      }
    }
    shifts.forEach { next, difference in
      restore(&times, to: next)
      place = next
      shift &+= difference
    }
    restore(&times, to: times.count)
    offsets.forEach { place, offset in times[place] &+= offset }
  }

  // MARK: - Encoder

  /// One event of so many may have an offset: numbers with a fraction, cut to nanoseconds, are one
  /// too small for one in thirty.
  static let share = 16
  /// What is lost to a unit so many times smaller is more than offsets take.
  static let ratio: UInt64 = 1_000
  private static let leastCount = 64

  /// Replaces each offset by what a place has.
  mutating func replaceOffsets(_ offset: (Int) -> Int64) {
    var next = 0
    for index in gaps.indices {
      next &+= Int(gaps[index])
      offsets[index] = Zigzag.encode(offset(next))
      next &+= 1
    }
  }

  /// Takes what brings times to whole units from each other.
  ///
  /// - Parameters:
  ///   - unit: that of most differences.
  ///   - regular: becomes the times without offsets and shifts, of which there is one kind.
  /// - Returns: false where that does not pay; then there are none.
  static func take(
    _ times: [Int64], _ unit: UInt64, into regular: inout [Int64], _ offsets: inout TimeOffsets,
    _ shifts: inout TimeOffsets
  ) -> Bool {
    shifts.removeAll()
    if offsets.take(times, unit: unit, into: &regular) { return true }
    offsets.removeAll()
    if shifts.takeShifts(times, unit: unit, into: &regular) { return true }
    shifts.removeAll()
    return false
  }

  /// Takes the events whose times are not whole units from the others'.
  ///
  /// - Parameters:
  ///   - unit: that of most differences.
  ///   - regular: becomes the times without offsets, which are whole units from each other.
  /// - Returns: false where that does not pay; the offsets are then undefined.
  /// - Complexity: O(*n*).
  mutating func take(_ times: [Int64], unit: UInt64, into regular: inout [Int64]) -> Bool {
    removeAll()
    guard times.count >= Self.leastCount, unit >= Self.ratio, unit < 1 << 61 else { return false }
    guard let start = Self.regularPlace(times, unit) else { return false }
    regular = times
    let divider = FloorDivider(unit)
    let exact = ExactDivider(unit)
    let limit = times.count / Self.share
    // The unit that they would have without offsets.
    var whole = unit
    var last = times[start]
    var next = 0
    for index in times.indices {
      let distance = times[index] &- last
      // Neighbours are then less than 2⁶³ from each other, also without their offsets.
      guard distance.magnitude < 1 << 61 else { return false }
      if exact.divides(distance.magnitude) {
        last = times[index]
        continue
      }
      guard offsets.count < limit else { return false }
      let half = unit / 2
      let offset = Int64(divider.divide(distance &+ Int64(half)).rest) &- Int64(half)
      gaps.append(UInt64(index - next))
      offsets.append(Zigzag.encode(offset))
      regular[index] = times[index] &- offset
      next = index + 1
      whole = TimeScale.divisor(whole, offset.magnitude)
    }
    return !isEmpty && unit / whole >= Self.ratio
  }

  /// Takes the events from which on times are whole units from each other, but not from those
  /// before.
  ///
  /// - Parameters:
  ///   - unit: that of most differences.
  ///   - regular: becomes the times without shifts, which are whole units from each other.
  /// - Returns: false where that does not pay; the shifts are then undefined.
  /// - Complexity: O(*n*).
  private mutating func takeShifts(_ times: [Int64], unit: UInt64, into regular: inout [Int64])
    -> Bool
  {
    removeAll()
    guard times.count >= Self.leastCount, unit >= Self.ratio, unit < 1 << 61 else { return false }
    regular = times
    let divider = FloorDivider(unit)
    let exact = ExactDivider(unit)
    let limit = times.count / Self.shiftShare
    var (shift, next): (Int64, Int) = (0, 0)
    var whole = unit
    for index in 1..<times.count {
      let step = times[index] &- times[index - 1]
      guard step.magnitude < 1 << 61 else { return false }
      if !exact.divides(step.magnitude) {
        guard offsets.count < limit else { return false }
        let rest = Int64(divider.divide(step).rest)
        shift &+= rest
        gaps.append(UInt64(index - next))
        offsets.append(Zigzag.encode(rest))
        next = index + 1
        whole = TimeScale.divisor(whole, rest.magnitude)
      }
      regular[index] = times[index] &- shift
    }
    return !isEmpty && unit / whole >= Self.ratio
  }

  /// One event of so many may have a shift.
  static let shiftShare = 64

  /// The place of an event that is whole units from the next ones.
  private static func regularPlace(_ times: [Int64], _ unit: UInt64) -> Int? {
    let exact = ExactDivider(unit)
    let count = 4
    return times.indices.dropLast(count).prefix(leastCount).first { place in
      (1...count).allSatisfy { exact.divides((times[place + $0] &- times[place]).magnitude) }
    }
  }
}
