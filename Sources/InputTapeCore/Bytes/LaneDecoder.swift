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
  /// By context and the lowest bits of a state: the token (8 bits), its frequency (12), and how far
  /// the state is behind the token's start (12).
  private let entries: UnsafeMutablePointer<UInt32>

  private static let capacity = ContextRule.countLimit << FrequencyTable.precision
  private static let mask = UInt32(FrequencyTable.total - 1)

  init() {
    // Safe: initialised here, freed by `deinit` only.
    unsafe entries = UnsafeMutablePointer<UInt32>.allocate(capacity: Self.capacity)
    unsafe entries.initialize(repeating: 0, count: Self.capacity)
  }

  deinit {
    // Safe: nobody else holds it.
    unsafe entries.deallocate()
  }

  /// Sets a token's share of a context.
  func set(_ token: Int, in context: Int, start: Int, frequency: Int) {
    precondition(
      context < ContextRule.countLimit && token < 256 && start >= 0 && frequency >= 0
        && start + frequency <= FrequencyTable.total, "Shares within a context")
    // Safe: as just compared, `start + frequency` does not pass the context's entries.
    let target = unsafe entries + (context << FrequencyTable.precision + start)
    let value = UInt32(token) | UInt32(frequency) << 8
    for index in 0..<frequency {
      // Safe: below `frequency`, see above.
      unsafe target[index] = value | UInt32(truncatingIfNeeded: index) &<< 20
    }
  }

  /// Fills `tokens` from the lanes' states and words.
  ///
  /// - Returns: whether states are in range, all words were needed, no more, and all lanes end
  ///   where they must.
  func decode(
    _ bytes: Span<UInt8>, by contextRule: ContextRule, into tokens: inout [UInt8]
  ) -> Bool {
    guard bytes.count >= 16, bytes.count & 1 == 0 else { return false }
    precondition(contextRule.count <= ContextRule.countLimit, "Contexts within the limit")
    rule.set(contextRule, shift: FrequencyTable.precision)
    var lanes = (Lane(), Lane(), Lane(), Lane())
    let count = tokens.count
    let quarter = count / Lanes.count
    // Safe: indices lie within the four quarters and the rest of `tokens`; a word is read only
    // where `next` says that it stands before the end.
    return unsafe bytes.withUnsafeBytes { source in
      unsafe tokens.withUnsafeMutableBufferPointer { target in
        guard let start = source.baseAddress else { return false }
        lanes.0.state = unsafe start.loadUnaligned(as: UInt32.self).littleEndian
        lanes.1.state = unsafe start.loadUnaligned(fromByteOffset: 4, as: UInt32.self).littleEndian
        lanes.2.state = unsafe start.loadUnaligned(fromByteOffset: 8, as: UInt32.self).littleEndian
        lanes.3.state = unsafe start.loadUnaligned(fromByteOffset: 12, as: UInt32.self)
          .littleEndian
        guard Lanes.range.contains(lanes.0.state), Lanes.range.contains(lanes.1.state),
          Lanes.range.contains(lanes.2.state), Lanes.range.contains(lanes.3.state)
        else { return false }
        guard let target = target.baseAddress else {
          return source.count == 16 && Self.areDone(lanes)
        }
        var next = unsafe start + 16
        let end = unsafe start + source.count
        var index = 0
        if contextRule.isShort {
          index = unsafe take(&lanes, target, quarter, &next, end, isShort: true)
        } else {
          index = unsafe take(&lanes, target, quarter, &next, end, isShort: false)
        }
        while index < quarter {
          guard unsafe takeChecked(&lanes.0, target + index, &next, end),
            unsafe takeChecked(&lanes.1, target + (index + quarter), &next, end),
            unsafe takeChecked(&lanes.2, target + (index + 2 * quarter), &next, end),
            unsafe takeChecked(&lanes.3, target + (index + 3 * quarter), &next, end)
          else { return false }
          index += 1
        }
        guard unsafe takeRest(&lanes, target, from: 4 * quarter, to: count, &next, end) else {
          return false
        }
        return unsafe next == end && Self.areDone(lanes)
      }
    }
  }

  /// Where a lane stands.
  private struct Lane {
    var state: UInt32 = 0
    var context: UInt32 = 0
    /// What the token before adds to the next context.
    var later: UInt32 = 0
  }

  private static func areDone(_ lanes: (Lane, Lane, Lane, Lane)) -> Bool {
    lanes.0.state == Lanes.start && lanes.1.state == Lanes.start
      && lanes.2.state == Lanes.start && lanes.3.state == Lanes.start
  }

  /// The tokens behind the quarters, one a lane, each as at the start of a lane.
  private func takeRest(
    _ lanes: inout (Lane, Lane, Lane, Lane), _ target: UnsafeMutablePointer<UInt8>,
    from start: Int, to count: Int, _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer
  ) -> Bool {
    for index in start..<count {
      lanes.0.context = 0
      lanes.1.context = 0
      lanes.2.context = 0
      // Safe: the caller's range lies within `target`.
      let isTaken =
        switch index - start {
        case 0: unsafe takeChecked(&lanes.0, target + index, &next, end)
        case 1: unsafe takeChecked(&lanes.1, target + index, &next, end)
        default: unsafe takeChecked(&lanes.2, target + index, &next, end)
        }
      guard isTaken else { return false }
    }
    return true
  }

  /// Takes tokens of all lanes for as long as there are words for each.
  ///
  /// - Returns: how many of each lane were taken.
  @inline(__always)
  private func take(
    _ lanes: inout (Lane, Lane, Lane, Lane), _ target: UnsafeMutablePointer<UInt8>,
    _ quarter: Int, _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer, isShort: Bool
  ) -> Int {
    var (a, b, c, d) = lanes
    var index = 0
    // No token takes more than a word: four words are enough for four lanes.
    while index < quarter, unsafe end - next >= 8 {
      // Safe: `index` is below a quarter, of which there are four.
      unsafe take(&a, target + index, &next, isShort: isShort)
      unsafe take(&b, target + (index &+ quarter), &next, isShort: isShort)
      unsafe take(&c, target + (index &+ 2 &* quarter), &next, isShort: isShort)
      unsafe take(&d, target + (index &+ 3 &* quarter), &next, isShort: isShort)
      index &+= 1
    }
    lanes = (a, b, c, d)
    return index
  }

  /// Takes a token; at least one word is there. Without a branch: whether a word is needed is as
  /// good as random.
  @inline(__always)
  private func take(
    _ lane: inout Lane, _ target: UnsafeMutablePointer<UInt8>, _ next: inout UnsafeRawPointer,
    isShort: Bool
  ) {
    // Safe: contexts are below their number, and the state's bits are masked.
    let entry = unsafe entries[Int(lane.context | (lane.state & Self.mask))]
    unsafe target.pointee = UInt8(truncatingIfNeeded: entry)
    let state =
      ((entry &>> 8) & 0xFFF) &* (lane.state &>> UInt32(FrequencyTable.precision))
      &+ entry &>> 20
    // Safe: the caller has seen that a word is there.
    let word = unsafe UInt32(next.loadUnaligned(as: UInt16.self).littleEndian)
    // States are below 2³¹, so the highest bit says which is less.
    let isNeeded = (state &- Lanes.start) &>> 31
    lane.state = state &<< (isNeeded &<< 4) &+ word & (0 &- isNeeded)
    unsafe next += Int(isNeeded &<< 1)
    let link = rule[entry]
    if isShort {
      lane.context = link
    } else {
      lane.context = link & 0xFFFF &+ lane.later
      lane.later = link &>> 16
    }
  }

  /// Takes a token where words may run out.
  private func takeChecked(
    _ lane: inout Lane, _ target: UnsafeMutablePointer<UInt8>, _ next: inout UnsafeRawPointer,
    _ end: UnsafeRawPointer
  ) -> Bool {
    // Safe: as in `take`; a word is read only before the end.
    let entry = unsafe entries[Int(lane.context | (lane.state & Self.mask))]
    unsafe target.pointee = UInt8(truncatingIfNeeded: entry)
    lane.state =
      ((entry &>> 8) & 0xFFF) &* (lane.state &>> UInt32(FrequencyTable.precision))
      &+ entry &>> 20
    if lane.state < Lanes.start {
      guard unsafe next < end else { return false }
      let word = unsafe next.loadUnaligned(as: UInt16.self).littleEndian
      lane.state = lane.state << 16 | UInt32(word)
      unsafe next += 2
    }
    let link = rule[entry]
    lane.context = link & 0xFFFF &+ lane.later
    lane.later = link &>> 16
    return true
  }
}
