// SPDX-License-Identifier: Apache-2.0
//
// Modelled streams to tokens, from bytes that nobody has checked yet (Specs/Encodings.md, section
// 8).
//
// Invariant: an index into the table is made of a context below the limit and of masked bits, and
// no word is read beyond the end.

/// Decodes tokens by context.
struct LaneDecoder: ~Copyable {
  /// What a token is in a context.
  private struct Symbol: BitwiseCopyable {
    var frequency: UInt16 = 0
    var start: UInt16 = 0
    /// The next context's place, in bytes, where it follows from this token alone; else what the
    /// token adds to the place of the next context (low 16 bits) and to that of the one after it
    /// (high 16), in units of `unit` bytes.
    var link: UInt32 = 0
  }

  private let links = ContextLinks()
  /// Contexts one after another: the token of each value of a state's lowest bits, then symbols.
  /// Both are so small that those in use stay in a processor's first cache.
  private let contexts: UnsafeMutableRawPointer

  /// Tokens are stored so many at a time, and so behind the last, too.
  private static let storeSize = 16
  private static let symbolsOffset = FrequencyTable.total + storeSize
  private static let contextStride = symbolsOffset + 256 * MemoryLayout<Symbol>.stride
  /// As much as a processor multiplies an index by.
  private static let unit = 8
  private static let capacity = ContextRule.countLimit * contextStride
  private static let mask = UInt64(FrequencyTable.total - 1)

  init() {
    // Safe: initialised here, freed by `deinit` only.
    unsafe contexts = UnsafeMutableRawPointer.allocate(byteCount: Self.capacity, alignment: 64)
    unsafe contexts.initializeMemory(as: UInt8.self, repeating: 0, count: Self.capacity)
  }

  deinit {
    // Safe: nobody else holds it.
    unsafe contexts.deallocate()
  }

  /// Takes over a rule; all values of its contexts are to be set after that.
  func begin(_ rule: ContextRule) {
    links.set(rule, unit: rule.isShort ? Self.contextStride : Self.contextStride / Self.unit)
  }

  /// Gives a context its only token, 0.
  func setEmpty(_ context: Int) {
    precondition((0..<ContextRule.countLimit).contains(context), "A context")
    // Safe: the context is one of those that there are.
    unsafe put(0, 0, FrequencyTable.total, contexts + context * Self.contextStride)
  }

  /// Gives a context its tokens, ascending, each with its share of all values; some have none.
  func set(_ tokens: Span<UInt8>, _ frequencies: Span<Int>, in context: Int) {
    precondition(
      (0..<ContextRule.countLimit).contains(context) && tokens.count == frequencies.count,
      "A context, and a share for each token")
    // Safe: the context is one of those that there are.
    let target = unsafe contexts + context * Self.contextStride
    var start = 0
    for place in tokens.indices {
      let frequency = frequencies[place]
      precondition(frequency >= 0 && frequency <= FrequencyTable.total - start, "Shares of all")
      // Safe: as just compared.
      unsafe put(tokens[place], start, frequency, target)
      start &+= frequency
    }
    precondition(start == FrequencyTable.total, "Shares of all")
  }

  /// Puts a token into a context; what stands behind its values is overwritten by the next one's.
  @inline(__always)
  private func put(
    _ token: UInt8, _ start: Int, _ frequency: Int, _ target: UnsafeMutableRawPointer
  ) {
    // Safe: the caller's `start + frequency` does not pass the context's values, behind which there
    // is room for a store, and the symbol is one of its 256.
    let pattern = SIMD2(repeating: UInt64(token) &* 0x0101_0101_0101_0101)
    var place = unsafe target + start
    let end = unsafe place + frequency
    repeat {
      unsafe place.storeBytes(of: pattern, as: SIMD2<UInt64>.self)
      unsafe place += Self.storeSize
    } while unsafe place < end
    unsafe (target + Self.symbolsOffset).assumingMemoryBound(to: Symbol.self)[Int(token)] = Symbol(
      frequency: UInt16(truncatingIfNeeded: frequency), start: UInt16(truncatingIfNeeded: start),
      link: links[UInt32(token)])
  }

