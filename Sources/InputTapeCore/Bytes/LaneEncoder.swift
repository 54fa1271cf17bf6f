// SPDX-License-Identifier: Apache-2.0
//
// Tokens to modelled streams (Specs/Encodings.md, section 8): range asymmetric numeral systems
// (Duda 2013, arXiv 1311.2540) in three lanes or six, each with its part of the tokens, so that a
// processor works on all of them at once. A state gives bits only every third token.
//
// Invariant: tables have an entry for each context below the limit and each token.

/// How a stream's tokens are dealt to three lanes, or to six.
struct Lanes {
  /// So many tokens of a lane are coded between two looks at its state.
  static let group = 3
  /// Between groups, states are at least this, and below 2⁶³: a group takes up to 30 bits of one.
  static let start: UInt64 = 1 << 31
  /// Streams of so many tokens have six lanes.
  static let longStream = 4_096

  let isLong: Bool
  /// The tokens of each lane; the last lane also has those that are left over.
  let each: Int

  var count: Int { isLong ? 6 : 3 }
  /// The tokens of all lanes but those that are left over.
  var dealt: Int { count * each }

  init(of tokenCount: Int) {
    isLong = tokenCount >= Self.longStream
    each = tokenCount / (isLong ? 18 : 9) * Self.group
  }

  /// Three, of a sample that nobody codes.
  init(ofSample tokenCount: Int) {
    isLong = false
    each = tokenCount / 3
  }
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
  /// - Parameter places: those of all lanes' first tokens, then of their second ones, and so on;
  ///   then those that are left over.
  func encode(_ places: Span<UInt16>, words: inout [UInt32], to output: inout [UInt8]) {
    let lanes = Lanes(of: places.count)
    // No group takes more than a word.
    let room = lanes.dealt / Lanes.group + places.count - lanes.dealt
    if words.count < room { words.resize(to: room, filler: 0) }
    // Safe: there is a word for each group and for each of those that are left over.
    let (three, others, next) = unsafe places.withUnsafeBufferPointer { source in
      unsafe words.withUnsafeMutableBufferPointer { target in
        unsafe encode(source, lanes, target)
      }
    }
    three.append(to: &output)
    if lanes.isLong { others.append(to: &output) }
    // Safe: the words' bytes, for the call.
    unsafe words.withUnsafeBytes { source in
      unsafe output.append(contentsOf: source[(4 * next)...])
    }
  }

  /// The states of three lanes.
  private struct Three {
    var a = Lanes.start
    var b = Lanes.start
    var c = Lanes.start

    func append(to output: inout [UInt8]) {
      for state in [a, b, c] {
        // Safe: the eight bytes of a number, for the call.
        withUnsafeBytes(of: state.littleEndian) { unsafe output.append(contentsOf: $0) }
      }
    }
  }

  /// Encodes places from the last one on, to words from the end on.
  ///
  /// - Returns: the states of three lanes, and of three more in long streams, and where the words
  ///   begin.
  private func encode(
    _ places: UnsafeBufferPointer<UInt16>, _ lanes: Lanes,
    _ words: UnsafeMutableBufferPointer<UInt32>
  ) -> (three: Three, others: Three, next: Int) {
    var (three, others) = (Three(), Three())
    var next = words.count
    guard let source = places.baseAddress, let target = words.baseAddress else {
      return (three, others, next)
    }
    var state = Lanes.start
    // Safe: places are below `capacity`; indices lie within them; `next` falls by at most one a
    // group, of which there are no more than words.
    for index in (lanes.dealt..<places.count).reversed() {
      unsafe putOne(source[index], &state, target, &next)
    }
    if lanes.isLong {
      others.c = state
      unsafe putSix(source, lanes.dealt, &three, &others, target, &next)
    } else {
      three.c = state
      unsafe putThree(source, lanes.dealt, &three, target, &next)
    }
    return (three, others, next)
  }

  /// Puts all groups of three lanes in front of what they have.
  @inline(never)
  private func putThree(
    _ places: UnsafePointer<UInt16>, _ dealt: Int, _ lanes: inout Three,
    _ words: UnsafeMutablePointer<UInt32>, _ next: inout Int
  ) {
    // Values of their own, so that they stay in registers.
    var (own, at) = (lanes, next)
    // Safe: the caller has as many places.
    var group = unsafe places + dealt
    while unsafe group > places {
      unsafe group -= 3 &* Lanes.group
      unsafe flush(&own, group, 3, words, &at)
      for row in (0..<Lanes.group).reversed() { unsafe push(&own, group + 3 &* row) }
    }
    (lanes, next) = (own, at)
  }

  /// Puts all groups of six lanes in front of what they have.
  @inline(never)
  private func putSix(
    _ places: UnsafePointer<UInt16>, _ dealt: Int, _ three: inout Three, _ others: inout Three,
    _ words: UnsafeMutablePointer<UInt32>, _ next: inout Int
  ) {
    var (first, second, at) = (three, others, next)
    // Safe: the caller has as many places.
    var group = unsafe places + dealt
    while unsafe group > places {
      unsafe group -= 6 &* Lanes.group
      unsafe flush(&second, group + 3, 6, words, &at)
      unsafe flush(&first, group, 6, words, &at)
      // By turns, so that a processor has all chains at hand.
      for row in (0..<Lanes.group).reversed() {
        unsafe push(&second, group + 6 &* row + 3)
        unsafe push(&first, group + 6 &* row)
      }
    }
    (three, others, next) = (first, second, at)
  }

  /// What the frequencies of a lane's next tokens make of the largest state.
  @inline(__always)
  private func share(_ places: UnsafePointer<UInt16>, _ stride: Int) -> UInt64 {
    var share: UInt64 = 1 &<< UInt64(63 - Lanes.group * FrequencyTable.precision)
    for row in 0..<Lanes.group {
      // Safe: places are below `capacity`, and the caller has so many of the lane.
      share = unsafe share &* UInt64(symbols[Int(places[stride &* row])].frequency)
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

  /// Takes words from the states of three lanes that have no room for a group, whose rows are so
  /// far apart.
  @inline(__always)
  private func flush(
    _ lanes: inout Three, _ group: UnsafePointer<UInt16>, _ stride: Int,
    _ words: UnsafeMutablePointer<UInt32>, _ next: inout Int
  ) {
    unsafe flush(&lanes.c, share(group + 2, stride), words, &next)
    unsafe flush(&lanes.b, share(group + 1, stride), words, &next)
    unsafe flush(&lanes.a, share(group, stride), words, &next)
  }

  /// Puts a token in front of what each of three lanes has.
  @inline(__always)
  private func push(_ lanes: inout Three, _ row: UnsafePointer<UInt16>) {
    unsafe push(row[2], &lanes.c)
    unsafe push(row[1], &lanes.b)
    unsafe push(row[0], &lanes.a)
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
