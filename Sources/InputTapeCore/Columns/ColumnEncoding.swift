// SPDX-License-Identifier: Apache-2.0
//
// The registry of encodings of integer columns (Specs/Encodings.md, section 4).

/// How a column of integers is encoded.
enum ColumnEncoding: UInt8 {
  /// One value for all.
  case constant = 0
  /// Tokens of the values.
  case values = 1
  /// Tokens of the differences.
  case differences = 2
  /// Tokens of the differences of the differences.
  case secondDifferences = 3
  /// Values and how often each is repeated.
  case runs = 4
}
