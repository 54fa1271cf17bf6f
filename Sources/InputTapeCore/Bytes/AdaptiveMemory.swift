// SPDX-License-Identifier: Apache-2.0
//
// The tables of the adaptive coder, one behind another, so that a decision needs one address
// (Specs/Adaptive.md, section 3).
//
// Invariant: entries and lines are made here only, within their tables.

/// Statistics, weights and the fixed tables.
struct AdaptiveMemory: ~Copyable {
  /// A probability of the field's own statistics.
  struct DirectEntry {
    fileprivate let index: Int
  }

  /// A probability of a hashed context.
  struct HashedEntry {
    fileprivate let index: Int
  }

  /// Four weights.
  struct WeightSet {
    fileprivate let index: Int
  }

  /// 16 entries of the field's own statistics.
  struct DirectLine {
    fileprivate let first: Int

    @inline(__always)
    subscript(node: Int) -> DirectEntry { DirectEntry(index: first | node & 15) }
  }

  /// 16 entries of a hashed context.
  struct HashedLine {
    fileprivate let first: Int

    @inline(__always)
    subscript(node: Int) -> HashedEntry { HashedEntry(index: first | node & 15) }
  }

  private let base: UnsafeMutableRawPointer
  /// A context's line is the highest bits of its hash: none beyond those that `reset` has filled.
  private var lineShift: UInt64 = 64 - 11

  private static let directCount = 1 << 15
  private static let hashedCount = 16 << 15
  private static let weightCount = 1 << 12
  // Where the tables begin, in bytes.
  private static let rate = 0
  private static let stretch = rate + 4 * 64
  private static let squash = stretch + 2 * 4_096
  private static let weights = squash + 2 * 4_096
  private static let direct = weights + 4 * weightCount
  private static let hashed = direct + 4 * directCount
  private static let byteCount = hashed + 2 * hashedCount

  init() {
    // Safe: freed only by `deinit`. All tables are filled here but those lines of `hashed` that
    // `lineShift` does not reach: what is not touched takes no memory, a MiB for short sections.
    unsafe base = .allocate(byteCount: Self.byteCount, alignment: 64)
    unsafe base.initializeMemory(
      as: UInt8.self, repeating: 0, count: Self.hashed + 2 * (16 << 11))
    let tables = AdaptiveTables()
    for index in 0..<4_096 {
      // Safe: within the table.
      unsafe entry(Self.stretch, index).pointee = tables.stretch[index]
      unsafe entry(Self.squash, index).pointee = tables.squash[index]
    }
    for count in 0..<64 {
      // Safe: within the table.
      unsafe entry(Self.rate, count).pointee = tables.rate[count]
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
    let lineBits = eventCount <= 1_024 ? 11 : eventCount <= 8_192 ? 13 : 15
    lineShift = UInt64(64 - lineBits)
    // Safe: within the tables.
    unsafe (entry(Self.direct, 0) as UnsafeMutablePointer<UInt32>)
      .update(repeating: 1 << 31, count: Self.directCount)
    unsafe (entry(Self.hashed, 0) as UnsafeMutablePointer<UInt16>)
      .update(repeating: 1 << 15, count: 16 << lineBits)
    unsafe (entry(Self.weights, 0) as UnsafeMutablePointer<Int32>)
      .update(repeating: 18_000, count: Self.weightCount)
  }

  // MARK: - Places

  /// A line of a field's own statistics.
  @inline(__always)
  func directLine(_ number: Int) -> DirectLine {
    DirectLine(first: number << 4 & (Self.directCount - 16))
  }

  /// The line of a hashed context.
  @inline(__always)
  func hashedLine(_ hash: UInt64) -> HashedLine {
    HashedLine(first: Int(truncatingIfNeeded: hash &>> lineShift) << 4 & (Self.hashedCount - 16))
  }

  @inline(__always)
  func weightSet(_ number: Int) -> WeightSet {
    WeightSet(index: number << 2 & (Self.weightCount - 4))
  }

  // MARK: - Entries

  @inline(__always)
  subscript(entry: DirectEntry) -> UInt32 {
    // Safe: entries are within their table.
    get { unsafe self.entry(Self.direct, entry.index).pointee }
    nonmutating set { unsafe self.entry(Self.direct, entry.index).pointee = newValue }
  }

  @inline(__always)
  subscript(entry: HashedEntry) -> UInt16 {
    // Safe: entries are within their table.
    get { unsafe self.entry(Self.hashed, entry.index).pointee }
    nonmutating set { unsafe self.entry(Self.hashed, entry.index).pointee = newValue }
  }

  /// A weight of a set, 0 to 3.
  @inline(__always)
  subscript(set: WeightSet, number: Int) -> Int32 {
    // Safe: sets have four weights within the table.
    get { unsafe entry(Self.weights, set.index &+ number & 3).pointee }
    nonmutating set { unsafe entry(Self.weights, set.index &+ number & 3).pointee = newValue }
  }

  /// The logit of a probability in 4,096ths, in 256ths.
  @inline(__always)
  func stretch(_ probability: UInt32) -> Int {
    // Safe: within the table.
    let logit: Int16 = unsafe entry(Self.stretch, Int(probability & 4_095)).pointee
    return Int(logit)
  }

  /// The probability of a logit from −2,048 to 2,047, in 65,536ths.
  @inline(__always)
  func squash(_ logit: Int) -> Int {
    // Safe: within the table.
    let probability: UInt16 = unsafe entry(Self.squash, (logit &+ 2_048) & 4_095).pointee
    return Int(probability)
  }

  /// How far a probability moves, in 65,536ths, by the count of what was seen.
  @inline(__always)
  func rate(_ count: Int) -> Int {
    // Safe: within the table.
    let rate: Int32 = unsafe entry(Self.rate, count & 63).pointee
    return Int(rate)
  }
}
