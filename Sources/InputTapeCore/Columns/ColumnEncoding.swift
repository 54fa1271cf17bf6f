// SPDX-License-Identifier: Apache-2.0
//
// The registry of encodings of integer columns (Specs/Encodings.md, section 5).

/// How a column of integers is encoded: the low seven bits of its first byte. The high bit says
/// that no residual is negative.
enum ColumnEncoding: UInt8 {
  /// One value for all.
  case constant = 0
  /// The values.
  case values = 1
  /// The differences of neighbours.
  case differences = 2
  /// The differences of the differences.
  case secondDifferences = 3
  /// Values and how often each is repeated.
  case runs = 4
  /// Values of 0 to 3, four in a token.
  case packed = 5

  static let unsignedFlag: UInt8 = 0x80
}

/// What integer columns are made of.
protocol ColumnInteger: FixedWidthInteger, SignedInteger, BitwiseCopyable, Codable, SIMDScalar {
  /// Whether numbers of more than 32 bits may come.
  static var isWide: Bool { get }
  /// How many entries of a column are not the one before, and all joined by "or".
  static func facts(of column: Span<Self>) -> (changeCount: Int, union: Self)
}

extension Int32: ColumnInteger {
  static var isWide: Bool { false }
  static func facts(of column: Span<Int32>) -> (changeCount: Int, union: Int32) { column.facts() }
}

extension Int64: ColumnInteger {
  static var isWide: Bool { true }
  static func facts(of column: Span<Int64>) -> (changeCount: Int, union: Int64) {
    (column.changeCount, column.union)
  }
}
