// SPDX-License-Identifier: Apache-2.0
//
// Random numbers that are the same for the same seed.

import InputTape

/// SplitMix64: a generator for tests, whose every run can be repeated.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}

/// Bytes that are the same for the same seed, whoever asks.
public struct SeededRandomSource: RandomSource {
  private let seed: UInt64

  public init(seed: UInt64) { self.seed = seed }

  public func bytes(count: Int) -> [UInt8] {
    var generator = SeededRandom(seed: seed)
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }
}