  /// Fills `tokens` from the lanes' states and words, by the rule that was begun last.
  ///
  /// - Returns: whether states are in range, all words were needed, no more, and all lanes end
  ///   where they must.
  func decode(
    _ bytes: Span<UInt8>, isShort: Bool, into tokens: inout [UInt8]
  ) -> Bool {
    let head = Lanes.count * 8
    guard bytes.count >= head, bytes.count & 3 == 0 else { return false }
    let count = tokens.count
    // Safe: indices lie within the four lanes' tokens; a word is read only where `next` says that
    // it stands before the end.
    return unsafe bytes.withUnsafeBytes { source in
      unsafe tokens.withUnsafeMutableBufferPointer { target in
        guard let start = source.baseAddress else { return false }
        var lanes = (Lane(), Lane(), Lane(), Lane())
        lanes.0.state = unsafe start.loadUnaligned(as: UInt64.self).littleEndian
        lanes.1.state = unsafe start.loadUnaligned(fromByteOffset: 8, as: UInt64.self).littleEndian
        lanes.2.state = unsafe start.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
          .littleEndian
        lanes.3.state = unsafe start.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
          .littleEndian
        guard Lanes.range.contains(lanes.0.state), Lanes.range.contains(lanes.1.state),
          Lanes.range.contains(lanes.2.state), Lanes.range.contains(lanes.3.state)
        else { return false }
        var next = unsafe start + head
        let end = unsafe start + source.count
        if let target = target.baseAddress {
          let each = Lanes.length(of: count)
          var index = unsafe take(&lanes, target, from: 0, each, &next, end, isShort: isShort)
          if index < each {
            index = unsafe takeLast(&lanes, target, from: index, each, &next, end, isShort)
          }
          let rest = Lanes.count * each..<count
          guard index == each, unsafe takeRest(&lanes.3, target, rest, &next, end, isShort)
          else { return false }
        }
        return unsafe next == end && Self.areDone(lanes)
      }
    }
  }

  /// Where a lane stands.
  private struct Lane {
    var state: UInt64 = 0
    /// Where the context stands, in bytes, or in units of `unit` bytes (low 16 bits), and what the
    /// token before adds to the place of the next one (high 16).
    var link: UInt32 = 0
  }

  private static func areDone(_ lanes: (Lane, Lane, Lane, Lane)) -> Bool {
    lanes.0.state == Lanes.start && lanes.1.state == Lanes.start
      && lanes.2.state == Lanes.start && lanes.3.state == Lanes.start
  }

  // MARK: - As long as there are words for each lane

  private typealias FourLanes = (Lane, Lane, Lane, Lane)

  /// Takes groups while there is a word for each lane.
  ///
  /// - Returns: how many tokens of each lane are taken.
  private func take(
    _ lanes: inout FourLanes, _ target: UnsafeMutablePointer<UInt8>, from start: Int, _ each: Int,
    _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer, isShort: Bool
  ) -> Int {
    let index: Int
    (lanes, index) =
      unsafe isShort
      ? takeShort(lanes, target, start, each, &next, end)
      : takeLong(lanes, target, start, each, &next, end)
    return index
  }

  /// Takes tokens where the context follows from the last one.
  @inline(never)
  private func takeShort(
    _ lanes: FourLanes, _ target: UnsafeMutablePointer<UInt8>, _ start: Int, _ each: Int,
    _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer
  ) -> (FourLanes, Int) {
    unsafe take(lanes, target, start, each, &next, end, isShort: true)
  }

  /// Takes tokens where the context follows from the last two.
  @inline(never)
  private func takeLong(
    _ lanes: FourLanes, _ target: UnsafeMutablePointer<UInt8>, _ start: Int, _ each: Int,
    _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer
  ) -> (FourLanes, Int) {
    unsafe take(lanes, target, start, each, &next, end, isShort: false)
  }

  @inline(__always)
  private func take(
    _ lanes: FourLanes, _ target: UnsafeMutablePointer<UInt8>, _ start: Int, _ each: Int,
    _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer, isShort: Bool
  ) -> (FourLanes, Int) {
    // Values of their own, so that they stay in registers.
    var (a, b, c, d) = lanes
    var word = unsafe next
    // Safe: places of lanes stay below `each` tokens behind their starts.
    var place = unsafe target + start
    let last = unsafe target + each
    // A group takes no more than a word: four words are enough for four lanes.
    while unsafe place < last, unsafe end - word >= 16 {
      // Safe: there are three tokens more in each lane. Written out, as compilers do not.
      unsafe takeFour(&a, &b, &c, &d, place, each, isShort)
      unsafe takeFour(&a, &b, &c, &d, place + 1, each, isShort)
      unsafe takeFour(&a, &b, &c, &d, place + 2, each, isShort)
      // Safe: there is a word for each.
      unsafe Self.refill(&a.state, &word)
      unsafe Self.refill(&b.state, &word)
      unsafe Self.refill(&c.state, &word)
      unsafe Self.refill(&d.state, &word)
      unsafe place += Lanes.group
    }
    unsafe next = word
    return unsafe ((a, b, c, d), place - target)
  }

