// SPDX-License-Identifier: Apache-2.0
//
// The fixed tables of the adaptive coder (Specs/Adaptive.md, section 3).

/// Tables that turn probabilities into logits and back, and counts into rates.
struct AdaptiveTables: ~Copyable {
  /// Logits in 256ths, by probability in 4,096ths.
  let stretch = MaskedTable<12, Int16>(repeating: 0)
  /// Probabilities in 65,536ths, by logit in 256ths plus 2,048.
  let squash = MaskedTable<12, UInt16>(repeating: 0)
  /// How far a probability moves, in 65,536ths, by the count of what was seen.
  let rate = MaskedTable<6, Int32>(repeating: 0)

  /// 65,536 / (1 + e⁻ˣ) for x from −8 to 8 in halves.
  private static let logistic: [Int] = [
    22, 36, 60, 98, 162, 267, 439, 720, 1179, 1921, 3108, 4971, 7812, 11955, 17625, 24743, 32768,
    40793, 47911, 53581, 57724, 60565, 62428, 63615, 64357, 64816, 65097, 65269, 65374, 65438,
    65476, 65500, 65514,
  ]

  init() {
    for logit in 0..<4_096 {
      let (step, rest) = (logit >> 7, logit & 127)
      let value = Self.logistic[step] * (128 - rest) + Self.logistic[step + 1] * rest
      squash[logit] = UInt16((value + 64) >> 7)
    }
    var logit = 1
    for probability in 0..<4_096 {
      while logit < 4_095, Int(squash[logit]) < probability * 16 + 8 { logit += 1 }
      stretch[probability] = Int16(logit - 2_048)
    }
    for count in 0..<64 {
      rate[count] = Int32(655_360 / (10 * count + 16))
    }
  }
}
