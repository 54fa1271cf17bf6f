// SPDX-License-Identifier: Apache-2.0
//
// Times as differences in units of the clock (Specs/Adaptive.md, section 6).

extension AdaptiveSection {
  /// Codes the time of an event.
  ///
  /// - Parameters:
  ///   - context: what is known of the event, 0 to 7.
  ///   - key: what is known of a key, whose time depends on how long it was held.
  @inline(__always)
  mutating func codeTime(_ index: Int, context: Int, key: AdaptiveKeyContext? = nil) {
    // The clock's description tells the first time.
    guard index > 0 else { return advance(index, by: 0, step: 0) }
    let known = Coder.isDecoder ? 0 : difference(index)
    if time.hasTies, codeTie(known == 0, context) {
      return advance(index, by: 0, step: 0)
    }
    let found: Int64
    if time.period > 0 {
      found = codeTicks(known, context)
      return advance(index, by: found, step: tickStep)
    }
    let average = halfBitSize(time.differenceSize >> 4)
    if let key {
      found = codeKeyDifference(known, key)
    } else {
      found = codeDifference(known, context)
    }
    let step = halfBitSize(Int(clamping: found.magnitude)) &- average &+ 4
    advance(index, by: found, step: found == 0 ? 0 : min(max(step, 1), 6))
  }

  /// How long the last count was.
  @inline(__always)
  private var tickStep: Int {
    let count = time.counts.0
    return count <= 3 ? count : count <= 5 ? 4 : count <= 8 ? 5 : 6
  }

  /// Codes whether the time is that of the event before.
  @inline(__always)
  private mutating func codeTie(_ known: Bool, _ context: Int) -> Bool {
    let kind = unsigned(context) << 8
    let contexts = AdaptiveContexts(
      AdaptiveContexts.hash(15 | kind | (time.ties & 0xF) << 16 | unsigned(time.pace) << 24),
      AdaptiveContexts.hash(16 | kind | (time.ties & 0xFFF) << 16),
      AdaptiveContexts.hash(
        17 | kind | (time.ties & 3) << 16 | touches.history << 24 | unsigned(order.speed) << 56))
    return model.code(
      choice: known, .tie, level: Int(time.ties & 3) &* 8 &+ context, contexts,
      situation: situation(order.speed / 2))
  }

  /// The units from the event before; an encoder has seen that the unit divides the difference.
  @inline(__always)
  private func difference(_ index: Int) -> Int64 {
    let difference = times[index] &- time.last
    if time.unit == 1 { return difference }
    let units = Int64(truncatingIfNeeded: difference.magnitude / UInt64(bitPattern: time.unit))
    return difference < 0 ? 0 &- units : units
  }

  @inline(__always)
  private mutating func advance(_ index: Int, by units: Int64, step: Int) {
    time.steps = (step, time.steps.0)
    // Times are modulo 2⁶⁴ (Specs/Adaptive.md, section 6).
    time.ties = time.ties << 1 | (units == 0 ? 1 : 0)
    time.last &+= units &* time.unit
    time.now &+= units
    times[index] = time.last
  }

  @inline(__always)
  private func word(_ value: Int64, _ limit: Int64) -> UInt64 {
    UInt64(bitPattern: clamped(value, limit)) & 0xFFF
  }

  /// Codes a difference without a period.
  private mutating func codeDifference(_ known: Int64, _ context: Int) -> Int64 {
    let (first, second) = time.differences
    let kind = unsigned(context)
    let speed = unsigned(order.speed)
    let size = unsigned(bitSize(first)) << 8 | unsigned(bitSize(second)) << 16
    let remainder = UInt64(bitPattern: time.now) % 125
    let expected = bitSize(time.differenceSize >> 4)
    let level = unsigned(expected) << 40
    let contexts = AdaptiveContexts(
      AdaptiveContexts.hash(
        11 | word(first, 300) << 8 | word(second, 300) << 20 | kind << 32 | level),
      AdaptiveContexts.hash(12 | size | kind << 24 | speed << 32 | level),
      AdaptiveContexts.hash(13 | remainder << 8 | speed << 16 | kind << 24 | level),
      AdaptiveContexts.hash(14 | kind << 8 | unsigned(expected) << 16))
    let average = min(31, halfBitSize(time.differenceSize))
    let found = model.code(
      known, .difference, level: average, size: expected, contexts,
      isSigned: !time.isMonotone, bitCount: 6, situation: situation(level: average))
    note(found)
    return found
  }

  /// Codes a key's difference without a period.
  private mutating func codeKeyDifference(_ known: Int64, _ key: AdaptiveKeyContext) -> Int64 {
    let (first, second) = time.differences
    let odd = unsigned(time.odd)
    let kind = unsigned(key.group)
    let elapsed = unsigned(min(31, halfBitSize(Int(clamping: key.elapsed))))
    let sizes = unsigned(min(bitSize(first), 9)) << 16 | unsigned(min(bitSize(second), 9)) << 24
    let contexts = AdaptiveContexts(
      AdaptiveContexts.hash(21 | kind << 8 | elapsed << 16 | odd << 24),
      AdaptiveContexts.hash(22 | kind << 8 | key.code << 16),
      AdaptiveContexts.hash(23 | kind << 8 | sizes | odd << 32),
      AdaptiveContexts.hash(24 | kind << 8 | elapsed << 16))
    let found = model.code(
      known, .keyDifference, level: key.group &* 8 &+ time.odd, size: 7, contexts,
      isSigned: !time.isMonotone, bitCount: 6, situation: key.group)
    note(found)
    return found
  }

  @inline(__always)
  private mutating func note(_ difference: Int64) {
    let size = Int(clamping: min(difference.magnitude, 1 << 18)) << 4
    time.differenceSize &+= (size &- time.differenceSize) >> 3
    time.differences = (difference, time.differences.0)
    time.pace = min(15, bitSize(difference))
    time.odd = (time.odd << 1 | (difference & 7 != 0 ? 1 : 0)) & 7
  }
}
