// SPDX-License-Identifier: Apache-2.0
//
// Columns of numbers from a seed: each shape that an encoding is made for, and none.

import InputTape
import InputTapeTestKit

extension SeededRandom {
  /// A number from 0 to `limit` less 1.
  ///
  /// The standard library's random numbers may change with its version; these do not.
  mutating func number(below limit: Int) -> Int { Int(next() % UInt64(limit)) }

  mutating func element<T>(_ choices: [T]) -> T { choices[number(below: choices.count)] }

  mutating func isOne(in count: Int) -> Bool { number(below: count) == 0 }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }
}

/// How the numbers of a column run.
enum NumberShape: CaseIterable {
  case constant, walk, smooth, noise, extremes, rare, missing, steps, small, decimal

  /// Makes a column.
  func column<T: FixedWidthInteger & SignedInteger>(
    _ count: Int, using rng: inout SeededRandom
  ) -> [T] {
    let scale = T(1) << T(rng.number(below: T.bitWidth - 1))
    var value = T(truncatingIfNeeded: rng.next()) / (rng.isOne(in: 2) ? 1 : 1_000)
    var velocity: T = 0
    return (0..<count).map { index in
      switch self {
      case .constant: break
      case .walk: value &+= T(rng.number(below: 16) - 3) &* scale
      case .smooth:
        velocity &+= T(rng.number(below: 3) - 1)
        value &+= velocity
      case .noise: value = T(truncatingIfNeeded: rng.next()) & (scale &- 1)
      case .extremes: value = rng.element([.min, .max, 0, -1, 1])
      case .rare: if rng.isOne(in: 100) { value &+= 1 }
      case .missing: value = rng.isOne(in: 4) ? 5 : .min
      case .steps: value = T(index / 7 % 5)
      case .small: value = T(min(rng.number(below: 12), rng.number(below: 12)))
      case .decimal: value &+= T(rng.number(below: 90)) &* 100
      }
      return value
    }
  }
}
