// SPDX-License-Identifier: Apache-2.0
//
// The times of a section (Specs/Encodings.md, section 7).

/// Encodes times; keeps its memory.
struct TimeEncoder {
  private var numbers: [UInt64] = []
  /// Those joined by "or", where it is known.
  private var union: UInt64?
  /// The ticks of a clock of a known rate, or times without offsets.
  private var regular: [Int64] = []
  private var offsets = TimeOffsets()
  private var shifts = TimeOffsets()
  private var offsetEncoder = NumberEncoder()
  private var columns = GridColumns()
  /// Stretches have columns of their own: those of all would be filled with zeros behind them.
  private var samples = GridColumns()
  private var encoder = NumberEncoder()
  private var pairs = PairTokenEncoder()
  private var marks = EventMarks()
  /// Whether no time of the last section is less than the one before, as far as that was seen.
  private(set) var areRising = false

  /// Bits of the head byte that follow the first time and the unit.
  static let gridFlag: UInt8 = 1
  static let unsignedFlag: UInt8 = 2
  static let clockFlag: UInt8 = 4
  static let offsetFlag: UInt8 = 8
  static let lotsFlag: UInt8 = 16
  static let shiftFlag: UInt8 = 32
  /// The others.
  static let formMask = ~(clockFlag | offsetFlag | lotsFlag | shiftFlag)

  /// How times follow a grid, and how its numbers become tokens.
  private struct GridChoice {
    let candidate: PeriodSearch.Candidate
    let grid: ClockGrid
    var form: PairForm
    /// What the events behind the phase take, in sixteenths of a bit.
    var cost: Int
  }

  /// Appends times: the first, the unit, and what follows from the others.
  ///
  /// - Parameter main: the main kind, where there are several.
  mutating func encode(
    _ times: [Int64], kinds: [EventKind], main: EventKind?, preset: Preset,
    to output: inout StreamWriter
  ) {
    guard let first = times.first else { return }
    let (regular, unit, clock, isUnsigned) = takeUnits(times)
    output.bytes.appendSignedVarint(first)
    output.bytes.appendVarint(clock?.length ?? unit)
    guard times.count > 1 else { return }
    encoder.look(at: numbers, union: union)
    let triesGrid = isUnsigned && (preset != .fast || times.count >= Self.quickGridCount)
    let grid = triesGrid ? bestGrid(regular, unit, below: encoder.cost) : nil
    let lots = preset != .fast ? takeLots(of: kinds, main: main) : nil
    let form = grid != nil ? Self.gridFlag : isUnsigned ? Self.unsignedFlag : 0
    append(form | (lots == nil ? 0 : Self.lotsFlag), clock, to: &output)
    if let grid {
      columns.take(numbers, grid.grid)
      append(grid, to: &output)
      pairs.encodeGrid(columns, grid.form, lots: lots, to: &output)
    } else {
      encoder.appendSeen(numbers, lots: lots, to: &output)
    }
  }

  /// Of fewer events a grid is no gain for who is in a hurry.
  private static let quickGridCount = 4_096
  /// Fewer events do not pay for statistics of each lot.
  private static let leastLotsCount = 1_500
  /// Of so many events one at least is of another kind than most.
  private static let lotsShare = 64

  /// The lots of steps by kinds, where these pay.
  private mutating func takeLots(of kinds: [EventKind], main: EventKind?) -> EventMarks? {
    guard let main, kinds.count >= Self.leastLotsCount else { return nil }
    marks.replace(with: kinds, main: main)
    return kinds.count - marks.count(of: 0) > kinds.count / Self.lotsShare ? marks : nil
  }