  /// A token of each lane, by turns, so that a processor has four chains at hand.
  @inline(__always)
  private func takeFour(
    _ a: inout Lane, _ b: inout Lane, _ c: inout Lane, _ d: inout Lane,
    _ target: UnsafeMutablePointer<UInt8>, _ each: Int, _ isShort: Bool
  ) {
    // Safe: the caller knows of a token in each lane.
    unsafe takeToken(&a, target, isShort)
    unsafe takeToken(&b, target + each, isShort)
    unsafe takeToken(&c, target + 2 &* each, isShort)
    unsafe takeToken(&d, target + 3 &* each, isShort)
  }

  @inline(__always)
  private func takeToken(
    _ lane: inout Lane, _ target: UnsafeMutablePointer<UInt8>, _ isShort: Bool
  ) {
    let slot = lane.state & Self.mask
    let place = isShort ? Int(lane.link) : Int(lane.link & 0xFFFF) &* Self.unit
    // Safe: links lead to contexts below the limit; the bits are masked, and a token is a byte.
    let context = unsafe UnsafeRawPointer(contexts) + place
    let token = unsafe context.load(fromByteOffset: Int(truncatingIfNeeded: slot), as: UInt8.self)
    let symbol =
      unsafe (context + Self.symbolsOffset).assumingMemoryBound(to: Symbol.self)
      + Int(token)
    unsafe target.pointee = token
    lane.state = unsafe Self.step(lane.state, slot, symbol)
    lane.link = unsafe isShort ? symbol.pointee.link : lane.link &>> 16 &+ symbol.pointee.link
  }

  /// The state without a token.
  @inline(__always)
  private static func step(
    _ state: UInt64, _ slot: UInt64, _ symbol: UnsafePointer<Symbol>
  ) -> UInt64 {
    unsafe UInt64(symbol.pointee.frequency) &* (state &>> UInt64(FrequencyTable.precision))
      &+ (slot &- UInt64(symbol.pointee.start))
  }

  /// Without a branch: whether a word is needed is as good as random.
  @inline(__always)
  private static func refill(_ state: inout UInt64, _ next: inout UnsafeRawPointer) {
    // Safe: the caller has seen that a word is there.
    let word = unsafe UInt64(next.loadUnaligned(as: UInt32.self).littleEndian)
    let isNeeded = state < Lanes.start
    let filled = state &<< 32 | word
    state = isNeeded ? filled : state
    unsafe next = isNeeded ? next + 4 : next
  }

  // MARK: - Where words may run out

  /// Takes groups of which some find no words any more: the last words are put where zeros stand
  /// behind them, so that nobody has to look.
  ///
  /// - Returns: how many tokens of each lane are taken: not all where words were missing.
  private func takeLast(
    _ lanes: inout FourLanes, _ target: UnsafeMutablePointer<UInt8>, from start: Int, _ each: Int,
    _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer, _ isShort: Bool
  ) -> Int {
    let left = unsafe end - next
    assert(left < 16)
    return withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { room in
      guard let words = room.baseAddress else { return start }
      // Safe: the words that are left are fewer than 16 bytes, and the room has 32.
      unsafe words.initializeMemory(as: UInt8.self, repeating: 0, count: 32)
      unsafe words.copyMemory(from: next, byteCount: left)
      var word = UnsafeRawPointer(words)
      // Goes on until a word was taken that was not there.
      let index = unsafe take(
        &lanes, target, from: start, each, &word, words + left + 16, isShort: isShort)
      guard unsafe word - UnsafeRawPointer(words) <= left else { return start }
      unsafe next += word - UnsafeRawPointer(words)
      return index
    }
  }

  /// Takes what the last lane has behind the groups.
  private func takeRest(
    _ lane: inout Lane, _ target: UnsafeMutablePointer<UInt8>, _ range: Range<Int>,
    _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer, _ isShort: Bool
  ) -> Bool {
    for index in range {
      // Safe: below the number of tokens.
      unsafe takeToken(&lane, target + index, isShort)
      guard lane.state < Lanes.start else { continue }
      guard unsafe end - next >= 4 else { return false }
      // Safe: four bytes are there, as was just compared.
      unsafe Self.refill(&lane.state, &next)
    }
    return true
  }
}
