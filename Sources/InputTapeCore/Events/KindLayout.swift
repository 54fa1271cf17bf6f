// SPDX-License-Identifier: Apache-2.0
//
// How many columns of each type a kind has (Specs/Registry.md, section 1).

/// The number of columns of each type that the events of one kind have.
///
/// Columns are numbered within their type, in the order of the registry's fields.
@frozen
public struct KindLayout: Hashable, Sendable {
  /// Columns of Int32.
  public var int32: Int
  /// Columns of Int64.
  public var int64: Int
  /// Columns of byte strings.
  public var strings: Int

  @inlinable
  public init(int32: Int = 0, int64: Int = 0, strings: Int = 0) {
    self.int32 = int32
    self.int64 = int64
    self.strings = strings
  }
}
