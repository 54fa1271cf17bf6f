// SPDX-License-Identifier: Apache-2.0
//
// One decision of the adaptive coder: statistics of up to four contexts, mixed (Specs/Adaptive.md,
// section 3).

/// The statistics of a section, and the coder that they drive.
struct AdaptiveModel<Coder: BitCoder>: ~Copyable {
  var coder: Coder
  private let tables = AdaptiveTables()
  /// By field, level and node: 22 bits of probability, 10 bits of count.
  private let direct = MaskedTable<15, UInt32>(repeating: 0)
  /// By hashed context and node: 12 bits of probability, 4 bits of count.
  private let hashed = MaskedTable<19, UInt16>(repeating: 0)
  private let weights = MaskedTable<12, Int32>(repeating: 0)
  /// A context's line is the highest bits of its hash.
  private(set) var lineShift: UInt64 = 64 - 15

  init(coder: Coder) { self.coder = coder }

  /// Forgets all statistics, and makes room for so many events.
  mutating func reset(eventCount: Int) {
    let lineBits = eventCount <= 1_024 ? 11 : eventCount <= 8_192 ? 13 : 15
    lineShift = UInt64(64 - lineBits)
    direct.fill(direct.count, with: 1 << 31)
    hashed.fill(16 << lineBits, with: 1 << 15)
    weights.fill(weights.count, with: 18_000)
  }

  /// The first entry of the line of a hashed context.
  @inline(__always)
  func line(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> lineShift) << 4 }

  /// Codes a bit by the statistics of one context alone.
  @inline(__always)
  mutating func code(_ bit: Int, _ entry: Int) -> Int {
    let state = direct[entry]
    let probability = min(max(Int(state >> 16), 32), 65_504)
    let bit = coder.code(bit, probability: probability)
    direct[entry] = updated(state, bit)
    return bit
  }

  /// Codes a bit by the statistics of two contexts.
  @inline(__always)
  mutating func code(_ bit: Int, _ entry: Int, _ a: Int, set: Int) -> Int {
    let state = direct[entry]
    let stateA = hashed[a]
    let x0 = logit(state)
    let x1 = logit(stateA)
    let first = set << 2
    let dot = Int(weights[first]) &* x0 &+ Int(weights[first &+ 1]) &* x1
    let probability = probability(dot)
    let bit = coder.code(bit, probability: probability)
    let error = ((bit << 16) &- probability) >> 2
    adjust(first, x0, error)
    adjust(first &+ 1, x1, error)
    direct[entry] = updated(state, bit)
    hashed[a] = updated(stateA, bit, probability)
    return bit
  }

  /// Codes a bit by the statistics of four contexts.
  @inline(__always)
  mutating func code(_ bit: Int, _ entry: Int, _ a: Int, _ b: Int, _ c: Int, set: Int) -> Int {
    let state = direct[entry]
    let (stateA, stateB, stateC) = (hashed[a], hashed[b], hashed[c])
    let (x0, x1, x2, x3) = (logit(state), logit(stateA), logit(stateB), logit(stateC))
    let count = stateC & 15
    let first = (set &* 3 &+ (count == 0 ? 0 : count < 4 ? 1 : 2)) << 2
    let left = Int(weights[first]) &* x0 &+ Int(weights[first &+ 1]) &* x1
    let right = Int(weights[first &+ 2]) &* x2 &+ Int(weights[first &+ 3]) &* x3
    let probability = probability(left &+ right)
    let bit = coder.code(bit, probability: probability)
    let error = ((bit << 16) &- probability) >> 2
    adjust(first, x0, error)
    adjust(first &+ 1, x1, error)
    adjust(first &+ 2, x2, error)
    adjust(first &+ 3, x3, error)
    direct[entry] = updated(state, bit)
    hashed[a] = updated(stateA, bit, probability)
    hashed[b] = updated(stateB, bit, probability)
    hashed[c] = updated(stateC, bit, probability)
    return bit
  }

  @inline(__always)
  private func logit(_ state: UInt32) -> Int { Int(tables.stretch[Int(state >> 20)]) }

  @inline(__always)
  private func logit(_ state: UInt16) -> Int { Int(tables.stretch[Int(state >> 4)]) }

  @inline(__always)
  private func probability(_ dot: Int) -> Int {
    let logit = min(max(dot >> 16, -2_047), 2_047)
    return Int(tables.squash[logit &+ 2_048])
  }

  @inline(__always)
  private func adjust(_ index: Int, _ logit: Int, _ error: Int) {
    let weight = Int(weights[index]) &+ ((logit &* error &+ 2_048) >> 12)
    // Weights are modulo 2³² (Specs/Adaptive.md, section 3).
    weights[index] = Int32(truncatingIfNeeded: weight)
  }

  @inline(__always)
  private func updated(_ state: UInt32, _ bit: Int) -> UInt32 {
    let count = Int(state & 1_023)
    var probability = Int(state >> 10)
    let target = bit == 0 ? 0 : 4_194_303
    probability &+= ((target &- probability) &* Int(tables.rate[count])) >> 16
    let next = count < 40 ? count &+ 1 : 40
    return UInt32(truncatingIfNeeded: (probability << 10) | next)
  }

  /// A context that was never seen takes over the mixed probability.
  @inline(__always)
  private func updated(_ state: UInt16, _ bit: Int, _ mixed: Int) -> UInt16 {
    let count = Int(state & 15)
    var probability = count == 0 ? mixed >> 4 : Int(state >> 4)
    let target = bit == 0 ? 0 : 4_095
    probability &+= ((target &- probability) &* Int(tables.rate[count])) >> 16
    let next = count < 15 ? count &+ 1 : 15
    return UInt16(truncatingIfNeeded: (probability << 4) | next)
  }
}
