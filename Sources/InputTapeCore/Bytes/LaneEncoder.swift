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

/// Counts tokens by context, and encodes them.
struct LaneEncoder: ~Copyable {
  /// What coding a token needs: its frequency, the reciprocal of that, and two constants.
  struct Symbol: BitwiseCopyable {
    var reciprocal: UInt64 = 0
    var bias: UInt16 = 0
    var frequency: UInt16 = 0
    var complement: UInt16 = 0
    var shift: UInt8 = 0
  }

  private let rule = ContextLinks()
  private let counts: UnsafeMutablePointer<UInt32>
  private let symbols: UnsafeMutablePointer<Symbol>

  private static let capacity = ContextRule.countLimit << 8

  init() {
    // Safe: initialised here, freed by `deinit` only.
    unsafe counts = UnsafeMutablePointer<UInt32>.allocate(capacity: Self.capacity)
    unsafe counts.initialize(repeating: 0, count: Self.capacity)
    unsafe symbols = UnsafeMutablePointer<Symbol>.allocate(capacity: Self.capacity)
    unsafe symbols.initialize(repeating: Symbol(), count: Self.capacity)
  }

  deinit {
    // Safe: nobody else holds them.
    unsafe counts.deallocate()
    unsafe symbols.deallocate()
  }

  /// Forgets all counts; tokens are counted by a rule from now on.
  func begin(_ contextRule: ContextRule) {
    rule.set(contextRule, shift: 8)
    // Safe: `capacity` entries.
    unsafe counts.update(repeating: 0, count: contextRule.count << 8)
  }

  /// Counts tokens by context, and notes the place of each, context · 256 + token.
  func count(_ tokens: Span<UInt8>, places: inout [UInt16]) {
    places.resize(to: tokens.count, filler: 0)
    let each = Lanes.length(of: tokens.count)
    // Safe: lanes are ranges within `tokens` and `places`, which have one length;
    // places are below `capacity`, as contexts are below the limit.
    unsafe tokens.withUnsafeBufferPointer { source in
      unsafe places.withUnsafeMutableBufferPointer { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        var (a, b, c, d) = (Past(), Past(), Past(), Past())
        // By turns: what one token adds to a count is not at hand at once for the next.
        for index in 0..<each {
          unsafe count(source, target, index, &a)
          unsafe count(source, target, index &+ each, &b)
          unsafe count(source, target, index &+ 2 &* each, &c)
          unsafe count(source, target, index &+ 3 &* each, &d)
        }
        for index in (Lanes.count * each)..<tokens.count {
          unsafe count(source, target, index, &d)
        }
      }
    }
  }

  /// What a lane's last tokens say of the next one's context.
  private struct Past {
    var context: UInt32 = 0
    var later: UInt32 = 0
  }

  @inline(__always)
  private func count(
    _ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt16>, _ index: Int,
    _ past: inout Past
  ) {
    // Safe: the caller's indices lie within both; a place is below `capacity`.
    let token = unsafe UInt32(source[index])
    let place = past.context | token
    unsafe target[index] = UInt16(truncatingIfNeeded: place)
    unsafe counts[Int(place)] &+= 1
    let link = rule[token]
    past.context = link.next &+ past.later
    past.later = link.later
  }

  /// How often a token was counted in a context.
  func count(of token: Int, in context: Int) -> UInt32 {
    precondition(context < ContextRule.countLimit && token < 256, "A context and a token")
    // Safe: just compared.
    return unsafe counts[context << 8 | token]
  }

