// SPDX-License-Identifier: Apache-2.0
//
// Tokens to modelled streams (Specs/Encodings.md, section 8): range asymmetric numeral systems
// (Duda 2013, arXiv 1311.2540) in four lanes, each with a quarter of the tokens, so that a
// processor works on four of them at once. A state gives bits only every third token.
//
// Invariant: tables have an entry for each context below the limit and each token.

/// How a stream's tokens are dealt to lanes.
enum Lanes {
  static let count = 4
  /// So many tokens of a lane are coded between two looks at its state.
  static let group = 3
  /// Between groups, states are at least this, and below 2⁶³: a group takes up to 30 bits of one.
  static let start: UInt64 = 1 << 31
  static let range = start..<(1 << 63)

  /// The tokens of each lane; the last lane also has those that are left over.
  static func length(of count: Int) -> Int { count / (Lanes.count * group) * group }
}

/// Encodes tokens by what was set for each in each context.
struct LaneEncoder: ~Copyable {
  /// What coding a token needs but the reciprocal of its frequency: that, and three constants.
  private struct Symbol: BitwiseCopyable {
    var bias: UInt16 = 0
    var frequency: UInt16 = 0
    var complement: UInt16 = 0
    var shift: UInt8 = 0
  }

  /// By place; a processor finds entries of eight bytes without an operation.
  private let reciprocals: UnsafeMutablePointer<UInt64>
  private let symbols: UnsafeMutablePointer<Symbol>

  private static let capacity = ContextRule.countLimit << 8

  init() {
    // Safe: initialised here, freed by `deinit` only.
    unsafe symbols = UnsafeMutablePointer<Symbol>.allocate(capacity: Self.capacity)
    unsafe symbols.initialize(repeating: Symbol(), count: Self.capacity)
    unsafe reciprocals = UnsafeMutablePointer<UInt64>.allocate(capacity: Self.capacity)
    unsafe reciprocals.initialize(repeating: 0, count: Self.capacity)
  }

  deinit {
    // Safe: nobody else holds it.
    unsafe symbols.deallocate()
    unsafe reciprocals.deallocate()
  }

  /// Sets how tokens are coded in some contexts: by their frequencies, of which those that are not
  /// 0 follow one another.
  func set(_ tokens: [UInt8], in contexts: StrideTo<Int>, _ frequencies: [Int32]) {
    precondition(tokens.count == frequencies.count, "A frequency for each token")
    let byFrequency = Self.byFrequency
    for context in contexts {
      precondition((0..<ContextRule.countLimit).contains(context), "A context")
      var start: UInt16 = 0
      for place in tokens.indices {
        // A token of frequency 0 does not come: what it gets says nothing.
        var (reciprocal, symbol) = byFrequency[Int(frequencies[place])]
        symbol.bias &+= start
        start &+= symbol.frequency
        // Safe: compared above; a token is below 256.
        unsafe symbols[context << 8 | Int(tokens[place])] = symbol
        unsafe reciprocals[context << 8 | Int(tokens[place])] = reciprocal
      }
      precondition(start == FrequencyTable.total, "Frequencies make their total")
    }
  }

  /// The reciprocals and symbols of all frequencies whose range begins at 0.
  private static let byFrequency: [(UInt64, Symbol)] = (0...FrequencyTable.total).map { frequency in
    guard frequency > 0 else { return (0, Symbol()) }
    var symbol = Symbol(
      frequency: UInt16(frequency), complement: UInt16(FrequencyTable.total - frequency))
    guard frequency > 1 else {
      symbol.bias = UInt16(FrequencyTable.total - 1)
      return (.max, symbol)
    }
    // The quotient by a frequency is a product with its reciprocal (Alverson 1991): 2 to the power
    // of 63 + `shift`, divided by the frequency and rounded up.
    let shift = FrequencyTable.classOf(frequency - 1)
    let divisor = UInt64(frequency)
    symbol.shift = UInt8(shift - 1)
    let dividend = (high: UInt64(1) << UInt64(shift - 1), low: divisor - 1)
    return (divisor.dividingFullWidth(dividend).quotient, symbol)
  }

  /// Appends the lanes' states and words for places that were counted and whose tokens are set.
  ///
  /// - Parameter places: those of the four lanes' first tokens, then of their second ones, and so
  ///   on; then those that are left over.
  func encode(_ places: Span<UInt16>, words: inout [UInt32], to output: inout [UInt8]) {
    let dealt = Lanes.count * Lanes.length(of: places.count)
    // No group takes more than a word.
    let room = dealt / Lanes.group + places.count - dealt
    if words.count < room { words.resize(to: room, filler: 0) }
    // Safe: there is a word for each group and for each of those that are left over.
    let (states, next) = unsafe places.withUnsafeBufferPointer { source in
      unsafe words.withUnsafeMutableBufferPointer { target in
        unsafe encode(source, dealt: dealt, target)
      }
    }
    for state in [states.a, states.b, states.c, states.d] {
      Self.append(state.littleEndian, to: &output)
    }
    // Safe: the words' bytes, for the call.
    unsafe words.withUnsafeBytes { source in
      unsafe output.append(contentsOf: source[(4 * next)...])
    }
  }

