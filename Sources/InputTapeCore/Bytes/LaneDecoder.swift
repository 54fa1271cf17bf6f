// SPDX-License-Identifier: Apache-2.0
//
// Modelled streams to tokens, from bytes that nobody has checked yet (Specs/Encodings.md, section
// 8).
//
// Invariant: an index into the table is made of a context below the limit and of masked bits, and
// no word is read beyond the end.

/// Decodes tokens by context.
struct LaneDecoder: ~Copyable {
  private let rule = ContextLinks()
  /// By context and the lowest bits of a state: the token (8 bits), how far the state is behind the
  /// token's start (12), and the token's frequency (12).
  private let entries: UnsafeMutablePointer<UInt32>
  /// For rules of the last token alone: by token, the entries of the context after it.
  private let successors: UnsafeMutablePointer<UnsafePointer<UInt32>>

  private static let capacity = ContextRule.countLimit << FrequencyTable.precision
  private static let mask = UInt64(FrequencyTable.total - 1)

  init() {
    // Safe: initialised here, freed by `deinit` only.
    unsafe entries = UnsafeMutablePointer<UInt32>.allocate(capacity: Self.capacity)
    unsafe entries.initialize(repeating: 0, count: Self.capacity)
    unsafe successors = UnsafeMutablePointer<UnsafePointer<UInt32>>.allocate(capacity: 256)
    unsafe successors.initialize(repeating: UnsafePointer(entries), count: 256)
  }

  deinit {
    // Safe: nobody else holds them.
    unsafe entries.deallocate()
    unsafe successors.deallocate()
  }

  /// Sets a token's share of a context.
  func set(_ token: Int, in context: Int, start: Int, frequency: Int) {
    precondition(
      context < ContextRule.countLimit && token < 256 && start >= 0 && frequency >= 0
        && start + frequency <= FrequencyTable.total, "Shares within a context")
    // Safe: as just compared, `start + frequency` does not pass the context's entries.
    let target = unsafe entries + (context << FrequencyTable.precision + start)
    let value = UInt32(token) | UInt32(frequency) << 20
    for index in 0..<frequency {
      // Safe: below `frequency`, see above.
      unsafe target[index] = value | UInt32(truncatingIfNeeded: index) &<< 8
    }
  }