  /// Finds the unit, and takes differences in it.
  ///
  /// - Returns: the times that these are the differences of: ticks of a clock, or without offsets;
  ///   the unit of these; whether no difference is negative.
  private mutating func takeUnits(
    _ times: [Int64]
  ) -> (regular: [Int64], unit: UInt64, clock: ClockUnit?, isUnsigned: Bool) {
    offsets.removeAll()
    shifts.removeAll()
    let usual = TimeScale.usual(of: times)
    let isUnsigned = takeSteps(times, usual)
    if let isUnsigned, usual > 1 { return (times, usual, nil, isUnsigned) }
    let unit = isUnsigned == nil ? TimeScale.unit(of: times, from: usual) : usual
    if let clock = ClockUnit.find(in: times, usual, &regular, &offsets, &shifts) {
      return (regular, 1, clock, takeDifferences(regular, 1) ?? false)
    }
    if TimeOffsets.take(times, usual, into: &regular, &offsets, &shifts) {
      if let isUnsigned = takeDifferences(regular, usual) {
        return (regular, usual, nil, isUnsigned)
      }
      offsets.removeAll()
      shifts.removeAll()
    }
    return (times, unit, nil, isUnsigned ?? takeSteps(times, unit) ?? false)
  }

  /// As `takeDifferences`, and says whether times rise.
  private mutating func takeSteps(_ times: [Int64], _ unit: UInt64) -> Bool? {
    let isUnsigned = takeDifferences(times, unit)
    areRising = false
    if isUnsigned == true, let first = times.first, let largest = union {
      // Differences are modulo 2⁶⁴: none leads beyond the largest time if all of them together,
      // each as large as any, do not.
      let (step, isTooLarge) = largest.multipliedReportingOverflow(by: unit)
      let (way, isTooFar) = step.multipliedReportingOverflow(by: UInt64(times.count))
      areRising = !isTooLarge && !isTooFar && way <= UInt64(bitPattern: Int64.max &- first)
    }
    return isUnsigned
  }

  private mutating func append(
    _ head: UInt8, _ clock: ClockUnit?, to output: inout StreamWriter
  ) {
    let flags =
      (clock == nil ? 0 : Self.clockFlag) | (offsets.isEmpty ? 0 : Self.offsetFlag)
      | (shifts.isEmpty ? 0 : Self.shiftFlag)
    output.bytes.append(head | flags)
    if let clock {
      output.bytes.appendVarint(clock.parts)
      output.bytes.appendVarint(clock.rest)
    }
    for some in [offsets, shifts] where !some.isEmpty {
      output.bytes.appendVarint(some.offsets.count)
      offsetEncoder.append(some.gaps, to: &output)
      offsetEncoder.append(some.offsets, to: &output)
    }
  }

  private func append(_ choice: GridChoice, to output: inout StreamWriter) {
    output.bytes.appendVarint(UInt64(choice.grid.period))
    output.bytes.append(UInt8(choice.grid.gain))
    output.bytes.append(UInt8(choice.grid.clip))
    output.bytes.append(UInt8(choice.form.shift))
    for start in columns.starts { output.bytes.appendSignedVarint(start) }
    output.bytes.append(choice.form.byte)
  }

  /// Whether the usual time between two events, the median of a sample, is more than 0 and at most
  /// a limit.
  static func areClose(_ times: [Int64], within limit: Int64) -> Bool {
    let count = min(times.count - 1, 63)
    guard count > 0 else { return false }
    let stride = (times.count - 1) / count
    var (tied, close) = (0, 0)
    for index in 1...count {
      let difference = times[index * stride] &- times[index * stride - 1]
      tied += difference <= 0 ? 1 : 0
      close += difference <= limit ? 1 : 0
    }
    // The median is the one in front of which half of them stand.
    return tied <= count / 2 && close > count / 2
  }

  /// Puts differences in units into `numbers`, zigzag only where some are negative.
  ///
  /// - Returns: whether none is negative; nil where they are not multiples of the unit.
  private mutating func takeDifferences(_ times: [Int64], _ unit: UInt64) -> Bool? {
    let divider = ExactDivider(unit)
    let seen = TimeLoops.takeDifferences(of: times, divider, into: &numbers)
    union = seen.isRising ? seen.union : nil
    guard !seen.isRising else { return seen.areMultiples ? true : nil }
    var target = numbers.mutableSpan
    let source = times.span
    var isExact = true
    for index in 0..<target.count {
      let difference = source[index &+ 1] &- source[index]
      let quotient = divider.divide(difference.magnitude)
      isExact = divider.isQuotient(quotient) && isExact
      let magnitude = Int64(bitPattern: quotient)
      target[index] = Zigzag.encode(difference < 0 ? 0 &- magnitude : magnitude)
    }
    return isExact ? false : nil
  }

