// SPDX-License-Identifier: Apache-2.0
//
// The tables of the adaptive coder, one behind another, so that a decision needs one address
// (Specs/Adaptive.md, section 3).
//
// Invariant: lines are made here only, and with any node they are within the tables; states are
// below the number of them.

import CInputTapePlatform

/// Statistics, weights and the fixed tables.
struct AdaptiveMemory: ~Copyable {
  /// Statistics of a field's own: 16 nodes, as nodes 0 to 15 or as nodes 16 to 31.
  struct DirectLine {
    fileprivate let first: Int

    /// The line whose nodes 16 to 31 are this one's nodes.
    @inline(__always)
    var upper: DirectLine { DirectLine(first: first &- 16) }
  }

  /// 32 statistics of a hashed context.
  struct Line {
    fileprivate let first: Int
  }

  /// A set of weights.
  struct WeightSet {
    fileprivate let index: Int
  }

  private let base: UnsafeMutableRawPointer
  /// The bits of a hash that name its line: within those that `reset` has filled.
  private var lineMask = 0
  /// The bits of a number that name a set of weights: within those that `reset` has filled.
  private var setMask = 0
  private var situationMask = 0

  private static var directCount: Int { 1 << 15 }
  private static var lineBits: Int { 14 }
  private static var hashedCount: Int { 32 << lineBits }
  /// Sets of all situations, and of one.
  private static var setCount: Int { 1 << 14 }
  private static var situationSetCount: Int { 1 << 9 }
  /// From a set to that of the next situation: so that those of a field do not meet in few lines of
  /// a processor's first cache.
  private static var situationStride: Int { 25 * 16 }
  // Where the tables begin, in bytes.
  private static var successors: Int { 0 }
  private static var probabilities: Int { successors + 4 * AdaptiveTables.stateCount }
  private static var rates: Int { probabilities + 2 * AdaptiveTables.logitCount }
  private static var weights: Int { (rates + 2 * AdaptiveTables.rateCount + 63) & ~63 }
  private static var direct: Int { weights + 16 * setCount }
  private static var hashed: Int { direct + 2 * directCount }
  private static var byteCount: Int { hashed + 2 * hashedCount }

  init() {
    // Safe: freed only by `deinit`. All tables are filled before they are read: the fixed ones
    // here, the others by `reset`, but for lines that `lineMask` does not reach: they take no
    // memory.
    unsafe base = .allocate(byteCount: Self.byteCount, alignment: 64)
    let tables = AdaptiveTables.shared
    copy(tables.successors, to: Self.successors)
    copy(tables.probabilities, to: Self.probabilities)
    copy(tables.rates, to: Self.rates)
    reset(eventCount: 0)
  }

  deinit {
    // Safe: nobody else holds it; entries are plain bytes.
    unsafe base.deallocate()
  }

  private func copy<T: BitwiseCopyable>(_ table: [T], to offset: Int) {
    let bytes = UnsafeMutableRawBufferPointer(
      start: base + offset, count: table.count * MemoryLayout<T>.stride)
    // Safe: a fixed table has its size.
    unsafe table.withUnsafeBytes { table in unsafe bytes.copyMemory(from: table) }
  }

  /// Forgets all statistics, and makes room for so many events.
  mutating func reset(eventCount: Int) {
    let bits = eventCount <= 1_024 ? 11 : eventCount <= 8_192 ? 13 : Self.lineBits
    lineMask = 32 &* (1 << bits &- 1)
    let count = Self.directCount &+ 32 << bits
    // Safe: within the tables, of which the hashed statistics follow the fields' own.
    unsafe (base + Self.direct).initializeMemory(as: UInt16.self, repeating: 0, count: count)
    // What few events can teach is not worth telling situations apart.
    let setCount = eventCount <= 1_024 ? Self.situationSetCount : Self.setCount
    setMask = setCount &- 1
    situationMask = eventCount <= 1_024 ? 0 : 31
    unsafe (base + Self.weights).initializeMemory(
      as: SIMD8<Int16>.self, repeating: AdaptiveTables.firstSet, count: setCount)
  }

  // MARK: - Places

  /// A line of a field's own statistics.
  @inline(__always)
  func directLine(_ number: Int) -> DirectLine {
    DirectLine(first: number << 4 & (Self.directCount &- 16))
  }

  /// The line of a hashed context.
  @inline(__always)
  func line(_ hash: UInt64) -> Line {
    Line(first: Int(truncatingIfNeeded: hash &>> 32) & lineMask)
  }

  /// A set of weights, by `firstSet` and what is added to that.
  @inline(__always)
  func weightSet(_ number: Int) -> WeightSet {
    WeightSet(index: number & setMask)
  }

