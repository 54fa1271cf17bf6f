// SPDX-License-Identifier: Apache-2.0
//
// The times of a section, from bytes that nobody has checked yet (Specs/Encodings.md, section 7).

/// Decodes times; keeps its memory.
struct TimeDecoder: ~Copyable {
  private var numbers: [UInt64] = []
  private var decoder = NumberDecoder()
  private var pairs = PairTokenDecoder()
  private var marks = EventMarks()

  /// Replaces `times` by the times of events of some kinds.
  ///
  /// - Parameter main: the main kind, where there are several.
  mutating func decode(
    _ times: inout [Int64], kinds: [EventKind], main: EventKind?, from input: inout StreamReader
  ) throws(FormatError) {
    let count = kinds.count
    guard count > 0 else { return times.removeAll(keepingCapacity: true) }
    let first = try input.bytes.readSignedVarint()
    let unitError = input.bytes.error(.malformed)
    let unit = try input.bytes.readVarint()
    guard unit != 0 else { throw unitError }
    times.resize(forAll: count)
    times[0] = first
    guard count > 1 else { return }
    let unknown = input.bytes.error(.unsupportedEncoding)
    let head = try input.bytes.readUInt8()
    var clock: ClockUnit?
    if head & TimeEncoder.clockFlag != 0 { clock = try readClock(unit, from: &input) }
    let (hasOffsets, hasShifts) =
      (head & TimeEncoder.offsetFlag != 0, head & TimeEncoder.shiftFlag != 0)
    let offsets = hasOffsets ? try readOffsets(count, from: &input) : TimeOffsets()
    let malformed = input.bytes.error(.malformed)
    let shifts = hasShifts ? try readOffsets(count, from: &input) : TimeOffsets()
    guard shifts.gaps.first != 0 else { throw malformed }
    // The first event's offset is that of its time from what is the first without.
    times[0] = clock == nil ? first &- offsets.first : 0
    let step = clock == nil ? Int64(bitPattern: unit) : 1
    var lots: EventMarks?
    if head & TimeEncoder.lotsFlag != 0 {
      guard let main else { throw unknown }
      marks.replace(with: kinds, main: main)
      lots = marks
    }
    try decode(&times, head & TimeEncoder.formMask, lots, unit: step, from: &input, unknown)
    guard clock != nil || !offsets.isEmpty || !shifts.isEmpty else { return }
    var target = times.mutableSpan
    TimeOffsets.restore(
      &target, clock: clock, start: first &- offsets.first, shifts: shifts, offsets: offsets)
  }

  private func readClock(
    _ length: UInt64, from input: inout StreamReader
  ) throws(FormatError) -> ClockUnit {
    let malformed = input.bytes.error(.malformed)
    let parts = try input.bytes.readVarint()
    let rest = try input.bytes.readVarint()
    guard let clock = ClockUnit(length: length, parts: parts, rest: rest) else { throw malformed }
    return clock
  }

  private mutating func readOffsets(
    _ count: Int, from input: inout StreamReader
  ) throws(FormatError) -> TimeOffsets {
    var offsets = TimeOffsets()
    let offsetCount = try input.bytes.readCount(limit: count)
    let malformed = input.bytes.error(.malformed)
    try decoder.decode(&offsets.gaps, count: offsetCount, isWide: true, from: &input)
    try decoder.decode(&offsets.offsets, count: offsetCount, isWide: true, from: &input)
    guard offsets.fit(in: count) else { throw malformed }
    return offsets
  }

  /// Replaces all times but the first, in so many nanoseconds or ticks a unit.
  private mutating func decode(
    _ times: inout [Int64], _ form: UInt8, _ lots: EventMarks?, unit: Int64,
    from input: inout StreamReader, _ unknown: FormatError
  ) throws(FormatError) {
    switch form {
    case 0, TimeEncoder.unsignedFlag:
      try decoder.decode(&numbers, count: times.count - 1, isWide: true, lots: lots, from: &input)
      TimeLoops.sum(numbers, unit: unit, isUnsigned: form != 0, into: &times)
    case TimeEncoder.gridFlag:
      try decodeGrid(&times, unit, lots, from: &input)
    default: throw unknown
    }
  }

  private mutating func decodeGrid(
    _ times: inout [Int64], _ unit: Int64, _ lots: EventMarks?, from input: inout StreamReader
  ) throws(FormatError) {
    let error = input.bytes.error(.malformed)
    let period = Int64(bitPattern: try input.bytes.readVarint())
    let gain = try input.bytes.readUInt8()
    let clip = try input.bytes.readUInt8()
    let shift = try input.bytes.readUInt8()
    guard period > 0, gain <= 16, clip <= 43, shift <= PairForm.shiftLimit else { throw error }
    let grid = ClockGrid(period: period, gain: Int64(gain), clip: Int64(clip))
    var parts: [ClockGrid] = []
    for _ in 0..<GridParts.count(of: times.count - 1) {
      parts.append(grid.starting(at: try input.bytes.readSignedVarint()))
    }
    let unsupported = input.bytes.error(.unsupportedEncoding)
    guard let form = PairForm(byte: try input.bytes.readUInt8(), shift: Int(shift)) else {
      throw unsupported
    }
    let malformed = input.bytes.error(.malformed)
    let bits = try pairs.read(count: times.count - 1, form, width: 64, lots: lots, from: &input)
    guard pairs.table.follow(pairs.tokens.span, bits, parts, unit: unit, into: &times) else {
      throw malformed
    }
  }
}
