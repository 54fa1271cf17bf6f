// SPDX-License-Identifier: Apache-2.0
//
// What a decision is about (Specs/Adaptive.md, section 4): each field has statistics of its own.

/// The fields that the adaptive coder tells apart.
enum AdaptiveField: Int {
  case kind
  case tie
  case tickCount
  case tickRest
  case difference
  case keyDifference
  case motionX
  case motionY
  case rawX
  case rawY
  case touchX
  case touchY
  case keyState
  case keyCode
  case keyHeld
  case buttonState
  case buttonCode
  case buttonHeld
  case contact
  case phase
  case scalar
  case flags
  case text
  case wide

  /// The field whose sets of weights it has: both axes of a pair have the same.
  @inline(__always)
  var withSets: Int { rawValue &- (0b1010_1000_0000 &>> rawValue) & 1 }
}