  /// The first of a field's sets of five contexts, in a situation from 0 to 31 if the section tells
  /// them apart; behind eight of them stand those of two.
  @inline(__always)
  func firstSet(_ field: Int, inSituation situation: Int) -> Int {
    field &* 16 &+ (situation & situationMask) &* Self.situationStride
  }

  // MARK: - Entries

  /// An entry of a field's own: of direct lines nodes are below 16, of upper ones they are not.
  @inline(__always)
  private func entry(_ line: DirectLine, _ node: Int) -> UnsafeMutablePointer<UInt16> {
    // Safe: from 16 entries before the table, where weights are, to 31 behind it, where hashed
    // statistics are.
    unsafe (base + Self.direct).assumingMemoryBound(to: UInt16.self) + (line.first &+ node & 31)
  }

  @inline(__always)
  private func entry(_ line: Line, _ node: Int) -> UnsafeMutablePointer<UInt16> {
    // Safe: lines have 32 entries within the table.
    unsafe (base + Self.hashed).assumingMemoryBound(to: UInt16.self) + (line.first &+ node & 31)
  }

  /// The logits at a node of five lines and the constant, in 4,096ths. A state is a count of bits
  /// and, in its low byte, a level of probability (Specs/Adaptive.md, section 3).
  @inline(__always)
  func logits(_ lines: AdaptiveLines, _ node: Int) -> SIMD8<Int16> {
    unsafe itape_low_bytes(
      entry(lines.direct, node).pointee, entry(lines.a, node).pointee,
      entry(lines.b, node).pointee, entry(lines.c, node).pointee,
      UInt32(entry(lines.d, node).pointee) | Self.constant)
  }

  /// The logits at a node of two lines.
  @inline(__always)
  func logits(_ pair: AdaptivePair, _ node: Int) -> SIMD8<Int16> {
    unsafe itape_low_bytes(
      entry(pair.direct, node).pointee, entry(pair.line, node).pointee, 0, 0, Self.constant)
  }

  /// The level of a state that is always the same, as the sixth.
  private static var constant: UInt32 { 20 << 16 }

  /// Takes a bit, 0 or 1, into what is known at a node.
  @inline(__always)
  func note(_ bit: Int, _ lines: AdaptiveLines, _ node: Int) {
    let next = successors(bit)
    // Safe: what is in entries is below the number of states. States are read again, as holding
    // five of them takes registers that a decision needs.
    unsafe advance(entry(lines.direct, node), next)
    unsafe advance(entry(lines.a, node), next)
    unsafe advance(entry(lines.b, node), next)
    unsafe advance(entry(lines.c, node), next)
    unsafe advance(entry(lines.d, node), next)
  }

  /// As for five lines.
  @inline(__always)
  func note(_ bit: Int, _ pair: AdaptivePair, _ node: Int) {
    let next = successors(bit)
    // Safe: as for five lines.
    unsafe advance(entry(pair.direct, node), next)
    unsafe advance(entry(pair.line, node), next)
  }

  @inline(__always)
  private func advance(
    _ entry: UnsafeMutablePointer<UInt16>, _ next: UnsafePointer<UInt16>
  ) {
    unsafe entry.pointee = next[Int(entry.pointee)]
  }

  /// The states that follow a bit.
  @inline(__always)
  private func successors(_ bit: Int) -> UnsafePointer<UInt16> {
    // Safe: one of two tables.
    unsafe UnsafePointer(
      (base + Self.successors).assumingMemoryBound(to: UInt16.self)
        + (bit & 1) &* AdaptiveTables.stateCount)
  }

  // MARK: - Weights and probabilities

  /// The weights of a set, in 8,192ths, and its age.
  @inline(__always)
  subscript(set: WeightSet) -> SIMD8<Int16> {
    // Safe: sets are within the table.
    get {
      unsafe (base + Self.weights).assumingMemoryBound(to: SIMD8<Int16>.self)[set.index]
    }
    nonmutating set {
      unsafe (base + Self.weights).assumingMemoryBound(to: SIMD8<Int16>.self)[set.index] = newValue
    }
  }

  /// How much weights learn, in 256ths: less from one time to the next.
  @inline(__always)
  func rate(_ weights: SIMD8<Int16>) -> Int {
    // Safe: ages begin with 0 and end with the last entry of the table.
    let rates = unsafe (base + Self.rates).assumingMemoryBound(to: UInt16.self)
    return unsafe Int(rates[Int(UInt16(bitPattern: weights[6]))])
  }

  /// The probability of a logit in 256ths, modulo 2¹⁶; in 65,536ths.
  @inline(__always)
  func probability(_ logit: UInt16) -> Int {
    // Safe: the table has an entry for each.
    unsafe Int((base + Self.probabilities).assumingMemoryBound(to: UInt16.self)[Int(logit)])
  }
}