  // MARK: - Grid

  /// The best grid, if one costs less than the differences.
  private mutating func bestGrid(
    _ times: [Int64], _ unit: UInt64, below cost: Int
  ) -> GridChoice? {
    guard numbers.count >= 64 else { return nil }
    let ranges = Samples.ranges(of: numbers.count)
    var best: GridChoice?
    // Whether samples are those of the best.
    var areBest = false
    for candidate in PeriodSearch.periods(of: numbers, times, unit) {
      // Stamps that are late by themselves move the phase by little, a clock that is finer than
      // the jitter by a part of what is left.
      let isFine = candidate.noiseBits > 1
      areBest = weigh(
        candidate, gain: isFine ? 5 : 6, clip: isFine ? candidate.noiseBits + 2 : 0, ranges, &best)
    }
    guard var best else { return nil }
    // What differences cost is said of all of the stretches. Contexts tell more of differences of
    // few values than of steps and residuals.
    let sampleCount = ranges.reduce(0) { $0 + $1.count }
    let share = cost - cost / (best.candidate.noiseBits > 1 ? 64 : 32)
    let limit = share * samples.steps.count / sampleCount
    if !areBest { takeSamples(best.grid, ranges) }
    // Where the phase is far off now and then, residuals need classes that reach further.
    if best.cost >= limit { weigh(PairForm(3, shift: best.form.shift), &best) }
    guard best.cost < limit else { return nil }
    chooseForm(&best)
    return best
  }

  /// Takes stretches by a grid, which is the best one if they cost less than ever.
  private mutating func weigh(
    _ candidate: PeriodSearch.Candidate, gain: Int64, clip: Int64, _ ranges: [Range<Int>],
    _ best: inout GridChoice?
  ) -> Bool {
    let grid = ClockGrid(period: candidate.period, gain: gain, clip: clip)
    takeSamples(grid, ranges)
    let form = PairForm(5, shift: max(Int(candidate.noiseBits) - 2, 0))
    let cost = gridCost(form)
    guard cost < best?.cost ?? .max else { return false }
    best = GridChoice(candidate: candidate, grid: grid, form: form, cost: cost)
    return true
  }

  /// The form that makes steps and residuals shortest, one of its numbers after another.
  private mutating func chooseForm(_ choice: inout GridChoice) {
    let shift = choice.form.shift
    // Where most residuals are 0 or next to it they have no low bits to spare.
    let others = choice.candidate.noiseBits > 1 ? [shift - 2, shift + 2] : []
    for other in others where (0...PairForm.shiftLimit).contains(other) {
      weigh(PairForm(5, shift: other), &choice)
    }
    let first = choice.form.firstDirect
    let second = PairForm.bestDirect(from: choice.form.secondDirect) {
      gridCost(PairForm(first, $0, shift: choice.form.shift))
    }
    choice.form.secondDirect = second
    choice.form.firstDirect = PairForm.bestDirect(from: first) {
      gridCost(PairForm($0, second, shift: choice.form.shift))
    }
  }

  private mutating func weigh(_ form: PairForm, _ choice: inout GridChoice) {
    guard form != choice.form else { return }
    let cost = gridCost(form)
    if cost < choice.cost {
      choice.form = form
      choice.cost = cost
    }
  }

  private mutating func gridCost(_ form: PairForm) -> Int {
    pairs.cost(samples.steps, samples.residuals, form, width: 64)
  }

  /// So many events of a stretch are left out, about as many as a phase needs to be found.
  private static let phaseCount = 64

  /// Takes some stretches by a grid, without the events that find the phase.
  private mutating func takeSamples(_ grid: ClockGrid, _ ranges: [Range<Int>]) {
    let skipped = (ranges.first?.count ?? 0) > 4 * Self.phaseCount ? Self.phaseCount : 0
    samples.take(numbers, grid, ranges, skipping: skipped)
  }
}
