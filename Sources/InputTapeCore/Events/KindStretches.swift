// SPDX-License-Identifier: Apache-2.0
//
// Where a batch goes over from events of one kind to events of another: to walk over it, nothing
// more need be known of each event.
//
// Invariant: the stretches follow one another from the first event on. They end before the first
// event whose kind has no columns; there is none in a batch as it must be.

/// Consecutive events of one kind.
@usableFromInline
package struct KindStretch: Sendable {
  /// How events are made of their fields.
  @usableFromInline
  enum Form: UInt8, Sendable {
    case motion, rawMotion, button, key, axis, scroll, touch, pen, other
    /// Of a kind that is not asked for.
    case passedOver
  }

  /// The first event, and the one behind the last.
  @usableFromInline package let start: UInt32
  @usableFromInline package let end: UInt32
  /// Which entry of its kind's columns the first event is.
  @usableFromInline let place: UInt32
  /// The columns' offset in the batch.
  @usableFromInline let column: UInt16
  @usableFromInline let form: Form

  /// Whether its kind is asked for.
  package var isWanted: Bool { form != .passedOver }

  /// Which entries of their kind's columns some of the stretch's events are.
  @inlinable
  package func places(of events: Range<Int>) -> Range<Int> {
    // All are numbers of 32 bits.
    let first = Int(place) &+ events.lowerBound &- Int(start)
    return first..<(first &+ events.count)
  }
}

/// The stretches of all events of a batch.
@usableFromInline
package struct KindStretches: Sendable {
  @usableFromInline
  package private(set) var list: [KindStretch] = []

  /// - Complexity: O(events), constant where all are of one kind.
  /// - Precondition: the batch has fewer than 2³² events.
  @usableFromInline
  package init(of batch: EventBatch, kinds wanted: KindSet) {
    let count = UInt32(batch.count)
    guard count > 0 else { return }
    var columns = Columns(batch, kinds: wanted)
    if let only = batch.columns.firstIndex(where: { $0.count == batch.count }) {
      list = [columns.stretch(of: batch.columns[only].kind, 0, count)].compactMap(\.self)
      return
    }
    let kinds = batch.kinds.span
    let changes = kinds.changes
    list.reserveCapacity(changes.reduce(0) { $0 + $1.nonzeroBitCount })
    var start: UInt32 = 0
    for (index, word) in changes.enumerated() {
      var bits = word
      while bits != 0 {
        let end = UInt32(64 * index + bits.trailingZeroBitCount)
        bits &= bits &- 1
        guard end > 0 else { continue }
        guard let next = columns.stretch(of: kinds[Int(start)], start, end) else { return }
        list.append(next)
        start = end
      }
    }
    if let last = columns.stretch(of: kinds[Int(start)], start, count) { list.append(last) }
  }

  package var memoryByteCount: Int { MemoryLayout<KindStretch>.stride * list.count }

  /// The stretch that an event is in.
  ///
  /// - Complexity: O(log stretches).
  @usableFromInline
  package func index(ofEvent event: Int) -> Int {
    var (low, high) = (0, list.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(list[middle].end) <= event { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The stretch that an event is in, where it is known that none before `start` is it.
  @inlinable
  package func index(ofEvent event: Int, from start: Int) -> Int {
    var index = start
    while index &+ 1 < list.count, Int(list[index].end) <= event { index &+= 1 }
    return index
  }

  /// Which entry of its kind's columns an event is.
  ///
  /// - Complexity: O(log stretches).
  package subscript(event: Int) -> Int {
    let stretch = list[index(ofEvent: event)]
    return Int(stretch.place) + event - Int(stretch.start)
  }
}

extension KindStretches {
  /// What the next stretch of each kind needs to know.
  private struct Columns {
    private struct Entry {
      var column = UInt16.max
      var form = KindStretch.Form.passedOver
      var place: UInt32 = 0
    }

    /// By the numbers of the kinds.
    private var entries: [Entry] = []

    init(_ batch: EventBatch, kinds wanted: KindSet) {
      let most = batch.columns.lazy.map(\.kind.rawValue).max() ?? 0
      entries = Array(repeating: Entry(), count: Int(most) + 1)
      for (offset, column) in batch.columns.enumerated().reversed() {
        entries[Int(column.kind.rawValue)] = Entry(
          column: UInt16(offset),
          form: wanted.contains(column.kind) ? KindStretch.Form(column.kind) : .passedOver)
      }
    }

    /// The next stretch of a kind; nil where that has no columns.
    mutating func stretch(
      of kind: EventKind, _ start: UInt32, _ end: UInt32
    ) -> KindStretch? {
      let index = Int(kind.rawValue)
      guard index < entries.count, entries[index].column < .max else { return nil }
      let entry = entries[index]
      entries[index].place += end - start
      return KindStretch(
        start: start, end: end, place: entry.place, column: entry.column, form: entry.form)
    }
  }
}

extension KindStretch.Form {
  fileprivate init(_ kind: EventKind) {
    self =
      switch kind {
      case .motion: .motion
      case .rawMotion: .rawMotion
      case .button: .button
      case .key: .key
      case .axis: .axis
      case .scroll: .scroll
      case .touch: .touch
      case .pen: .pen
      default: .other
      }
  }
}
