// SPDX-License-Identifier: Apache-2.0
//
// Events of one track, column by column: what a section holds.
//
// Invariant: `times` and `kinds` have one entry an event; `columns` is sorted by kind and holds
// exactly the kinds that `kinds` names, each with as many entries as `kinds` names it.

/// Events of one track in the order they were appended, held column by column.
///
/// Event *i* has time `times[i]` and kind `kinds[i]`; its fields are the next entry of that kind's
/// columns. A value: it may cross threads.
public struct EventBatch: Hashable, Sendable {
  /// The track's number.
  public var track: TrackID
  /// Nanoseconds on the recording's clock, in append order; they may step back.
  public var times: [Int64]
  /// The kind of each event.
  public var kinds: [EventKind]
  /// The fields, for each kind present, sorted by kind.
  public var columns: [KindColumns]

  /// A batch without events.
  public init(track: TrackID) {
    self.track = track
    times = []
    kinds = []
    columns = []
  }

  /// The number of events.
  public var count: Int { times.count }

  /// The offset in `columns` of a kind, or nil where no event is of that kind.
  public func columnOffset(of kind: EventKind) -> Int? {
    columns.firstIndex { $0.kind == kind }
  }

  /// The columns of a kind, added where they are missing.
  ///
  /// - Returns: the offset in `columns`.
  /// - Precondition: all events of a kind in a batch have one layout.
  public mutating func ensureColumns(of kind: EventKind, layout: KindLayout) -> Int {
    if let offset = columnOffset(of: kind) {
      if columns[offset].layout == layout { return offset }
      precondition(columns[offset].count == 0, "All events of a kind in a batch have one layout")
      columns[offset] = KindColumns(kind: kind, layout: layout)
      return offset
    }
    let offset = columns.firstIndex { $0.kind > kind } ?? columns.count
    columns.insert(KindColumns(kind: kind, layout: layout), at: offset)
    return offset
  }

  /// Whether another batch's events can stand in this one: a kind that this version does not know
  /// may come with one layout here and with another there.
  package func accepts(_ other: EventBatch) -> Bool {
    other.columns.allSatisfy { columns in
      guard columns.count > 0, let offset = columnOffset(of: columns.kind) else { return true }
      return self.columns[offset].count == 0 || self.columns[offset].layout == columns.layout
    }
  }

  /// Removes all events and keeps the memory, the columns of kinds without events too.
  public mutating func removeAll() {
    times.removeAll(keepingCapacity: true)
    kinds.removeAll(keepingCapacity: true)
    for index in columns.indices { columns[index].removeAll() }
  }
}
