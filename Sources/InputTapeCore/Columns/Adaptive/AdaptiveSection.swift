// SPDX-License-Identifier: Apache-2.0
//
// The events of a section, one after another, in either direction (Specs/Adaptive.md, section 5).
//
// Invariant: what contexts are made of was coded before, so that both directions see the same.

/// The events of a section as rows of values, and the models that code them.
struct AdaptiveSection<Coder: BitCoder>: ~Copyable {
  var model: AdaptiveModel<Coder>
  var kinds: [AdaptiveKind] = []
  /// The offset in `kinds` of each event's kind.
  var kindNumbers = RowBuffer<UInt8>()
  /// In nanoseconds without offsets and shifts, or in ticks of `clock` from the first event.
  var times = RowBuffer<Int64>()
  /// The first event's time without its offset.
  var start: Int64 = 0
  /// A clock whose unit is a fraction.
  var clock: ClockUnit?
  var offsets = TimeOffsets()
  var shifts = TimeOffsets()
  /// The fields of all events, event by event: Int32, Int64, then strings as start and length.
  var values = RowBuffer<Int64>()
  var text: [UInt8] = []

  /// Whether predictions of velocities adapt to the device.
  var adapts = false
  var time = AdaptiveTime()
  var order = AdaptiveOrder()
  var keys = AdaptiveKeys()
  var touches = AdaptiveTouches()
  let axes = MaskedTable<7, AdaptiveAxis>(repeating: AdaptiveAxis())
  let taps = AdaptiveTaps()
  /// What velocities were multiplied by, by what is known of the event.
  let factors = MaskedTable<12, AdaptiveFactor>(repeating: AdaptiveFactor())
  var columns: [AdaptiveColumn] = []

  init(coder: Coder) { model = AdaptiveModel(coder: coder) }

  /// Forgets everything but the memory.
  mutating func reset(eventCount: Int) {
    model.reset(eventCount: eventCount)
    kinds.removeAll(keepingCapacity: true)
    values.fill(0, with: 0)
    text.removeAll(keepingCapacity: true)
    clock = nil
    offsets.removeAll()
    shifts.removeAll()
    time = AdaptiveTime()
    order = AdaptiveOrder()
    keys.reset()
    touches.reset()
    columns.removeAll(keepingCapacity: true)
  }

  /// Makes the models of the section's kinds.
  mutating func prepare() {
    let columnCount = kinds.reduce(0) { $0 + $1.width } + AdaptiveTouches.contactCount
    columns.append(contentsOf: repeatElement(AdaptiveColumn(), count: columnCount))
    axes.fill(2 * AdaptiveAxis.pairCount, with: AdaptiveAxis())
    factors.fill(factors.count, with: AdaptiveFactor())
  }

  /// Codes all events; `times` and `kindNumbers` have one entry an event.
  ///
  /// - Throws: where a decoder finds what no encoder writes.
  mutating func codeEvents(at position: UInt64) throws(FormatError) {
    var row = 0
    var budget = Limits.rawByteCount
    for index in 0..<times.count {
      let number = kinds.count > 1 ? codeKind(index) : 0
      if Coder.isDecoder {
        guard !model.coder.isOverrun else { throw FormatError(.truncated, at: position) }
        guard kinds.indices.contains(number) else { throw FormatError(.malformed, at: position) }
        budget &-= kinds[number].byteCount
        guard budget >= 0 else { throw FormatError(.limitExceeded, at: position) }
        values.append(kinds[number].width, of: 0)
      }
      let kind = kinds[number]
      codeEvent(index, kind, number, row)
      if kind.layout.strings > 0 {
        try codeStrings(kind, row, &budget, at: position)
      }
      order.push(number)
      row &+= kind.width
    }
  }

  @inline(__always)
  private mutating func codeEvent(_ index: Int, _ kind: AdaptiveKind, _ number: Int, _ row: Int) {
    let isChange = number != order.previous
    switch kind.shape {
    case .position:
      codeTime(index, context: isChange ? 1 : 0)
      codePosition(row, pair: kind.kind == .pen ? 2 : 0)
      codeColumns(kind, row, from: 2)
    case .velocity:
      codeTime(index, context: isChange ? 1 : 0)
      codeVelocity(row)
    case .key:
      let isButton = kind.kind == .button
      let context = codeKey(row, isButton: isButton)
      codeTime(index, context: 3 + context.group, key: isButton ? nil : context)
      keys.note(isButton: isButton, time: time.now)
    case .touch:
      codeTime(index, context: 0)
      codeTouch(row, pressure: columns.count - AdaptiveTouches.contactCount)
    case .plain:
      codeTime(index, context: isChange ? 1 : 2)
      codeColumns(kind, row, from: 0)
    }
  }

  /// Chooses the weights of a decision: by how long the last difference was, and one thing more,
  /// from 0 to 3.
  @inline(__always)
  func situation(_ detail: Int) -> Int { time.steps.0 &+ detail &* 8 }

  /// The same, by how large the number's kind is on average: a sixth of a level up to 31.
  @inline(__always)
  func situation(level: Int) -> Int { situation(min((level &* 11) >> 6, 3)) }

  /// Codes the number of an event's kind; a decoder may find one that is none's.
  private mutating func codeKind(_ index: Int) -> Int {
    let held = keys.count(isButton: true) > 0 ? 1 : 0
    let pace = unsigned(time.pace)
    let first = unsigned(order.previous)
    let contexts = AdaptiveContexts(
      AdaptiveContexts.hash(1 | (order.history & 0xFFFF_FFFF) << 8 | unsigned(held) << 40),
      AdaptiveContexts.hash(
        2 | first << 8 | pace << 16 | unsigned(held) << 32 | unsigned(order.speed) << 40),
      AdaptiveContexts.hash(
        3 | (order.history & 0xFF_FFFF) << 8 | pace << 40 | unsigned(held) << 56)
    )
    let number = model.code(
      Int32(kindNumbers[index]), .kind, level: order.previous &* 2 &+ held,
      guess: Int32(order.previous), contexts, situation: situation(order.speed / 2))
    if Coder.isDecoder { kindNumbers[index] = UInt8(clamping: number) }
    return Int(number)
  }
}

/// The kinds of the events before.
struct AdaptiveOrder {
  private(set) var previous = 0
  /// The kinds before, a byte each, the last lowest.
  private(set) var history: UInt64 = 0
  /// How far the pointer went last, in bits.
  var speed = 0

  @inline(__always)
  mutating func push(_ number: Int) {
    previous = number
    history = history << 8 | unsigned(number & 255)
  }
}
