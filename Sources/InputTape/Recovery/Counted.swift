// SPDX-License-Identifier: Apache-2.0
//
// How many there are of something, for people.

/// Sentences with numbers.
package enum Counted {
  /// "1 block", "2 blocks".
  package static func words(_ count: some BinaryInteger, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}
