// SPDX-License-Identifier: Apache-2.0
//
// What stands before the events of a section (Specs/Adaptive.md, section 11).

extension AdaptiveSection {
  /// Codes a number that is seldom large: its size in 6 bits, then its bits below the highest.
  private mutating func codeNumber(_ value: UInt64) -> UInt64 {
    let size = 64 &- value.leadingZeroBitCount
    // A size of 64 stands for 63 and an explicit highest bit.
    let found = Int(model.coder.codeRaw(UInt64(min(size, 63)), bitCount: 6))
    if found == 63 { return model.coder.codeRaw(value, bitCount: 64) }
    if found < 2 { return UInt64(found) }
    return 1 << UInt64(found - 1) | model.coder.codeRaw(value, bitCount: found - 1)
  }

  /// Codes the kinds, in the order of their numbers.
  ///
  /// - Throws: where a decoder finds what no encoder writes.
  mutating func codeKinds(eventCount: Int, at position: UInt64) throws(FormatError) {
    let isSingle = model.coder.codeRaw(kinds.count == 1 ? 1 : 0, bitCount: 1) == 1
    let known = UInt64(max(kinds.count - 1, 0))
    let count = isSingle ? 1 : Int(model.coder.codeRaw(known, bitCount: 8)) + 1
    guard count <= eventCount else { throw FormatError(.malformed, at: position) }
    var previous = 0
    var firstColumn = 0
    for offset in 0..<count {
      let isKnown = offset < kinds.count
      let number = Int(codeKindNumber(isKnown ? kinds[offset].kind.rawValue : 0))
      let kind = EventKind(rawValue: UInt8(number))
      guard number > previous else { throw FormatError(.malformed, at: position) }
      previous = number
      let declared = isKnown ? kinds[offset].layout : KindLayout()
      let layout =
        if let known = kind.layout { known } else { try codeLayout(declared, at: position) }
      var entry = AdaptiveKind(kind, layout)
      entry.firstColumn = firstColumn
      firstColumn += entry.width
      if isKnown { kinds[offset] = entry } else { kinds.append(entry) }
    }
  }

  /// Codes 4 bits, and 8 where they are 0: kinds 1 to 15 are common.
  private mutating func codeKindNumber(_ number: UInt8) -> UInt8 {
    let isShort = number > 0 && number < 16
    let short = model.coder.codeRaw(isShort ? UInt64(number) : 0, bitCount: 4)
    if short > 0 { return UInt8(short) }
    return UInt8(truncatingIfNeeded: model.coder.codeRaw(UInt64(number), bitCount: 8))
  }

  private mutating func codeLayout(
    _ layout: KindLayout, at position: UInt64
  ) throws(FormatError) -> KindLayout {
    let result = KindLayout(
      int32: Int(model.coder.codeRaw(UInt64(layout.int32), bitCount: 5)),
      int64: Int(model.coder.codeRaw(UInt64(layout.int64), bitCount: 5)),
      strings: Int(model.coder.codeRaw(UInt64(layout.strings), bitCount: 5)))
    guard max(result.int32, result.int64, result.strings) <= 16 else {
      throw FormatError(.limitExceeded, at: position)
    }
    return result
  }

  /// Codes how motion is predicted.
  mutating func codeMotion(_ isAdapting: Bool) {
    adapts = model.coder.codeRaw(isAdapting ? 1 : 0, bitCount: 1) == 1
  }

  /// Codes unit and period; the first time is known.
  ///
  /// - Throws: where a decoder finds a unit that none is, or offsets of events that are not
  ///   there, or a shift of the first.
  mutating func codeClock(
    _ plan: AdaptiveClock, eventCount: Int, at position: UInt64
  ) throws(FormatError) {
    let isPlain = plan.clock == nil && plan.offsets.isEmpty && plan.shifts.isEmpty
    var unit = codeUnit(isPlain ? plan.unit : 0)
    if unit == 0 {
      let hasOffsets = model.coder.codeRaw(plan.offsets.isEmpty ? 0 : 1, bitCount: 1) == 1
      let hasShifts = model.coder.codeRaw(plan.shifts.isEmpty ? 0 : 1, bitCount: 1) == 1
      if model.coder.codeRaw(plan.clock == nil ? 0 : 1, bitCount: 1) == 1 {
        clock = codeFraction(plan.clock)
        // Times are its ticks up to the end.
        unit = clock == nil ? 0 : 1
      } else {
        unit = codeUnit(plan.unit)
      }
      guard unit > 0 else { throw FormatError(.malformed, at: position) }
      if hasOffsets { offsets = try codeOffsets(plan.offsets, eventCount, at: position) }
      if hasShifts { shifts = try codeOffsets(plan.shifts, eventCount, at: position) }
      guard shifts.gaps.first != 0 else { throw FormatError(.malformed, at: position) }
    }
    time.unit = Int64(bitPattern: unit)
    start = plan.first &- offsets.first
    time.last = clock == nil ? start : 0
    time.isMonotone = model.coder.codeRaw(plan.isMonotone ? 1 : 0, bitCount: 1) == 1
    time.hasTies = model.coder.codeRaw(plan.hasTies ? 1 : 0, bitCount: 1) == 1
    let choice = Int(model.coder.codeRaw(UInt64((plan.period ?? -1) + 1), bitCount: 5))
    guard choice <= AdaptivePeriods.periods.count else {
      throw FormatError(.malformed, at: position)
    }
    time.period =
      choice == 0
      ? 0
      : AdaptivePeriods.period(
        choice - 1, length: clock?.length ?? unit, parts: clock?.parts ?? 1)
    time.pace = time.period > 0 ? 1 : 0
  }

