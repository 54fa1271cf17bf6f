// SPDX-License-Identifier: Apache-2.0
//
// The last changes of velocities along axes, and what each weighs for the next (Specs/Adaptive.md,
// section 7).
//
// Invariant: windows of changes and weights lie within the table.

import CInputTapePlatform

/// A table of changes and weights: so many entries for each axis.
struct AdaptiveTaps: ~Copyable {
  private let entries = MaskedTable<13, Int32>(repeating: 0)
  private let isWide: Bool

  init(isWide: Bool = WideLoops.areThere) { self.isWide = isWide }

  @inline(__always)
  subscript(index: Int) -> Int32 {
    get { entries[index] }
    nonmutating set { entries[index] = newValue }
  }

  /// Where as many entries as an axis has changes begin.
  @inline(__always)
  private func window(_ first: Int) -> UnsafeMutablePointer<Int32> {
    unsafe entries.window(first, count: AdaptiveAxis.order)
  }

  /// The sum of the products of changes and weights.
  @inline(__always)
  func sum(changes: Int, weights: Int) -> Int {
    let (changes, weights) = unsafe (window(changes), window(weights))
    // Safe: both are windows.
    if isWide { return unsafe Int(itape_sum_taps(changes, weights)) }
    var sum = 0
    for index in 0..<AdaptiveAxis.order {
      sum &+= unsafe Int(changes[index]) &* Int(weights[index])
    }
    return sum
  }

  /// Adds to weights a part of the changes: weights are modulo 2³².
  @inline(__always)
  func learn(changes: Int, weights: Int, gain: Int32) {
    let (changes, weights) = unsafe (window(changes), window(weights))
    // Safe: both are windows.
    if isWide { return unsafe itape_learn_taps(changes, weights, gain) }
    for index in 0..<AdaptiveAxis.order {
      unsafe weights[index] &+= (gain &* changes[index]) >> 12
    }
  }
}
