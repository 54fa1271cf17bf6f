// SPDX-License-Identifier: Apache-2.0
//
// Batches from a seed: every kind, extremes, unknown kinds, times that step back.

import InputTapeCore

/// A generator of numbers that gives the same ones for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

/// How the numbers of a column run.
private enum Shape: CaseIterable {
  case constant, walk, smooth, noise, extremes, rare, missing
}

/// Makes a batch of some kinds, each column of a shape of its own.
func randomBatch(
  count: Int, kinds: [EventKind], using rng: inout SeededGenerator
) -> EventBatch {
  var batch = EventBatch(track: TrackID(rawValue: 3))
  for _ in 0..<count { batch.kinds.append(kinds.randomElement(using: &rng) ?? .motion) }
  batch.times = randomColumn(count: count, using: &rng)
  for kind in Set(batch.kinds).sorted() {
    let layout = kind.layout ?? KindLayout(int32: 1, int64: 2, strings: 1)
    var columns = KindColumns(kind: kind, layout: layout)
    columns.count = batch.kinds.count { $0 == kind }
    for index in columns.int32.indices {
      columns.int32[index] = randomColumn(count: columns.count, using: &rng)
    }
    for index in columns.int64.indices {
      columns.int64[index] = randomColumn(count: columns.count, using: &rng)
    }
    for index in columns.strings.indices {
      for _ in 0..<columns.count {
        let length = Int.random(in: 0...(Bool.random(using: &rng) ? 3 : 40), using: &rng)
        columns.strings[index].append(
          (0..<length).map { _ in UInt8.random(in: 97...105, using: &rng) })
      }
    }
    batch.columns.append(columns)
  }
  return batch
}

/// Makes a column of a random shape.
func randomColumn<T: FixedWidthInteger & SignedInteger>(
  count: Int, using rng: inout SeededGenerator
) -> [T] {
  let shape = Shape.allCases.randomElement(using: &rng) ?? .walk
  let scale = T(1) << T.random(in: 0...T(T.bitWidth - 2), using: &rng)
  var value = T.random(in: .min ... .max, using: &rng)
  var velocity: T = 0
  return (0..<count).map { _ in
    switch shape {
    case .constant: break
    case .walk: value &+= T.random(in: -3...12, using: &rng) &* scale
    case .smooth:
      velocity &+= T.random(in: -1...1, using: &rng)
      value &+= velocity
    case .noise: value = T.random(in: 0...scale, using: &rng)
    case .extremes: value = [T.min, .max, 0, -1, 1].randomElement(using: &rng) ?? 0
    case .rare: if UInt8.random(in: 0...99, using: &rng) == 0 { value &+= 1 }
    case .missing: value = T.random(in: 0...3, using: &rng) == 0 ? 5 : .min
    }
    return value
  }
}
