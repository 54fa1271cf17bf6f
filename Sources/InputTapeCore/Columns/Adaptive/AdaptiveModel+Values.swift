// SPDX-License-Identifier: Apache-2.0
//
// Numbers, symbols and bytes as decisions (Specs/Adaptive.md, section 4).

extension AdaptiveModel {
  /// Codes a number: its size from the expected one up or down, its sign, its highest bits by
  /// statistics, the others as they are.
  ///
  /// - Parameters:
  ///   - level: of the field's own statistics, 0 to 31.
  ///   - size: the expected number of bits, 0 to 64.
  ///   - isSigned: whether a sign is coded; if not, only the sign of a number of size 1 is.
  ///   - bitCount: how many of the highest bits are coded by statistics, 0 to 8.
  ///   - situation: chooses among the field's sets of weights, 0 to 31.
  @inline(never)
  mutating func code(
    _ value: Int64, _ field: AdaptiveField, level: Int, size expected: Int,
    _ contexts: AdaptiveContexts, isSigned: Bool = true, bitCount: Int, situation: Int
  ) -> Int64 {
    let sets = sets(field, situation)
    var lines = lines(field, level & 31, contexts)
    let size = codeSize(Coder.isDecoder ? 0 : bitSize(value), sets, expected, lines)
    if size == 0 { return 0 }
    lines.direct = directLine(field, 32).upper
    // What is near has its bits beside its size.
    let isNear = size <= 4 && bitCount <= 3
    let first = signNode(size, isNear, bitCount)
    // All ones for a negative number: nobody guesses signs, and so there is no branch on them.
    var mask = 0
    if isSigned || size == 1 {
      mask = 0 &- code(Int(value >> 63) & 1, lines, first, set: sets &+ 4)
    }
    let magnitude =
      isNear
      ? codeNear(value.magnitude, size, bitCount, field, sets, contexts.a, lines, first)
      : codeFar(value.magnitude, size, bitCount, field, sets, contexts.a)
    return (Int64(bitPattern: magnitude) ^ Int64(mask)) &- Int64(mask)
  }

  /// The node of the sign, before those of the bits that stand beside the size.
  @inline(__always)
  private func signNode(_ size: Int, _ isNear: Bool, _ bitCount: Int) -> Int {
    if isNear { return 15 &+ 1 << (size &- 1) }
    return bitCount > 3 ? 16 &+ min(size, 15) : min(size &+ 22, 31)
  }

  /// Codes a number of bits, 0 to 64: up from the expected one as long as it is more, or down as
  /// long as it is not.
  @inline(__always)
  private mutating func codeSize(
    _ size: Int, _ sets: Int, _ expected: Int, _ lines: AdaptiveLines
  ) -> Int {
    let isMore = code(size > expected ? 1 : 0, lines, 8, set: sets)
    var now = expected &+ isMore
    var set = sets &+ 2 &- isMore
    while isMore != 0 ? now < 64 : now > 0 {
      // Down, it is asked whether the size is more than one below.
      let asked = now &- 1 &+ isMore
      let node = 8 &+ min(max(asked &- expected, -8), 7)
      let found = code(size > asked ? 1 : 0, lines, node, set: set)
      if found != isMore { break }
      now &+= isMore &+ isMore &- 1
      set = isMore != 0 ? set : sets &+ 3
    }
    return now
  }

  /// Codes the bits below the highest of a number of up to four.
  @inline(__always)
  private mutating func codeNear(
    _ magnitude: UInt64, _ size: Int, _ bitCount: Int, _ field: AdaptiveField, _ sets: Int,
    _ context: UInt64, _ lines: AdaptiveLines, _ first: Int
  ) -> UInt64 {
    var (rest, node) = (size &- 1, 1)
    let last = max(size &- 1 &- bitCount, 0)
    while rest > last {
      rest &-= 1
      let bit = Int(truncatingIfNeeded: magnitude >> UInt64(rest)) & 1
      let found: Int
      if node < 4 {
        found = code(bit, lines, first &+ node, set: sets &+ (node == 1 ? 5 : 6))
      } else {
        let part = AdaptiveContexts.part(context, size &+ node << 8)
        found = code(bit, pair(field, 48 &+ node, part), 1, set: sets &+ 7)
      }
      node = node << 1 | found
    }
    return codeRest(magnitude, UInt64(truncatingIfNeeded: node), rest)
  }