  /// Sets how a token is coded: its frequency, not 0, and the sum of those before it.
  func set(_ token: Int, in context: Int, start: Int, frequency: Int) {
    precondition(context < ContextRule.countLimit && token < 256, "A context and a token")
    precondition(
      frequency > 0 && start >= 0 && start + frequency <= FrequencyTable.total,
      "Frequencies within their total")
    var symbol = Symbol(
      frequency: UInt16(frequency), complement: UInt16(FrequencyTable.total - frequency))
    if frequency == 1 {
      symbol.reciprocal = .max
      symbol.bias = UInt16(start + FrequencyTable.total - 1)
    } else {
      // The quotient by a frequency is a product with its reciprocal (Alverson 1991): 2 to the
      // power of 63 + `shift`, divided by the frequency and rounded up.
      let shift = FrequencyTable.classOf(frequency - 1)
      let divisor = UInt64(frequency)
      symbol.shift = UInt8(shift - 1)
      symbol.reciprocal =
        divisor.dividingFullWidth((high: 1 << UInt64(shift - 1), low: divisor - 1)).quotient
      symbol.bias = UInt16(start)
    }
    // Safe: compared above.
    unsafe symbols[context << 8 | token] = symbol
  }

  /// Appends the lanes' states and words for places that were counted and whose tokens are set.
  func encode(_ places: Span<UInt16>, words: inout [UInt32], to output: inout [UInt8]) {
    let each = Lanes.length(of: places.count)
    // No group takes more than a word.
    let room = Lanes.count * each / Lanes.group + places.count - Lanes.count * each
    if words.count < room { words.resize(to: room, filler: 0) }
    var (a, b, c, d) = (Lanes.start, Lanes.start, Lanes.start, Lanes.start)
    var next = words.count
    // Safe: places are below `capacity`; indices lie within the four lanes; `next` falls by at most
    // one a group, of which there are no more than words.
    unsafe places.withUnsafeBufferPointer { source in
      unsafe words.withUnsafeMutableBufferPointer { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        for index in ((Lanes.count * each)..<places.count).reversed() {
          unsafe putOne(source[index], &d, target, &next)
        }
        var index = each
        while index > 0 {
          index &-= Lanes.group
          let fourth = unsafe group(source + (index &+ 3 &* each))
          unsafe flush(&d, fourth.share, target, &next)
          let third = unsafe group(source + (index &+ 2 &* each))
          unsafe flush(&c, third.share, target, &next)
          let second = unsafe group(source + (index &+ each))
          unsafe flush(&b, second.share, target, &next)
          let first = unsafe group(source + index)
          unsafe flush(&a, first.share, target, &next)
          // By turns, so that a processor has four chains at hand.
          for place in (0..<Lanes.group).reversed() {
            unsafe push(fourth.places[place], &d)
            unsafe push(third.places[place], &c)
            unsafe push(second.places[place], &b)
            unsafe push(first.places[place], &a)
          }
        }
      }
    }
    for state in [a, b, c, d] { Self.append(state.littleEndian, to: &output) }
    // Safe: the words' bytes, for the call.
    unsafe words.withUnsafeBytes { source in
      unsafe output.append(contentsOf: source[(4 * next)...])
    }
  }

  private static func append(_ state: UInt64, to output: inout [UInt8]) {
    // Safe: the eight bytes of a number, for the call.
    withUnsafeBytes(of: state) { unsafe output.append(contentsOf: $0) }
  }

  /// The places of a group, and what their frequencies make of the largest state.
  @inline(__always)
  private func group(
    _ places: UnsafePointer<UInt16>
  ) -> (places: UnsafePointer<UInt16>, share: UInt64) {
    var share: UInt64 = 1 &<< UInt64(63 - Lanes.group * FrequencyTable.precision)
    for index in 0..<Lanes.group {
      // Safe: places are below `capacity`, and the caller has three.
      share = unsafe share &* UInt64(symbols[Int(places[index])].frequency)
    }
    return unsafe (places, share)
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
    // Both are at most 2⁶³, so the highest bit says which is less.
    let isFull = (limit &- 1 &- state) &>> 63
    unsafe words[next &- 1] = UInt32(truncatingIfNeeded: state).littleEndian
    next = next &- Int(isFull)
    state = state &>> (isFull &<< 5)
  }

  @inline(__always)
  private func push(_ place: UInt16, _ state: inout UInt64) {
    // Safe: the place is below `capacity`.
    let symbol = unsafe symbols[Int(place)]
    let quotient = state.multipliedFullWidth(by: symbol.reciprocal).high &>> UInt64(symbol.shift)
    state = state &+ UInt64(symbol.bias) &+ quotient &* UInt64(symbol.complement)
  }
}
