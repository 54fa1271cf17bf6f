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
    /// What the token adds to the place of the next context (low 16 bits) and to that of the one
    /// after it (high 16), in units of `unit` bytes.
    var link: UInt32 = 0
  }

  private let links = ContextLinks(unit: Self.contextStride / Self.unit)
  /// Contexts one after another: the token of each value of a state's lowest bits, then symbols.
  /// Both are so small that those in use stay in a processor's first cache.
  private let contexts: UnsafeMutableRawPointer

  /// Tokens are stored eight at a time, and so up to seven behind the last.
  private static let symbolsOffset = FrequencyTable.total + 8
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
  func begin(_ rule: ContextRule) { links.set(rule) }

  /// Sets a token's share of a context, not nothing.
  func set(_ token: Int, in context: Int, start: Int, frequency: Int) {
    precondition(
      (0..<ContextRule.countLimit).contains(context) && (0..<256).contains(token) && start >= 0
        && frequency > 0 && start + frequency <= FrequencyTable.total, "Shares within a context")
    // Safe: as just compared, `start + frequency` does not pass the context's values, behind which
    // there is room for a store, and the symbol is one of its 256.
    let target = unsafe contexts + context * Self.contextStride
    let pattern = UInt64(token) &* 0x0101_0101_0101_0101
    var place = start
    repeat {
      unsafe target.storeBytes(of: pattern, toByteOffset: place, as: UInt64.self)
      place &+= 8
    } while place < start &+ frequency
    unsafe (target + Self.symbolsOffset).assumingMemoryBound(to: Symbol.self)[token] = Symbol(
      frequency: UInt16(frequency), start: UInt16(start), link: links[UInt32(token)])
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
          var index = 0
          if isShort {
            (lanes, index) = unsafe takeShort(lanes, target, each, &next, end)
          } else {
            (lanes, index) = unsafe takeLong(lanes, target, each, &next, end)
          }
          guard unsafe takeRest(&lanes, target, from: index, each, count, &next, end) else {
            return false
          }
        }
        return unsafe next == end && Self.areDone(lanes)
      }
    }
  }

  /// Where a lane stands.
  private struct Lane {
    var state: UInt64 = 0
    /// Where the context stands (low 16 bits), and what the token before adds to the place of the
    /// next one (high 16), in units of `unit` bytes.
    var link: UInt32 = 0
  }

  private static func areDone(_ lanes: (Lane, Lane, Lane, Lane)) -> Bool {
    lanes.0.state == Lanes.start && lanes.1.state == Lanes.start
      && lanes.2.state == Lanes.start && lanes.3.state == Lanes.start
  }

  // MARK: - As long as there are words for each lane

  private typealias FourLanes = (Lane, Lane, Lane, Lane)

  /// Takes tokens where the context follows from the last one.
  ///
  /// - Returns: the lanes behind them, and how many of each lane were taken.
  private func takeShort(
    _ lanes: FourLanes, _ target: UnsafeMutablePointer<UInt8>, _ each: Int,
    _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer
  ) -> (FourLanes, Int) {
    unsafe take(lanes, target, each, &next, end, isShort: true)
  }

  /// Takes tokens where the context follows from the last two.
  private func takeLong(
    _ lanes: FourLanes, _ target: UnsafeMutablePointer<UInt8>, _ each: Int,
    _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer
  ) -> (FourLanes, Int) {
    unsafe take(lanes, target, each, &next, end, isShort: false)
  }

  @inline(__always)
  private func take(
    _ lanes: FourLanes, _ target: UnsafeMutablePointer<UInt8>, _ each: Int,
    _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer, isShort: Bool
  ) -> (FourLanes, Int) {
    // Values of their own, so that they stay in registers.
    var (a, b, c, d) = lanes
    var word = unsafe next
    // Safe: places of lanes stay below `each` tokens behind their starts.
    var place = unsafe target
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
    unsafe takeToken(&c, target + 2 * each, isShort)
    unsafe takeToken(&d, target + 3 * each, isShort)
  }

  @inline(__always)
  private func takeToken(
    _ lane: inout Lane, _ target: UnsafeMutablePointer<UInt8>, _ isShort: Bool = false
  ) {
    let slot = lane.state & Self.mask
    let place = isShort ? Int(lane.link) : Int(lane.link & 0xFFFF)
    // Safe: links lead to contexts below the limit; the bits are masked, and a token is a byte.
    let context = unsafe UnsafeRawPointer(contexts) + place &* Self.unit
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
    // States are below 2⁶³, so the highest bit says which is less.
    let isNeeded = (state &- Lanes.start) &>> 63
    state = state &<< (isNeeded &<< 5) &+ word & (0 &- isNeeded)
    unsafe next += Int(isNeeded &<< 2)
  }

  // MARK: - Where words may run out

  /// Takes the groups that are left, and what the last lane has behind them.
  private func takeRest(
    _ lanes: inout (Lane, Lane, Lane, Lane), _ target: UnsafeMutablePointer<UInt8>,
    from start: Int, _ each: Int, _ count: Int, _ next: inout UnsafeRawPointer,
    _ end: UnsafeRawPointer
  ) -> Bool {
    for index in stride(from: start, to: each, by: Lanes.group) {
      // Safe: `index` and two more are below the tokens of a lane.
      guard unsafe takeChecked(&lanes.0, target + index, Lanes.group, &next, end),
        unsafe takeChecked(&lanes.1, target + (index + each), Lanes.group, &next, end),
        unsafe takeChecked(&lanes.2, target + (index + 2 * each), Lanes.group, &next, end),
        unsafe takeChecked(&lanes.3, target + (index + 3 * each), Lanes.group, &next, end)
      else { return false }
    }
    for index in (4 * each)..<count {
      // Safe: below the number of tokens.
      guard unsafe takeChecked(&lanes.3, target + index, 1, &next, end) else { return false }
    }
    return true
  }

  /// Takes a group of so many tokens where a word may be missing.
  private func takeChecked(
    _ lane: inout Lane, _ target: UnsafeMutablePointer<UInt8>, _ count: Int,
    _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer
  ) -> Bool {
    for index in 0..<count { unsafe takeToken(&lane, target + index) }
    guard lane.state < Lanes.start else { return true }
    guard unsafe end - next >= 4 else { return false }
    // Safe: four bytes are there, as was just compared.
    unsafe Self.refill(&lane.state, &next)
    return true
  }
}