  /// Codes the bits below the highest of any number.
  @inline(never)
  private mutating func codeFar(
    _ magnitude: UInt64, _ size: Int, _ bitCount: Int, _ field: AdaptiveField, _ sets: Int,
    _ context: UInt64
  ) -> UInt64 {
    var (rest, node, result) = (size &- 1, 1, UInt64(1))
    let last = max(size &- 1 &- bitCount, 0)
    var pair = pair(field, 32 &+ min(size, 15), AdaptiveContexts.part(context, size))
    while rest > last {
      rest &-= 1
      if node >= 16 {
        let part = AdaptiveContexts.part(context, size &+ node << 8)
        pair = self.pair(field, 48 &+ node & 15, part)
        node = 1
      }
      let bit = Int(truncatingIfNeeded: magnitude >> UInt64(rest)) & 1
      let found = code(bit, pair, node, set: sets &+ (rest == size &- 2 ? 5 : 6))
      node = node << 1 | found
      result = result << 1 | UInt64(truncatingIfNeeded: found)
    }
    return codeRest(magnitude, result, rest)
  }

  /// Codes the low bits of a magnitude whose other bits are known.
  @inline(__always)
  private mutating func codeRest(_ magnitude: UInt64, _ known: UInt64, _ bitCount: Int) -> UInt64 {
    guard bitCount > 0 else { return known }
    let low = coder.codeRaw(magnitude, bitCount: bitCount)
    return known << UInt64(bitCount) | low
  }

  /// Codes a symbol: whether it is the guess, else 4 bits, else 32 more.
  @inline(never)
  mutating func code(
    _ symbol: Int32, _ field: AdaptiveField, level: Int, guess: Int32,
    _ contexts: AdaptiveContexts, situation: Int = 0
  ) -> Int32 {
    let sets = sets(field, situation)
    var lines = lines(field, level & 31, contexts.completed(by: field))
    if code(symbol == guess ? 1 : 0, lines, 0, set: sets) != 0 { return guess }
    lines.direct = directLine(field, 32 &+ (level & 31)).upper
    let node = codeNibble(symbol >= 0 && symbol < 15 ? Int(symbol) : 15, lines, 16, sets &+ 1, 0)
    if node < 15 { return Int32(node) }
    let raw = coder.codeRaw(UInt64(UInt32(bitPattern: symbol)), bitCount: 32)
    return Int32(bitPattern: UInt32(truncatingIfNeeded: raw))
  }

  /// Codes four bits.
  ///
  /// - Parameters:
  ///   - first: the node before those of the bits.
  ///   - step: how far the sets of two bits are apart.
  @inline(__always)
  private mutating func codeNibble(
    _ value: Int, _ lines: AdaptiveLines, _ first: Int, _ set: Int, _ step: Int
  ) -> Int {
    var (node, set, shift) = (1, set, 4)
    while shift > 0 {
      shift &-= 1
      node = node << 1 | code((value >> shift) & 1, lines, first &+ node, set: set)
      set &+= step
    }
    return node &- 16
  }

  /// Codes a choice.
  @inline(never)
  mutating func code(
    choice: Bool, _ field: AdaptiveField, level: Int, _ contexts: AdaptiveContexts,
    situation: Int = 0
  ) -> Bool {
    let lines = lines(field, level & 31, contexts.completed(by: field))
    let sets = sets(field, situation)
    return code(choice ? 1 : 0, lines, 0, set: sets) != 0
  }

  /// Codes a byte.
  @inline(never)
  mutating func code(byte: Int, _ field: AdaptiveField, _ contexts: AdaptiveContexts) -> Int {
    let sets = sets(field)
    let contexts = contexts.completed(by: field)
    let high = codeNibble(byte >> 4, lines(field, 0, contexts), 0, sets, 1)
    var lines = lines(field, 1 &+ high, contexts.part(1 &+ high >> 1))
    if high & 1 != 0 { lines.direct = lines.direct.upper }
    let low = codeNibble(byte & 15, lines, 16 &* (high & 1), sets &+ 4, 1)
    return high << 4 | low
  }

  /// Codes a flag.
  @inline(never)
  mutating func code(flag: Bool, _ number: Int) -> Bool {
    code(flag ? 1 : 0, pair(.flags, number, 0), 0, set: sets(.flags)) != 0
  }
}
