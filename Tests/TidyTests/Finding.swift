// SPDX-License-Identifier: Apache-2.0
//
// What a tidiness rule found, in the form that editors jump to.

/// A breach of a rule: where, and what.
struct Finding: Hashable, CustomStringConvertible {
  let path: String
  let line: Int
  let message: String

  var description: String { "\(path):\(line): \(message)" }
}
