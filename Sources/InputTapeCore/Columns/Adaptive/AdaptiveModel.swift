// SPDX-License-Identifier: Apache-2.0
//
// One decision of the adaptive coder: statistics of up to four contexts, mixed (Specs/Adaptive.md,
// section 3).

/// The statistics of a section, and the coder that they drive.
struct AdaptiveModel<Coder: BitCoder>: ~Copyable {
  var coder: Coder
  private var memory = AdaptiveMemory()

  init(coder: Coder) { self.coder = coder }

  /// Forgets all statistics, and makes room for so many events.
  mutating func reset(eventCount: Int) { memory.reset(eventCount: eventCount) }

  /// The lines of contexts, and line `number` of the field.
  @inline(__always)
  func lines(
    _ field: AdaptiveField, _ number: Int, _ contexts: AdaptiveContexts
  ) -> AdaptiveLines {
    AdaptiveLines(
      direct: memory.directLine(field.rawValue &* 64 &+ number),
      a: memory.hashedLine(contexts.a), b: memory.hashedLine(contexts.b),
      c: memory.hashedLine(contexts.c))
  }

  /// Codes a bit by the statistics of one context alone: a field's entry.
  @inline(__always)
  mutating func code(_ bit: Int, _ field: AdaptiveField, entry number: Int) -> Int {
    let entry = memory.directLine(field.rawValue &* 64 &+ number >> 4)[number]
    let state = memory[entry]
    let probability = min(max(Int(state >> 16), 32), 65_504)
    let bit = coder.code(bit, probability: probability)
    memory[entry] = updated(state, bit)
    return bit
  }

  /// Codes a bit by the statistics of two contexts.
  @inline(__always)
  mutating func code(_ bit: Int, _ lines: AdaptiveLines, pair node: Int, set: Int) -> Int {
    let (entry, a) = (lines.direct[node], lines.a[node])
    let (state, stateA) = (memory[entry], memory[a])
    let (x0, x1) = (logit(state), logit(stateA))
    let set = memory.weightSet(set)
    let probability = probability(
      Int(memory[set, 0]) &* x0 &+ Int(memory[set, 1]) &* x1)
    let bit = coder.code(bit, probability: probability)
    let error = ((bit << 16) &- probability) >> 2
    adjust(set, 0, x0, error)
    adjust(set, 1, x1, error)
    memory[entry] = updated(state, bit)
    memory[a] = updated(stateA, bit, probability)
    return bit
  }

  /// Codes a bit by the statistics of four contexts.
  @inline(__always)
  mutating func code(_ bit: Int, _ lines: AdaptiveLines, _ node: Int, set: Int) -> Int {
    code(bit, lines.direct[node], lines.a[node], lines.b[node], lines.c[node], set: set)
  }

  /// A call, so that what it holds stays in registers.
  @inline(never)
  private mutating func code(
    _ bit: Int, _ entry: AdaptiveMemory.DirectEntry, _ a: AdaptiveMemory.HashedEntry,
    _ b: AdaptiveMemory.HashedEntry, _ c: AdaptiveMemory.HashedEntry, set: Int
  ) -> Int {
    let state = memory[entry]
    let (stateA, stateB, stateC) = (memory[a], memory[b], memory[c])
    let (x0, x1, x2, x3) = (logit(state), logit(stateA), logit(stateB), logit(stateC))
    let count = stateC & 15
    let set = memory.weightSet(set &* 3 &+ (count == 0 ? 0 : count < 4 ? 1 : 2))
    let left = Int(memory[set, 0]) &* x0 &+ Int(memory[set, 1]) &* x1
    let right = Int(memory[set, 2]) &* x2 &+ Int(memory[set, 3]) &* x3
    let probability = probability(left &+ right)
    let bit = coder.code(bit, probability: probability)
    let error = ((bit << 16) &- probability) >> 2
    adjust(set, 0, x0, error)
    adjust(set, 1, x1, error)
    adjust(set, 2, x2, error)
    adjust(set, 3, x3, error)
    memory[entry] = updated(state, bit)
    memory[a] = updated(stateA, bit, probability)
    memory[b] = updated(stateB, bit, probability)
    memory[c] = updated(stateC, bit, probability)
    return bit
  }

  @inline(__always)
  private func logit(_ state: UInt32) -> Int { memory.stretch(state >> 20) }

  @inline(__always)
  private func logit(_ state: UInt16) -> Int { memory.stretch(UInt32(state >> 4)) }

  @inline(__always)
  private func probability(_ dot: Int) -> Int {
    memory.squash(min(max(dot >> 16, -2_047), 2_047))
  }

  @inline(__always)
  private func adjust(_ set: AdaptiveMemory.WeightSet, _ number: Int, _ logit: Int, _ error: Int) {
    // Weights are modulo 2³² (Specs/Adaptive.md, section 3); the product is below 2²⁶.
    let change = (Int32(truncatingIfNeeded: logit) &* Int32(truncatingIfNeeded: error)) &+ 2_048
    memory[set, number] &+= change >> 12
  }

  @inline(__always)
  private func updated(_ state: UInt32, _ bit: Int) -> UInt32 {
    let count = Int(state & 1_023)
    var probability = Int(state >> 10)
    let target = bit == 0 ? 0 : 4_194_303
    probability &+= ((target &- probability) &* memory.rate(count)) >> 16
    let next = count < 40 ? count &+ 1 : 40
    return UInt32(truncatingIfNeeded: (probability << 10) | next)
  }

  /// A context that was never seen takes over the mixed probability.
  @inline(__always)
  private func updated(_ state: UInt16, _ bit: Int, _ mixed: Int) -> UInt16 {
    let count = Int(state & 15)
    var probability = count == 0 ? mixed >> 4 : Int(state >> 4)
    let target = bit == 0 ? 0 : 4_095
    probability &+= ((target &- probability) &* memory.rate(count)) >> 16
    let next = count < 15 ? count &+ 1 : 15
    return UInt16(truncatingIfNeeded: (probability << 4) | next)
  }
}
