// SPDX-License-Identifier: Apache-2.0
//
// The fixed tables of the adaptive coder (Specs/Adaptive.md, section 3).

/// What follows a state, probabilities of logits, and how weights learn.
struct AdaptiveTables {
  /// Made once: encoders and decoders copy it beside their statistics.
  static let shared = AdaptiveTables()

  static var stateCount: Int { 4_096 }
  private static var levelCount: Int { 256 }
  /// The states after a 0, and after a 1.
  private(set) var successors = [UInt16](repeating: 0, count: 2 * stateCount)
  /// Probabilities in 65,536ths, by logit in 256ths plus 2,048.
  private(set) var squash = [UInt16](repeating: 0, count: 4_096)

  static var logitCount: Int { 65_536 }
  /// Probabilities in 65,536ths, by logit in 256ths modulo 2¹⁶: those beyond −2,048 and 2,047 as
  /// these.
  private(set) var probabilities: [UInt16] = []

  /// The age up to which weights learn less and less.
  static var oldest: Int { 2_399 }
  static var rateCount: Int { oldest + 1 }
  /// By age, how much weights learn, in 256ths.
  let rates: [UInt16] = (0..<rateCount).map { age in UInt16(256 * 160 / (160 + age)) }
  /// A set at first: five weights, that of the constant, the age.
  static var firstSet: SIMD8<Int16> { SIMD8(900, 900, 900, 900, 900, 0, 0, 0) }
  /// The most that a set has. With these the sum of six products is below 2³¹.
  static var mostOfSet: SIMD8<Int16> {
    SIMD8(12_600, 12_600, 12_600, 12_600, 12_600, 12_600, Int16(oldest), 0)
  }
  /// What is added before a set takes its sixteenth: what rounds, and a year of age.
  static var moreOfSet: SIMD8<Int16> { SIMD8(8, 8, 8, 8, 8, 8, 16, 0) }

  /// 65,536 / (1 + e⁻ˣ) for x from −8 to 8 in halves.
  private static let logistic: [Int] = [
    22, 36, 60, 98, 162, 267, 439, 720, 1179, 1921, 3108, 4971, 7812, 11955, 17625, 24743, 32768,
    40793, 47911, 53581, 57724, 60565, 62428, 63615, 64357, 64816, 65097, 65269, 65374, 65438,
    65476, 65500, 65514,
  ]

  private init() {
    for logit in 0..<4_096 {
      let (step, rest) = (logit >> 7, logit & 127)
      let value = Self.logistic[step] * (128 - rest) + Self.logistic[step + 1] * rest
      squash[logit] = UInt16((value + 64) >> 7)
    }
    probabilities = (0..<Self.logitCount).map { number in
      squash[min(max(Int(Int16(truncatingIfNeeded: number)), -2_048), 2_047) + 2_048]
    }
    for count in 0..<(Self.stateCount / Self.levelCount) { fill(count) }
  }

  /// The probability of a level plus 128.
  private func probability(_ level: Int) -> Int { Int(squash[16 * level]) }

  /// Makes the states in which so many bits were seen; the last stands for more, too.
  private mutating func fill(_ count: Int) {
    let rate = 655_360 / (10 * count + 14)
    var found = (0, 0)
    for level in 0..<Self.levelCount {
      let known = probability(level)
      let targets = (known - (known * rate) >> 16, known + ((65_535 - known) * rate) >> 16)
      found = (nearest(targets.0, from: found.0), nearest(targets.1, from: found.1))
      let low = found.0 == level ? max(level - 1, 0) : found.0
      let high = found.1 == level ? min(level + 1, Self.levelCount - 1) : found.1
      let (state, next) = (state(count, level), count + 1)
      successors[state] = UInt16(self.state(next, low))
      successors[Self.stateCount + state] = UInt16(self.state(next, high))
    }
  }

  /// The number of a state: levels are signed bytes.
  private func state(_ count: Int, _ level: Int) -> Int {
    min(count, Self.stateCount / Self.levelCount - 1) * Self.levelCount | (level ^ 128)
  }

  /// The level nearest to a probability, the lower of two, where it is not below `first`.
  private func nearest(_ target: Int, from first: Int) -> Int {
    var level = first
    while level + 1 < Self.levelCount,
      abs(probability(level + 1) - target) < abs(probability(level) - target)
    { level += 1 }
    return level
  }
}
