// SPDX-License-Identifier: Apache-2.0
//
// Times on the grid of a device's report rate (Specs/Adaptive.md, section 6).

extension AdaptiveSection {
  /// Codes a difference as a count of ticks, and what it is beside them.
  mutating func codeTicks(_ known: Int64, _ context: Int) -> Int64 {
    let count = codeCount(Coder.isDecoder ? 0 : count(of: known), context)
    let target = time.phase &+ count &* time.period
    // With no tick the rest is all of the difference.
    let predicted = count == 0 ? 0 : (target &+ 128) >> 8
    let rest = codeRest(known &- predicted, count, target, context)
    track(count, rest, target)
    return predicted &+ rest
  }

  /// The ticks of a difference: an encoder's choice.
  private func count(of difference: Int64) -> Int64 {
    if difference <= 0 { return 0 }
    let distance = (difference << 8) &- time.phase &+ time.period / 2
    return distance <= 0 ? 0 : distance / time.period
  }

  @inline(__always)
  private mutating func codeCount(_ known: Int64, _ context: Int) -> Int64 {
    let (a, b, c) = time.counts
    let last = unsigned(min(a, 15)) << 8
    let both = last | unsigned(min(b, 15)) << 12
    let kind = unsigned(context) << 20
    let speed = unsigned(order.speed) << 24
    let size = bitSize((time.countSize + 8) >> 4)
    let expected = unsigned(size) << 32
    let contexts = AdaptiveContexts(
      AdaptiveContexts.hash(31 | both | kind | expected),
      AdaptiveContexts.hash(32 | last | kind | speed | expected),
      AdaptiveContexts.hash(
        33 | both | unsigned(min(c, 15)) << 16 | unsigned(min(order.speed, 3)) << 24 | expected),
      AdaptiveContexts.hash(34 | unsigned(context) << 8 | unsigned(size) << 16))
    let level = min(31, halfBitSize(time.countSize) + (context == 0 ? 0 : 16))
    return model.code(
      known &- 1, .tickCount, level: level, size: size, contexts, isSigned: false, bitCount: 3,
      situation: situation(level: level)) &+ 1
  }

  @inline(__always)
  private mutating func codeRest(
    _ known: Int64, _ count: Int64, _ target: Int64, _ context: Int
  ) -> Int64 {
    let size = min(halfBitSize(time.restSize), 31)
    let group = unsigned(count == 0 ? 0 : count == 1 ? 1 : 2) << 8
    let level = unsigned(size) << 16
    let fraction = UInt64(bitPattern: (target &+ 128) >> 5) & 7
    let first = UInt64(truncatingIfNeeded: clamped(Int64(time.rests.0), 20)) & 0xFF
    let sum = time.rests.0 + time.rests.1
    let late = unsigned(halfBitSize(Int(sum.magnitude)) * 2 + (sum < 0 ? 1 : 0))
    let beat = UInt64(bitPattern: time.now) & 7
    let contexts = AdaptiveContexts(
      AdaptiveContexts.hash(41 | group | level | first << 24),
      AdaptiveContexts.hash(42 | group | level | fraction << 24),
      AdaptiveContexts.hash(
        43 | group | unsigned(context) << 16 | beat << 24 | (fraction >> 1) << 32),
      AdaptiveContexts.hash(44 | group | late << 16))
    let place = min(31, size &+ (count == 0 ? 24 : 0))
    return model.code(
      known, .tickRest, level: place,
      size: count == 0 ? 0 : bitSize((time.restSize + 8) >> 4), contexts, bitCount: 2,
      situation: situation(level: place))
  }

  /// Follows the period's phase.
  private mutating func track(_ count: Int64, _ rest: Int64, _ target: Int64) {
    let distance = Int(clamping: (count < 1 ? 1 &- count : count &- 1).magnitude)
    time.countSize &+= (min(distance, 1 << 16) << 4 &- time.countSize) >> 3
    time.counts = (Int(min(max(count, 0), 1 << 20)), time.counts.0, time.counts.1)
    time.pace = min(time.counts.0, 7)
    guard count != 0 else {
      time.phase &-= rest << 8
      return
    }
    let size = Int(clamping: min(rest.magnitude, 1 << 24))
    let limit = Int64(time.restSize * 3 / 16 * 2 + 4)
    time.locked = min(time.locked + 1, 64)
    time.misses = size > 2 * limit ? time.misses + 1 : 0
    if time.misses >= 3 || time.locked == 1 {
      time.phase = 0
      time.misses = 0
      time.locked = 1
    } else {
      let gain = bitSize(time.locked) < 2 ? 0 : min(bitSize(time.locked) - 1, 4)
      let correction = (clamped(rest, limit) << 8) >> Int64(gain)
      // The phase is relative to the event.
      let predicted = (target &+ 128) >> 8
      time.phase = target &+ correction &- (predicted &+ rest) << 8
    }
    let bound = min(size, time.restSize * 4 + 64)
    time.restSize &+= (bound << 4 &- time.restSize) >> 4
    time.rests = (Int(clamped(rest, 1 << 20)), time.rests.0)
  }
}
