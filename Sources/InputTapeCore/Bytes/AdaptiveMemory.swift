// SPDX-License-Identifier: Apache-2.0
//
// The tables of the adaptive coder, one behind another, so that a decision needs one address
// (Specs/Adaptive.md, section 3).
//
// Invariant: entries and lines are made here only, within their tables.

/// Statistics, weights and the fixed tables.
struct AdaptiveMemory: ~Copyable {
  /// Where the statistics of a context stand.
  struct Entry {
    fileprivate let index: Int
  }

  /// What is known of a context: a state of `AdaptiveTables`, below their number.
  struct State {
    fileprivate let number: Int

    /// Whether nothing was seen in the context.
    @inline(__always)
    var isNew: Bool { number < 1 << AdaptiveTables.levelBits }

    /// Whether fewer than `count` bits were seen in the context.
    @inline(__always)
    func hasFewer(than count: Int) -> Bool { number < count << AdaptiveTables.levelBits }
  }

  /// The states that follow a bit. A context in which nothing was seen takes over the probability
  /// with which the bit was coded.
  struct Successors {
    fileprivate let base: UnsafePointer<UInt16>
    fileprivate let coded: State

    @inline(__always)
    subscript(state: State) -> State {
      // Safe: states are below the number of them.
      unsafe State(number: Int(base[(state.isNew ? coded : state).number]))
    }
  }

  /// Four weights.
  struct WeightSet {
    fileprivate let index: Int
  }

  /// 16 entries of a context.
  struct Line {
    fileprivate let first: Int

    @inline(__always)
    subscript(node: Int) -> Entry { Entry(index: first | node & 15) }
  }

  private let base: UnsafeMutableRawPointer
  /// A context's line is the highest bits of its hash: none beyond those that `reset` has filled.
  private var lineShift: UInt64 = 64 - 12

  private static let directCount = 1 << 15
  private static let hashedCount = 16 << 15
  private static let weightCount = 1 << 12
  private static let firstWeight: Int16 = 2_250
  // Where the tables begin, in bytes.
  private static let logits = 0
  private static let successors = logits + 2 * AdaptiveTables.stateCount
  private static let squash = successors + 4 * AdaptiveTables.stateCount
  private static let weights = squash + 2 * 4_096
  private static let entries = weights + 2 * weightCount
  private static let byteCount = entries + 2 * (directCount + hashedCount)

  init() {
    // Safe: freed only by `deinit`. All tables are filled here but those lines of contexts that
    // `lineShift` does not reach: what is not touched takes no memory, a MiB for short sections.
    unsafe base = .allocate(byteCount: Self.byteCount, alignment: 64)
    unsafe base.initializeMemory(
      as: UInt8.self, repeating: 0, count: Self.entries + 2 * (Self.directCount + 16 << 12))
    let tables = AdaptiveTables.shared
    for index in 0..<(2 * AdaptiveTables.stateCount) {
      // Safe: within the two tables.
      unsafe entry(Self.successors, index).pointee = tables.successors[index]
    }
    for index in 0..<4_096 {
      // Safe: within the table.
      unsafe entry(Self.squash, index).pointee = tables.squash[index]
    }
    for index in 0..<AdaptiveTables.stateCount {
      // Safe: within the table.
      unsafe entry(Self.logits, index).pointee = tables.logits[index]
    }
  }

  deinit {
    // Safe: nobody else holds it; entries are plain bytes.
    unsafe base.deallocate()
  }

  /// An entry of the table that begins at `offset`; the caller keeps to the table.
  @inline(__always)
  private func entry<T: BitwiseCopyable>(_ offset: Int, _ index: Int) -> UnsafeMutablePointer<T> {
    unsafe (base + offset).assumingMemoryBound(to: T.self) + index
  }

  /// Forgets all statistics, and makes room for so many events.
  mutating func reset(eventCount: Int) {
    let lineBits = eventCount <= 1_024 ? 12 : eventCount <= 8_192 ? 14 : 15
    lineShift = UInt64(64 - lineBits)
    // Safe: within the tables.
    unsafe (entry(Self.entries, 0) as UnsafeMutablePointer<UInt16>)
      .update(repeating: 0, count: Self.directCount + 16 << lineBits)
    unsafe (entry(Self.weights, 0) as UnsafeMutablePointer<Int16>)
      .update(repeating: Self.firstWeight, count: Self.weightCount)
  }

  // MARK: - Places

  /// A line of a field's own statistics.
  @inline(__always)
  func directLine(_ number: Int) -> Line {
    Line(first: number << 4 & (Self.directCount - 16))
  }

  /// The line of a hashed context.
  @inline(__always)
  func hashedLine(_ hash: UInt64) -> Line {
    let number = Int(truncatingIfNeeded: hash &>> lineShift)
    return Line(first: Self.directCount &+ number << 4 & (Self.hashedCount - 16))
  }

  @inline(__always)
  func weightSet(_ number: Int) -> WeightSet {
    WeightSet(index: number << 2 & (Self.weightCount - 4))
  }

  // MARK: - Entries

  @inline(__always)
  subscript(entry: Entry) -> State {
    get {
      // Safe: entries are within their table.
      let number: UInt16 = unsafe self.entry(Self.entries, entry.index).pointee
      return State(number: Int(number))
    }
    nonmutating set {
      // Safe: entries are within their table.
      unsafe self.entry(Self.entries, entry.index).pointee =
        UInt16(truncatingIfNeeded: newValue.number)
    }
  }

  /// The weights of a set, in 8,192ths.
  @inline(__always)
  subscript(set: WeightSet) -> SIMD4<Int16> {
    // Safe: sets have four weights within the table, eight bytes from a multiple of eight on.
    get {
      unsafe (base + Self.weights + 2 &* set.index).load(as: SIMD4<Int16>.self)
    }
    nonmutating set {
      unsafe (base + Self.weights + 2 &* set.index).storeBytes(of: newValue, as: SIMD4<Int16>.self)
    }
  }

  /// The logit of a state, in 2,048ths.
  @inline(__always)
  func logit(_ state: State) -> Int16 {
    // Safe: states are below the number of them.
    unsafe entry(Self.logits, state.number).pointee
  }

  /// The states after a bit, 0 or 1, that was coded by a logit from −2,048 to 2,047.
  @inline(__always)
  func successors(_ bit: Int, logit: Int) -> Successors {
    let level = ((logit &+ 2_048) & 4_095) >> (12 - AdaptiveTables.levelBits)
    // Safe: one of two tables.
    return unsafe Successors(
      base: entry(Self.successors, (bit & 1) &* AdaptiveTables.stateCount),
      coded: State(number: level))
  }

  /// The probability of a logit from −2,048 to 2,047, in 65,536ths.
  @inline(__always)
  func squash(_ logit: Int) -> Int {
    // Safe: within the table.
    let probability: UInt16 = unsafe entry(Self.squash, (logit &+ 2_048) & 4_095).pointee
    return Int(probability)
  }
}