  /// Encodes places from the last one on, those of lanes below `dealt`, to words from the end on.
  ///
  /// - Returns: the states, and where the words begin.
  private func encode(
    _ places: UnsafeBufferPointer<UInt16>, dealt: Int, _ words: UnsafeMutableBufferPointer<UInt32>
  ) -> (states: (a: UInt64, b: UInt64, c: UInt64, d: UInt64), next: Int) {
    var (a, b, c, d) = (Lanes.start, Lanes.start, Lanes.start, Lanes.start)
    var next = words.count
    guard let source = places.baseAddress, let target = words.baseAddress else {
      return ((a, b, c, d), next)
    }
    // Safe: places are below `capacity`; indices lie within them; `next` falls by at most one a
    // group, of which there are no more than words.
    for index in (dealt..<places.count).reversed() {
      unsafe putOne(source[index], &d, target, &next)
    }
    var group = unsafe source + dealt
    while unsafe group > source {
      unsafe group -= Lanes.group &* Lanes.count
      unsafe flush(&d, share(group + 3), target, &next)
      unsafe flush(&c, share(group + 2), target, &next)
      unsafe flush(&b, share(group + 1), target, &next)
      unsafe flush(&a, share(group), target, &next)
      // By turns, so that a processor has four chains at hand.
      unsafe pushRow(group + 2 * Lanes.count, &a, &b, &c, &d)
      unsafe pushRow(group + Lanes.count, &a, &b, &c, &d)
      unsafe pushRow(group, &a, &b, &c, &d)
    }
    return ((a, b, c, d), next)
  }

  private static func append(_ state: UInt64, to output: inout [UInt8]) {
    // Safe: the eight bytes of a number, for the call.
    withUnsafeBytes(of: state) { unsafe output.append(contentsOf: $0) }
  }

  /// What the frequencies of a lane's next tokens make of the largest state.
  @inline(__always)
  private func share(_ places: UnsafePointer<UInt16>) -> UInt64 {
    var share: UInt64 = 1 &<< UInt64(63 - Lanes.group * FrequencyTable.precision)
    for row in 0..<Lanes.group {
      // Safe: places are below `capacity`, and the caller has so many of the lane.
      share = unsafe share &* UInt64(symbols[Int(places[Lanes.count &* row])].frequency)
    }
    return share
  }

  /// Puts a token in front of what a lane has, as a group of its own.
  private func putOne(
    _ place: UInt16, _ state: inout UInt64, _ words: UnsafeMutablePointer<UInt32>,
    _ next: inout Int
  ) {
    // Safe: the place is below `capacity`.
    let share = unsafe UInt64(symbols[Int(place)].frequency)
    unsafe flush(&state, share &<< UInt64(63 - FrequencyTable.precision), words, &next)
    push(place, &state)
  }

  /// Takes a word from a state that is not below `limit`. Without a branch: that is as good as
  /// random.
  @inline(__always)
  private func flush(
    _ state: inout UInt64, _ limit: UInt64, _ words: UnsafeMutablePointer<UInt32>,
    _ next: inout Int
  ) {
    unsafe words[next &- 1] = UInt32(truncatingIfNeeded: state).littleEndian
    let isFull = state >= limit
    next = next &- (isFull ? 1 : 0)
    state = isFull ? state &>> 32 : state
  }

  /// Puts a token in front of what each lane has.
  @inline(__always)
  private func pushRow(
    _ places: UnsafePointer<UInt16>, _ a: inout UInt64, _ b: inout UInt64, _ c: inout UInt64,
    _ d: inout UInt64
  ) {
    unsafe push(places[3], &d)
    unsafe push(places[2], &c)
    unsafe push(places[1], &b)
    unsafe push(places[0], &a)
  }

  @inline(__always)
  private func push(_ place: UInt16, _ state: inout UInt64) {
    // Safe: the place is below `capacity`.
    let symbol = unsafe symbols[Int(place)]
    let reciprocal = unsafe reciprocals[Int(place)]
    let quotient = state.multipliedFullWidth(by: reciprocal).high &>> UInt64(symbol.shift)
    state = state &+ UInt64(symbol.bias) &+ quotient &* UInt64(symbol.complement)
  }
}
