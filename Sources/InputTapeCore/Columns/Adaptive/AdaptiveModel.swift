// SPDX-License-Identifier: Apache-2.0
//
// One decision of the adaptive coder: statistics of contexts, mixed (Specs/Adaptive.md, section 3).

import CInputTapePlatform

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
      direct: directLine(field, number), a: memory.line(contexts.a), b: memory.line(contexts.b),
      c: memory.line(contexts.c), d: memory.line(contexts.d))
  }

  /// A line of the field's own.
  @inline(__always)
  func directLine(_ field: AdaptiveField, _ number: Int) -> AdaptiveMemory.DirectLine {
    memory.directLine(field.rawValue &* 64 &+ number)
  }

  /// Line `number` of the field, and that of one context.
  @inline(__always)
  func pair(_ field: AdaptiveField, _ number: Int, _ context: UInt64) -> AdaptivePair {
    AdaptivePair(direct: directLine(field, number), line: memory.line(context))
  }

  /// The first of the field's sets of weights.
  @inline(__always)
  func sets(_ field: AdaptiveField, _ situation: Int = 0) -> Int {
    memory.firstSet(field.withSets, inSituation: situation)
  }

  /// Codes a bit by the statistics of five contexts.
  @inline(__always)
  mutating func code(_ bit: Int, _ lines: AdaptiveLines, _ node: Int, set: Int) -> Int {
    let bit = mix(bit, memory.logits(lines, node), memory.weightSet(set))
    memory.note(bit, lines, node)
    return bit
  }

  /// Codes a bit by the statistics of two contexts.
  @inline(__always)
  mutating func code(_ bit: Int, _ pair: AdaptivePair, _ node: Int, set: Int) -> Int {
    let bit = mix(bit, memory.logits(pair, node), memory.weightSet(8 &+ set))
    memory.note(bit, pair, node)
    return bit
  }

  /// Codes a bit by logits and weights, which learn.
  @inline(__always)
  private mutating func mix(
    _ bit: Int, _ logits: SIMD8<Int16>, _ set: AdaptiveMemory.WeightSet
  ) -> Int {
    let weights = memory[set]
    let probability = memory.probability(itape_dot(logits, weights))
    let bit = coder.code(bit, probability: probability)
    // In 32,768ths.
    let error = ((((bit << 16) &- probability) >> 1) &* memory.rate(weights)) >> 8
    memory[set] = itape_learn(
      weights, logits, Int16(truncatingIfNeeded: error), AdaptiveTables.moreOfSet,
      AdaptiveTables.mostOfSet)
    return bit
  }
}

/// The lines of a value's contexts.
struct AdaptiveLines {
  var direct: AdaptiveMemory.DirectLine
  var a: AdaptiveMemory.Line
  var b: AdaptiveMemory.Line
  var c: AdaptiveMemory.Line
  var d: AdaptiveMemory.Line
}

/// The lines of a part of a value.
struct AdaptivePair {
  var direct: AdaptiveMemory.DirectLine
  var line: AdaptiveMemory.Line
}
