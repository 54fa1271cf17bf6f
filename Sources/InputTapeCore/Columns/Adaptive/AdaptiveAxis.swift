// SPDX-License-Identifier: Apache-2.0
//
// What is known of the motion along one axis (Specs/Adaptive.md, section 7).

import CInputTapePlatform

/// The last velocities along an axis, and how well each prediction of them did.
struct AdaptiveAxis {
  /// Pairs of axes: motion, raw motion, pen, and one for each contact.
  static var pairCount: Int { 3 + AdaptiveTouches.contactCount }
  /// Entries of an axis in the table of taps: 64 of changes, 25 of weights.
  static var tapCount: Int { 96 }
  /// The taps of an axis's own changes.
  static var order: Int { Int(ITAPE_TAP_COUNT) }

  /// The last coordinate, for positions.
  var position: Int32 = 0
  /// Whether there was one.
  var isPlaced = false
  var velocities: (Int32, Int32) = (0, 0)
  /// What was left of the last velocity when it was predicted.
  var rest: Int32 = 0
  /// Averages of the errors of no motion, the last velocity, the adapted one; in 16ths.
  var errors: (Int32, Int32, Int32) = (64, 64, 64)
  /// A quick average of the error, in 16ths.
  var quickError: Int32 = 32
  /// The sum of the squares of the last changes.
  var energy = 0
  /// How often the weights have learnt.
  var learnt = 0
  /// Where the last change stands in the table of taps; 0 before the first use.
  var newest = 0
}

/// A prediction of a velocity.
struct AdaptivePrediction {
  var velocity: Int32 = 0
  /// The last velocity, times a factor where there is one.
  var last: Int32 = 0
  /// Where the factor stands.
  var factor: Int?
  /// The adapted prediction, in 16ths and rounded.
  var adapted16 = 0
  var adapted: Int32 = 0
  /// Which prediction it is: 0 none, 1 the last velocity, 2 adapted.
  var choice = 0
  var error: Int32
}
