// SPDX-License-Identifier: Apache-2.0
//
// The times of a section (Specs/Encodings.md, section 7).

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

  /// The time after `steps` periods, in units from the last event, without its residual.
  @inline(__always)
  func expected(_ steps: Int64) -> Int64 { (phase &+ steps &* period &+ 0x8000) &>> 16 }

  /// How many periods a difference in units is, at least 0.
  @inline(__always)
  func steps(to difference: Int64) -> Int64 {
    // Nothing is multiplied beyond 2⁶³; so long a pause says nothing of the phase.
    guard difference < 1 << 44 else { return 0 }
    let distance = (difference &<< 16) &- phase &+ period &>> 1
    guard distance >= period else { return 0 }
    // A product with the inverse is the quotient or next to it, and quicker than a division.
    var steps = Int64(Double(distance) * inverse)
    var rest = distance &- steps &* period
    while rest < 0 {
      steps &-= 1
      rest = rest &+ period
    }
    while rest >= period {
      steps &+= 1
      rest = rest &- period
    }
    return steps
  }

  /// Takes over an event.
  @inline(__always)
  mutating func advance(_ steps: Int64, residual: Int64) {
    let position = phase &+ steps &* period
    let bound: Int64 = 1 &<< clip
    phase = position &- ((position &+ 0x8000) &>> 16 &+ residual) &<< 16
    let follow = max(min(residual, bound), 0 &- bound)
    phase = phase &+ (follow &<< 16) &>> gain
    if residual > bound {
      misses = max(misses, 0) &+ 1
    } else if residual < 0 &- bound {
      misses = min(misses, 0) &- 1
    } else {
      misses = 0
      return
    }
    if abs(misses) >= Self.missLimit || residual >= 1 &<< 44 {
      phase = 0
      misses = 0
    }
  }
}

/// Encodes times; keeps its memory.
struct TimeEncoder {
  private var numbers: [UInt64] = []
  private var steps: [UInt64] = []
  private var residuals: [UInt64] = []
  private var encoder = NumberEncoder()

  /// Bits of the head byte that follow the first time and the unit.
  static let gridFlag: UInt8 = 1
  static let unsignedFlag: UInt8 = 2

  /// Appends times: the first, the unit, and what follows from the others.
  mutating func encode(_ times: [Int64], to output: inout StreamWriter) {
    guard let first = times.first else { return }
    let unit = TimeScale.unit(of: times)
    output.bytes.appendSignedVarint(first)
    output.bytes.appendVarint(unit)
    guard times.count > 1 else { return }
    let isUnsigned = takeDifferences(times, unit)
    if isUnsigned, let grid = bestGrid(times, unit, below: encoder.cost(numbers)) {
      output.bytes.append(Self.gridFlag)
      output.bytes.appendVarint(UInt64(grid.period))
      output.bytes.append(UInt8(grid.gain))
      output.bytes.append(UInt8(grid.clip))
      takeGrid(times, unit, grid, [0..<times.count])
      encoder.append(steps, to: &output)
      encoder.append(residuals, to: &output)
    } else {
      output.bytes.append(isUnsigned ? Self.unsignedFlag : 0)
      encoder.append(numbers, to: &output)
    }
  }

  /// Puts differences in units into `numbers`, zigzag only where some are negative.
  private mutating func takeDifferences(_ times: [Int64], _ unit: UInt64) -> Bool {
    numbers.resize(to: times.count - 1, filler: 0)
    var target = numbers.mutableSpan
    let source = times.span
    let divider = ExactDivider(unit)
    var union: Int64 = 0
    // Differences are modulo 2⁶⁴ (Specs/Encodings.md, section 7).
    for index in 0..<target.count {
      let difference = source[index &+ 1] &- source[index]
      union |= difference
      target[index] = divider.divide(difference.magnitude)
    }
    guard union < 0 else { return true }
    for index in 0..<target.count {
      let magnitude = Int64(bitPattern: target[index])
      let isNegative = source[index &+ 1] &- source[index] < 0
      target[index] = Zigzag.encode(isNegative ? 0 &- magnitude : magnitude)
    }
    return false
  }

  // MARK: - Grid

  /// The best grid, if one costs less than the differences.
  private mutating func bestGrid(_ times: [Int64], _ unit: UInt64, below cost: Int) -> ClockGrid? {
    guard times.count >= 64 else { return nil }
    let ranges = Samples.ranges(of: times.count)
    var best: (grid: ClockGrid, cost: Int)?
    for candidate in PeriodSearch.periods(of: numbers) {
      let noise = Int64(64 - candidate.noise.leadingZeroBitCount)
      for gain: Int64 in noise <= 1 ? [6] : [6, 3] {
        let clip = gain == 6 ? 0 : noise + 1
        let grid = ClockGrid(period: candidate.period, gain: gain, clip: clip)
        takeGrid(times, unit, grid, ranges)
        let total = encoder.cost(steps) + encoder.cost(residuals)
        if total < (best?.cost ?? cost - cost / 64) { best = (grid, total) }
      }
    }
    return best?.grid
  }

