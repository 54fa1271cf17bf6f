// SPDX-License-Identifier: Apache-2.0
//
// Tokens to modelled streams (Specs/Encodings.md, section 8): range asymmetric numeral systems
// (Duda 2013, arXiv 1311.2540) in four lanes, each with a quarter of the tokens, so that a
// processor works on four of them at once.
//
// Invariant: tables have an entry for each context below the limit and each token.

/// Four quarters of a stream and what is left over.
enum Lanes {
  static let count = 4
  /// States are at least this, and below 2³¹: quotients by reciprocals are exact there.
  static let start: UInt32 = 1 << 15
  static let range = start..<(1 << 31)
}

/// Counts tokens by context, and encodes them.
struct LaneEncoder: ~Copyable {
  /// What coding a token needs: its frequency, the reciprocal of that, and two constants.
  struct Symbol: BitwiseCopyable {
    var reciprocal: UInt32 = 0
    var bias: UInt32 = 0
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
    let quarter = tokens.count / Lanes.count
    // Safe: lanes and the rest are ranges within `tokens` and `places`, which have one length;
    // places are below `capacity`, as contexts are below the limit.
    unsafe tokens.withUnsafeBufferPointer { source in
      unsafe places.withUnsafeMutableBufferPointer { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        for lane in 0..<Lanes.count {
          unsafe count(source, target, from: lane * quarter, to: (lane + 1) * quarter)
        }
        for index in (Lanes.count * quarter)..<tokens.count {
          unsafe count(source, target, from: index, to: index + 1)
        }
      }
    }
  }

  @inline(__always)
  private func count(
    _ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt16>, from start: Int,
    to end: Int
  ) {
    var context: UInt32 = 0
    var later: UInt32 = 0
    for index in start..<end {
      // Safe: the caller's ranges lie within both; a place is below `capacity`.
      let token = unsafe UInt32(source[index])
      let place = context | token
      unsafe target[index] = UInt16(truncatingIfNeeded: place)
      unsafe counts[Int(place)] &+= 1
      let link = rule[token]
      context = link & 0xFFFF &+ later
      later = link &>> 16
    }
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
      symbol.bias = UInt32(start + FrequencyTable.total - 1)
    } else {
      // The quotient by a frequency is a product with its reciprocal (Alverson 1991).
      let shift = FrequencyTable.classOf(frequency - 1)
      symbol.shift = UInt8(shift - 1)
      symbol.reciprocal = UInt32(
        ((1 << (shift + 31)) + UInt64(frequency) - 1) / UInt64(frequency))
      symbol.bias = UInt32(start)
    }
    // Safe: compared above.
    unsafe symbols[context << 8 | token] = symbol
  }

  /// Appends the lanes' states and words for places that were counted and whose tokens are set.
  func encode(_ places: Span<UInt16>, words: inout [UInt16], to output: inout [UInt8]) {
    // No token takes more than a word.
    if words.count < places.count { words.resize(to: places.count, filler: 0) }
    let quarter = places.count / Lanes.count
    var states = (Lanes.start, Lanes.start, Lanes.start, Lanes.start)
    var next = words.count
    // Safe: places are below `capacity`; indices lie within the four quarters and the rest; `next`
    // falls by at most one a place, of which there are no more than words.
    unsafe places.withUnsafeBufferPointer { source in
      unsafe words.withUnsafeMutableBufferPointer { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        for index in ((Lanes.count * quarter)..<places.count).reversed() {
          let place = unsafe source[index]
          switch index - Lanes.count * quarter {
          case 0: unsafe put(place, &states.0, target, &next)
          case 1: unsafe put(place, &states.1, target, &next)
          default: unsafe put(place, &states.2, target, &next)
          }
        }
        var index = quarter
        while index > 0 {
          index &-= 1
          unsafe put(source[index &+ 3 &* quarter], &states.3, target, &next)
          unsafe put(source[index &+ 2 &* quarter], &states.2, target, &next)
          unsafe put(source[index &+ quarter], &states.1, target, &next)
          unsafe put(source[index], &states.0, target, &next)
        }
      }
    }
    for state in [states.0, states.1, states.2, states.3] {
      for shift: UInt32 in [0, 8, 16, 24] {
        output.append(UInt8(truncatingIfNeeded: state >> shift))
      }
    }
    Self.append(words.span.extracting(next..<words.count), to: &output)
  }

  /// Appends words, low bytes first.
  private static func append(_ words: Span<UInt16>, to output: inout [UInt8]) {
    let start = output.count
    output.resize(to: start + 2 * words.count, filler: 0)
    var target = output.mutableSpan
    for index in 0..<words.count {
      let place = start &+ 2 &* index
      target[place] = UInt8(truncatingIfNeeded: words[index])
      target[place &+ 1] = UInt8(truncatingIfNeeded: words[index] &>> 8)
    }
  }

  @inline(__always)
  private func put(
    _ place: UInt16, _ state: inout UInt32, _ words: UnsafeMutablePointer<UInt16>,
    _ next: inout Int
  ) {
    // Safe: the place is below `capacity`, and there is a word for each place.
    let symbol = unsafe symbols[Int(place)]
    var value = state
    // Both are at most 2³¹, so the highest bit says which is less.
    let isFull =
      (UInt32(symbol.frequency) &<< UInt32(31 - FrequencyTable.precision) &- 1 &- value) &>> 31
    unsafe words[next &- 1] = UInt16(truncatingIfNeeded: value)
    next = next &- Int(isFull)
    value = value &>> (isFull &<< 4)
    let quotient =
      UInt32(truncatingIfNeeded: (UInt64(value) &* UInt64(symbol.reciprocal)) &>> 32)
      &>> UInt32(symbol.shift)
    state = value &+ symbol.bias &+ quotient &* UInt32(symbol.complement)
  }
}