  /// Fills `tokens` from the lanes' states and words.
  ///
  /// - Returns: whether states are in range, all words were needed, no more, and all lanes end
  ///   where they must.
  func decode(
    _ bytes: Span<UInt8>, by contextRule: ContextRule, into tokens: inout [UInt8]
  ) -> Bool {
    let head = Lanes.count * 8
    guard bytes.count >= head, bytes.count & 3 == 0 else { return false }
    precondition(contextRule.count <= ContextRule.countLimit, "Contexts within the limit")
    rule.set(contextRule, shift: FrequencyTable.precision)
    if contextRule.isShort {
      for token in 0..<256 {
        // Safe: 256 successors; a context of the rule is below the limit.
        unsafe successors[token] = UnsafePointer(entries + Int(rule[UInt32(token)] & 0xFFFF))
      }
    }
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
          if contextRule.isShort {
            index = unsafe takeShort(&lanes, target, each, &next, end)
          } else {
            index = unsafe takeLong(&lanes, target, each, &next, end)
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
    var context: UInt32 = 0
    /// What the token before adds to the next context.
    var later: UInt32 = 0
  }

  private static func areDone(_ lanes: (Lane, Lane, Lane, Lane)) -> Bool {
    lanes.0.state == Lanes.start && lanes.1.state == Lanes.start
      && lanes.2.state == Lanes.start && lanes.3.state == Lanes.start
  }

  // MARK: - As long as there are words for each lane

  /// Takes tokens where the context follows from the last one.
  ///
  /// - Returns: how many of each lane were taken.
  private func takeShort(
    _ lanes: inout (Lane, Lane, Lane, Lane), _ target: UnsafeMutablePointer<UInt8>, _ each: Int,
    _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer
  ) -> Int {
    var (a, b) = (lanes.0.state, lanes.1.state)
    var (c, d) = (lanes.2.state, lanes.3.state)
    // Safe: the first context's entries.
    var (contextA, contextB) = unsafe (UnsafePointer(entries), UnsafePointer(entries))
    var (contextC, contextD) = unsafe (UnsafePointer(entries), UnsafePointer(entries))
    var word = unsafe next
    // Safe: pointers of lanes stay below `each` tokens behind their starts.
    var (first, second) = unsafe (target, target + each)
    var (third, fourth) = unsafe (target + 2 * each, target + 3 * each)
    let last = unsafe target + each
    // A group takes no more than a word: four words are enough for four lanes.
    while unsafe first < last, unsafe end - word >= 16 {
      // By turns, so that a processor has four chains at hand.
      for index in 0..<Lanes.group {
        // Safe: there are three tokens more in each lane.
        unsafe take(&a, &contextA, first + index)
        unsafe take(&b, &contextB, second + index)
        unsafe take(&c, &contextC, third + index)
        unsafe take(&d, &contextD, fourth + index)
      }
      // Safe: there is a word for each.
      unsafe Self.refill(&a, &word)
      unsafe Self.refill(&b, &word)
      unsafe Self.refill(&c, &word)
      unsafe Self.refill(&d, &word)
      unsafe first += Lanes.group
      unsafe second += Lanes.group
      unsafe third += Lanes.group
      unsafe fourth += Lanes.group
    }
    (lanes.0.state, lanes.1.state, lanes.2.state, lanes.3.state) = (a, b, c, d)
    lanes.0.context = unsafe UInt32(contextA - UnsafePointer(entries))
    lanes.1.context = unsafe UInt32(contextB - UnsafePointer(entries))
    lanes.2.context = unsafe UInt32(contextC - UnsafePointer(entries))
    lanes.3.context = unsafe UInt32(contextD - UnsafePointer(entries))
    unsafe next = word
    return unsafe first - target
  }

  @inline(__always)
  private func take(
    _ state: inout UInt64, _ context: inout UnsafePointer<UInt32>,
    _ target: UnsafeMutablePointer<UInt8>
  ) {
    // Safe: contexts are below their number, and the state's bits are masked.
    let entry = unsafe context[Int(truncatingIfNeeded: state & Self.mask)]
    let token = UInt8(truncatingIfNeeded: entry)
    unsafe target.pointee = token
    unsafe context = successors[Int(token)]
    state = Self.step(state, entry)
  }

  /// Takes tokens where the context follows from the last two.
  private func takeLong(
    _ lanes: inout (Lane, Lane, Lane, Lane), _ target: UnsafeMutablePointer<UInt8>, _ each: Int,
    _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer
  ) -> Int {
    var (a, b, c, d) = lanes
    var index = 0
    while index < each, unsafe end - next >= 16 {
      for place in index..<(index &+ Lanes.group) {
        // Safe: `index` and the two after it are below the tokens of a lane.
        unsafe takeToken(&a, target + place)
        unsafe takeToken(&b, target + (place &+ each))
        unsafe takeToken(&c, target + (place &+ 2 &* each))
        unsafe takeToken(&d, target + (place &+ 3 &* each))
      }
      // Safe: there is a word for each.
      unsafe Self.refill(&a.state, &next)
      unsafe Self.refill(&b.state, &next)
      unsafe Self.refill(&c.state, &next)
      unsafe Self.refill(&d.state, &next)
      index &+= Lanes.group
    }
    lanes = (a, b, c, d)
    return index
  }

  @inline(__always)
  private func takeToken(_ lane: inout Lane, _ target: UnsafeMutablePointer<UInt8>) {
    // Safe: contexts are below their number, and the state's bits are masked.
    let entry = unsafe entries[Int(lane.context) &+ Int(lane.state & Self.mask)]
    unsafe target.pointee = UInt8(truncatingIfNeeded: entry)
    lane.state = Self.step(lane.state, entry)
    let link = rule[entry]
    lane.context = link & 0xFFFF &+ lane.later
    lane.later = link &>> 16
  }

  /// The state without a token.
  @inline(__always)
  private static func step(_ state: UInt64, _ entry: UInt32) -> UInt64 {
    UInt64(entry &>> 20) &* (state &>> UInt64(FrequencyTable.precision))
      &+ UInt64((entry &>> 8) & 0xFFF)
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