  /// Puts steps and residuals of some stretches into `steps` and `residuals`.
  private mutating func takeGrid(
    _ times: [Int64], _ unit: UInt64, _ grid: ClockGrid, _ ranges: [Range<Int>]
  ) {
    steps.removeAll(keepingCapacity: true)
    residuals.removeAll(keepingCapacity: true)
    let divider = ExactDivider(unit)
    for range in ranges {
      var grid = grid
      for index in range.dropFirst() {
        let difference = (times[index] &- times[index &- 1]).magnitude
        let distance = Int64(bitPattern: divider.divide(difference))
        let count = grid.steps(to: distance)
        let residual = distance &- grid.expected(count)
        grid.advance(count, residual: residual)
        steps.append(UInt64(bitPattern: count))
        residuals.append(Zigzag.encode(residual))
      }
    }
  }
}

/// Decodes times; keeps its memory.
struct TimeDecoder {
  private var numbers: [UInt64] = []
  private var residuals: [UInt64] = []
  private var decoder = NumberDecoder()

  /// Replaces `times` by the times of `count` events.
  mutating func decode(
    _ times: inout [Int64], count: Int, from input: inout StreamReader
  ) throws(FormatError) {
    guard count > 0 else { return times.removeAll(keepingCapacity: true) }
    let first = try input.bytes.readSignedVarint()
    let unitError = input.bytes.error(.malformed)
    let unit = Int64(bitPattern: try input.bytes.readVarint())
    guard unit != 0 else { throw unitError }
    times.resize(to: count, filler: 0)
    times[0] = first
    guard count > 1 else { return }
    let error = input.bytes.error(.unsupportedEncoding)
    switch try input.bytes.readUInt8() {
    case 0:
      try decoder.decode(&numbers, count: count - 1, isWide: true, from: &input)
      Self.sum(numbers.span, unit, isUnsigned: false, into: &times)
    case TimeEncoder.unsignedFlag:
      try decoder.decode(&numbers, count: count - 1, isWide: true, from: &input)
      Self.sum(numbers.span, unit, isUnsigned: true, into: &times)
    case TimeEncoder.gridFlag:
      try decodeGrid(&times, unit, from: &input)
    default: throw error
    }
  }

  /// Differences to times, modulo 2⁶⁴.
  private static func sum(
    _ numbers: Span<UInt64>, _ unit: Int64, isUnsigned: Bool, into times: inout [Int64]
  ) {
    var target = times.mutableSpan
    var time = target[0]
    for index in 0..<min(numbers.count, target.count &- 1) {
      let number = numbers[index]
      let step = isUnsigned ? Int64(bitPattern: number) : Zigzag.decode(number)
      time = time &+ step &* unit
      target[index &+ 1] = time
    }
  }

  private mutating func decodeGrid(
    _ times: inout [Int64], _ unit: Int64, from input: inout StreamReader
  ) throws(FormatError) {
    let error = input.bytes.error(.malformed)
    let period = Int64(bitPattern: try input.bytes.readVarint())
    let gain = try input.bytes.readUInt8()
    let clip = try input.bytes.readUInt8()
    guard period > 0, gain <= 16, clip <= 44 else { throw error }
    try decoder.decode(&numbers, count: times.count - 1, isWide: true, from: &input)
    try decoder.decode(&residuals, count: times.count - 1, isWide: true, from: &input)
    Self.follow(
      ClockGrid(period: period, gain: Int64(gain), clip: Int64(clip)), numbers.span, residuals.span,
      unit,
      into: &times)
  }

  private static func follow(
    _ start: ClockGrid, _ steps: Span<UInt64>, _ residuals: Span<UInt64>, _ unit: Int64,
    into times: inout [Int64]
  ) {
    var grid = start
    var target = times.mutableSpan
    var time = target[0]
    for index in 0..<min(steps.count, residuals.count, target.count &- 1) {
      let count = Int64(bitPattern: steps[index])
      let residual = Zigzag.decode(residuals[index])
      time = time &+ (grid.expected(count) &+ residual) &* unit
      target[index &+ 1] = time
      grid.advance(count, residual: residual)
    }
  }

  /// Passes over the times of `count` events.
  static func skip(count: Int, from input: inout StreamReader) throws(FormatError) {
    guard count > 0 else { return }
    _ = try input.bytes.readSignedVarint()
    _ = try input.bytes.readVarint()
    guard count > 1 else { return }
    guard try input.bytes.readUInt8() == TimeEncoder.gridFlag else {
      return try NumberDecoder.skip(from: &input)
    }
    _ = try input.bytes.readVarint()
    for _ in 0..<2 { _ = try input.bytes.readUInt8() }
    for _ in 0..<2 { try NumberDecoder.skip(from: &input) }
  }
}
