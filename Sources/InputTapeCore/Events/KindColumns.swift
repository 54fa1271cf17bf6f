// SPDX-License-Identifier: Apache-2.0
//
// The fields of all events of one kind in a batch, column by column.

/// The fields of the events of one kind, in the order of the events.
///
/// Every column has `count` entries. A field that the source did not report is
/// `KindColumns.notReported`.
public struct KindColumns: Hashable, Sendable {
  public var kind: EventKind
  public var count: Int
  public var int32: [[Int32]]
  public var int64: [[Int64]]
  public var strings: [StringColumn]

  /// Stands in an Int32 column for a field that the source did not report.
  public static let notReported = Int32.min

  /// Columns without events.
  public init(kind: EventKind, layout: KindLayout) {
    self.kind = kind
    count = 0
    int32 = Array(repeating: [], count: layout.int32)
    int64 = Array(repeating: [], count: layout.int64)
    strings = Array(repeating: StringColumn(), count: layout.strings)
  }

  /// The number of columns of each type.
  public var layout: KindLayout {
    KindLayout(int32: int32.count, int64: int64.count, strings: strings.count)
  }

  /// Removes all events and keeps the memory.
  public mutating func removeAll() {
    count = 0
    for index in int32.indices { int32[index].removeAll(keepingCapacity: true) }
    for index in int64.indices { int64[index].removeAll(keepingCapacity: true) }
    for index in strings.indices { strings[index].removeAll() }
  }
}
