// SPDX-License-Identifier: Apache-2.0
//
// What is known of the contacts of a touch device (Specs/Adaptive.md, section 9).

/// The contacts before, and what each did last.
struct AdaptiveTouches {
  /// Contacts that are told apart; others share their statistics with one of these.
  static var contactCount: Int { 32 }

  var contacts: (Int32, Int32) = (0, 0)
  var lastPhase: Int32 = 1
  /// The first contact of the last report, and which one followed each.
  var first: Int32 = 0
  var following = [Int32](repeating: 0, count: 32)
  var phases = [Int32](repeating: 2, count: 32)
  var history: UInt64 = 0
  var time: Int64 = .min
}
