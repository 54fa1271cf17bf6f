// SPDX-License-Identifier: Apache-2.0
//
// An axis as contexts see it (Specs/Adaptive.md, section 7).

/// What is known of an axis, turned so that it moved in the positive direction: what is to the
/// left and above is as what is to the right and below, and statistics of both are one.
struct AdaptiveView {
  private let isTurned: Bool
  let velocities: (Int32, Int32)
  let velocity: Int32
  let adapted: Int32
  /// The quarters of a unit that were rounded off an adapted prediction.
  let fraction: Int
  let rest: Int32
  /// The size of the quick average of errors, in halves.
  let quick: Int
  /// The size of the average error of the prediction, in halves.
  let level: Int

  @inline(__always)
  init(_ state: AdaptiveAxis, _ prediction: AdaptivePrediction) {
    let (last, before) = state.velocities
    let mask = (last == 0 ? before : last) >> 31
    isTurned = mask != 0
    velocities = (Self.turned(last, mask), Self.turned(before, mask))
    velocity = Self.turned(prediction.velocity, mask)
    adapted = Self.turned(prediction.adapted, mask)
    let quarters = (isTurned ? 0 &- prediction.adapted16 : prediction.adapted16) >> 2
    fraction = prediction.choice == 2 ? quarters & 3 : 0
    rest = Self.turned(state.rest, mask)
    quick = halfBitSize(state.quickError)
    level = halfBitSize(prediction.error)
  }

  /// The number, negated where all bits of the mask are set. Numbers are modulo 2³².
  @inline(__always)
  private static func turned(_ value: Int32, _ mask: Int32) -> Int32 { (value ^ mask) &- mask }

  /// A number of the axis as contexts see it, or the other way round.
  @inline(__always)
  func turned(_ value: Int32) -> Int32 { Self.turned(value, isTurned ? -1 : 0) }
}
