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
    let logit = Int(memory.logit(state)) >> 3
    let bit = coder.code(bit, probability: memory.squash(logit))
    memory[entry] = memory.successors(bit, logit: logit)[state]
    return bit
  }

  /// Codes a bit by the statistics of two contexts.
  @inline(__always)
  mutating func code(_ bit: Int, _ lines: AdaptiveLines, pair node: Int, set: Int) -> Int {
    let (entry, a) = (lines.direct[node], lines.a[node])
    let (state, stateA) = (memory[entry], memory[a])
    let logits = SIMD4(memory.logit(state), memory.logit(stateA), 0, 0)
    let set = memory.weightSet(set)
    let weights = memory[set]
    let logit = mixed(logits, weights)
    let probability = memory.squash(logit)
    let bit = coder.code(bit, probability: probability)
    memory[set] = adjusted(weights, logits, ((bit << 16) &- probability) >> 1)
    let next = memory.successors(bit, logit: logit)
    memory[entry] = next[state]
    memory[a] = next[stateA]
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
    _ bit: Int, _ entry: AdaptiveMemory.Entry, _ a: AdaptiveMemory.Entry,
    _ b: AdaptiveMemory.Entry, _ c: AdaptiveMemory.Entry, set: Int
  ) -> Int {
    let state = memory[entry]
    let (stateA, stateB, stateC) = (memory[a], memory[b], memory[c])
    let logits = SIMD4(
      memory.logit(state), memory.logit(stateA), memory.logit(stateB), memory.logit(stateC))
    let confidence = stateC.isNew ? 0 : stateC.hasFewer(than: 4) ? 1 : 2
    let set = memory.weightSet(set &* 3 &+ confidence)
    let weights = memory[set]
    let logit = mixed(logits, weights)
    let probability = memory.squash(logit)
    let bit = coder.code(bit, probability: probability)
    memory[set] = adjusted(weights, logits, ((bit << 16) &- probability) >> 1)
    let next = memory.successors(bit, logit: logit)
    memory[entry] = next[state]
    memory[a] = next[stateA]
    memory[b] = next[stateB]
    memory[c] = next[stateC]
    return bit
  }

  /// The sum of logits times weights, in 256ths, −2,048 to 2,047.
  @inline(__always)
  private func mixed(_ logits: SIMD4<Int16>, _ weights: SIMD4<Int16>) -> Int {
    let products =
      SIMD4<Int32>(truncatingIfNeeded: logits) &* SIMD4<Int32>(truncatingIfNeeded: weights)
    let sums = products.evenHalf &+ products.oddHalf
    let sum = Int((sums[0] &+ sums[1]) >> 16)
    // Seldom beyond: a branch costs less than two selections.
    return UInt(bitPattern: sum &+ 2_048) < 4_096 ? sum : sum < 0 ? -2_048 : 2_047
  }

  /// Weights after an error in 32,768ths; they stay below 32,768.
  @inline(__always)
  private func adjusted(
    _ weights: SIMD4<Int16>, _ logits: SIMD4<Int16>, _ error: Int
  ) -> SIMD4<Int16> {
    let errors = SIMD4<Int16>(repeating: Int16(truncatingIfNeeded: error))
    let products =
      SIMD4<Int32>(truncatingIfNeeded: logits) &* SIMD4<Int32>(truncatingIfNeeded: errors)
    let changes = SIMD4<Int16>(truncatingIfNeeded: products &>> 16)
    let bound = SIMD4<Int16>(repeating: 31_000)
    return pointwiseMax(pointwiseMin(weights, bound), 0 &- bound) &+ (changes &+ 4) &>> 3
  }
}
