// SPDX-License-Identifier: Apache-2.0
//
// What is known of the contacts of a touch device (Specs/Adaptive.md, section 9).

/// The contacts before, and what each did last.
struct AdaptiveTouches: ~Copyable {
  /// Contacts that are told apart; others share their statistics with one of these.
  static var contactCount: Int { 32 }

  var contacts: (Int32, Int32) = (0, 0)
  var lastPhase: Int32 = 1
  /// The first contact of the last report.
  var first: Int32 = 0
  /// Which contact followed each.
  let following = MaskedTable<5, Int32>(repeating: 0)
  /// The last phase of each contact.
  let phases = MaskedTable<5, Int32>(repeating: 2)
  /// The last contacts and phases, 4 bits each.
  var history: UInt64 = 0

  mutating func reset() {
    contacts = (0, 0)
    lastPhase = 1
    first = 0
    history = 0
    following.fill(following.count, with: 0)
    phases.fill(phases.count, with: 2)
  }
}
