// SPDX-License-Identifier: Apache-2.0
//
// Numbers, symbols and bytes as decisions (Specs/Adaptive.md, section 4).

/// Three hashed contexts of a value.
struct AdaptiveContexts {
  var a: UInt64
  var b: UInt64
  var c: UInt64

  @inline(__always)
  init(_ a: UInt64, _ b: UInt64, _ c: UInt64) {
    self.a = a
    self.b = b
    self.c = c
  }

  /// Scrambles a word of context.
  @inline(__always)
  static func hash(_ word: UInt64) -> UInt64 {
    var hash = word &* 0x9E37_79B9_7F4A_7C15
    hash ^= hash >> 32
    return hash &* 0xD6E8_FEB8_6659_FD93
  }

  /// The contexts of a part of the value.
  @inline(__always)
  func part(_ number: Int) -> AdaptiveContexts {
    let word = UInt64(truncatingIfNeeded: number) &* 0xA076_1D64_78BD_642F
    return AdaptiveContexts(
      (a &+ word) &* 0xE703_7ED1_A0B4_28DB, (b &+ word) &* 0xE703_7ED1_A0B4_28DB,
      (c &+ word) &* 0xE703_7ED1_A0B4_28DB)
  }
}

/// The lines of a value's contexts.
struct AdaptiveLines {
  var direct: AdaptiveMemory.Line
  var a: AdaptiveMemory.Line
  var b: AdaptiveMemory.Line
  var c: AdaptiveMemory.Line
}

extension AdaptiveModel {
  @inline(__always)
  private mutating func code(_ bit: Bool, _ lines: AdaptiveLines, _ node: Int, set: Int) -> Bool {
    code(bit ? 1 : 0, lines, node, set: set) != 0
  }

  /// Codes a number: its size from the expected one up or down, its sign, its highest bits by
  /// statistics, the others as they are.
  ///
  /// - Parameters:
  ///   - level: of the field's own statistics, 0 to 31.
  ///   - size: the expected number of bits, 0 to 64.
  ///   - isSigned: whether a sign is coded; if not, only the sign of a number of size 1 is.
  ///   - bitCount: how many of the highest bits are coded by statistics, 0 to 8.
  mutating func code(
    _ value: Int64, _ field: AdaptiveField, level: Int, size expected: Int,
    _ contexts: AdaptiveContexts, isSigned: Bool = true, bitCount: Int
  ) -> Int64 {
    let size = codeSize(64 &- value.magnitude.leadingZeroBitCount, field, level, expected, contexts)
    if size == 0 { return 0 }
    let lines = lines(field, 32 &+ min(size, 15), contexts.part(size))
    let isNegative =
      (isSigned || size == 1)
      && code(value < 0, lines, 0, set: field.firstSet &+ 4)
    let magnitude = codeMagnitude(
      value.magnitude, size, field, contexts, lines, bitCount)
    return Int64(bitPattern: isNegative ? 0 &- magnitude : magnitude)
  }

  /// Codes a number of bits, 0 to 64.
  @inline(__always)
  private mutating func codeSize(
    _ size: Int, _ field: AdaptiveField, _ level: Int, _ expected: Int,
    _ contexts: AdaptiveContexts
  ) -> Int {
    let lines = lines(field, level & 31, contexts)
    let sets = field.firstSet
    var now = expected
    if code(size > now, lines, 8, set: sets) {
      now &+= 1
      while now < 64, code(size > now, lines, 8 &+ min(now &- expected, 7), set: sets &+ 1) {
        now &+= 1
      }
      return now
    }
    var set = sets &+ 2
    while now > 0, !code(size > now &- 1, lines, 8 &+ max(now &- 1 &- expected, -8), set: set) {
      now &-= 1
      set = sets &+ 3
    }
    return now
  }

  /// Codes the bits below the highest.
  @inline(__always)
  private mutating func codeMagnitude(
    _ magnitude: UInt64, _ size: Int, _ field: AdaptiveField, _ contexts: AdaptiveContexts,
    _ lines: AdaptiveLines, _ bitCount: Int
  ) -> UInt64 {
    var lines = lines
    var (rest, node, result) = (size &- 1, 1, UInt64(1))
    let last = max(size &- 1 &- bitCount, 0)
    while rest > last {
      rest &-= 1
      if node >= 16 {
        let part = contexts.part(size &+ (node << 8))
        lines = self.lines(field, 48 &+ (node & 15), part)
        node = 1
      }
      let bit = Int(truncatingIfNeeded: magnitude >> UInt64(rest)) & 1
      let number = rest == size &- 2 ? 5 : 6
      let found = code(bit, lines, pair: node, set: (field.firstSet &+ number) &* 3)
      node = node << 1 | found
      result = result << 1 | UInt64(truncatingIfNeeded: found)
    }
    guard rest > 0 else { return result }
    let low = coder.codeRaw(magnitude, bitCount: rest)
    return result << UInt64(rest) | low
  }

  /// Codes a symbol: whether it is the guess, else 4 bits, else 32 more.
  mutating func code(
    _ symbol: Int32, _ field: AdaptiveField, level: Int, guess: Int32, _ contexts: AdaptiveContexts
  ) -> Int32 {
    let sets = field.firstSet
    if code(symbol == guess, lines(field, level & 31, contexts), 0, set: sets) { return guess }
    let lines = lines(field, 32 &+ (level & 31), contexts.part(1))
    let number = symbol >= 0 && symbol < 15 ? Int(symbol) : 15
    var node = 1
    for shift in [3, 2, 1, 0] {
      let bit = code((number >> shift) & 1 != 0, lines, node, set: sets &+ 1)
      node = node << 1 | (bit ? 1 : 0)
    }
    if node < 31 { return Int32(node &- 16) }
    let raw = coder.codeRaw(UInt64(UInt32(bitPattern: symbol)), bitCount: 32)
    return Int32(bitPattern: UInt32(truncatingIfNeeded: raw))
  }

  /// Codes a choice.
  mutating func code(
    choice: Bool, _ field: AdaptiveField, level: Int, _ contexts: AdaptiveContexts
  ) -> Bool {
    code(choice, lines(field, level & 31, contexts), 0, set: field.firstSet)
  }

  /// Codes a byte.
  mutating func code(byte: Int, _ field: AdaptiveField, _ contexts: AdaptiveContexts) -> Int {
    var lines = lines(field, 0, contexts)
    var node = 1
    for shift in 0..<4 {
      let bit = code(
        (byte >> (7 &- shift)) & 1 != 0, lines, node, set: field.firstSet &+ shift)
      node = node << 1 | (bit ? 1 : 0)
    }
    let high = node &- 16
    lines = self.lines(field, 1 &+ high, contexts.part(1 &+ high))
    node = 1
    for shift in 4..<8 {
      let bit = code(
        (byte >> (7 &- shift)) & 1 != 0, lines, node, set: field.firstSet &+ shift)
      node = node << 1 | (bit ? 1 : 0)
    }
    return high << 4 | (node &- 16)
  }

  /// Codes a flag by its own statistics alone.
  mutating func code(flag: Bool, _ number: Int) -> Bool {
    code(flag ? 1 : 0, .flags, entry: number) != 0
  }
}