  /// Codes a unit of whole nanoseconds, or 0.
  private mutating func codeUnit(_ unit: UInt64) -> UInt64 {
    let units = AdaptivePeriods.units
    let known = units.firstIndex(of: unit) ?? units.count
    let number = Int(model.coder.codeRaw(UInt64(known), bitCount: 4))
    return number < units.count ? units[number] : codeNumber(unit)
  }

  /// Codes which events have times beside the unit, or from which on all have.
  private mutating func codeOffsets(
    _ plan: TimeOffsets, _ eventCount: Int, at position: UInt64
  ) throws(FormatError) -> TimeOffsets {
    var offsets = TimeOffsets()
    let count = codeNumber(UInt64(plan.offsets.count))
    guard count <= UInt64(eventCount) else { throw FormatError(.limitExceeded, at: position) }
    for index in 0..<Int(count) {
      guard !model.coder.isOverrun else { throw FormatError(.truncated, at: position) }
      let (gap, offset) = Coder.isDecoder ? (0, 0) : (plan.gaps[index], plan.offsets[index])
      offsets.gaps.append(codeNumber(gap))
      offsets.offsets.append(codeNumber(offset))
    }
    guard offsets.fit(in: eventCount) else { throw FormatError(.malformed, at: position) }
    return offsets
  }

  /// Codes a unit that is a fraction.
  ///
  /// - Returns: nil where a decoder finds one that none is.
  private mutating func codeFraction(_ clock: ClockUnit?) -> ClockUnit? {
    let known = ClockUnit.known
    let place = known.firstIndex { $0.length == clock?.length && $0.parts == clock?.parts }
    let number = Int(model.coder.codeRaw(UInt64(place ?? known.count), bitCount: 4))
    let (length, parts) =
      number < known.count
      ? known[number] : (codeNumber(clock?.length ?? 0), codeNumber(clock?.parts ?? 0))
    return ClockUnit(length: length, parts: parts, rest: codeNumber(clock?.rest ?? 0))
  }
}

/// What is known of a section's clock, by an encoder all.
struct AdaptiveClock {
  var first: Int64
  var unit: UInt64 = 1
  /// That whose ticks the times are.
  var clock: ClockUnit?
  var offsets = TimeOffsets()
  var shifts = TimeOffsets()
  var isMonotone = false
  var hasTies = false
  /// The number of the device's period.
  var period: Int?

  /// A clock of which a decoder knows the first time.
  init(first: Int64) { self.first = first }

  /// Finds out about times, of which there is at least one.
  ///
  /// - Parameter regular: becomes the times in units: ticks of a clock, or times without offsets.
  init(_ times: [Int64], by choice: inout AdaptivePeriodChoice, _ regular: inout [Int64]) {
    first = times[0]
    let usual = TimeScale.usual(of: times)
    unit = TimeScale.unit(of: times, from: usual)
    clock = ClockUnit.find(in: times, usual, &regular, &offsets, &shifts)
    if clock != nil {
      unit = 1
    } else if unit < usual, TimeOffsets.take(times, usual, into: &regular, &offsets, &shifts) {
      unit = usual
    } else {
      regular = times
    }
    isMonotone = true
    var tieCount = 0
    for index in 1..<max(regular.count, 1) {
      let difference = regular[index] &- regular[index - 1]
      isMonotone = isMonotone && difference >= 0
      tieCount &+= difference == 0 ? 1 : 0
    }
    hasTies = tieCount * 32 >= regular.count
    period = choice.choose(regular, unit: unit, clock)
  }
}
