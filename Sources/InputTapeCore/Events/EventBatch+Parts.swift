// SPDX-License-Identifier: Apache-2.0
//
// Parts of batches, and what batches take.

extension EventBatch {
  /// A copy of some of the events, in no more memory than they need; columns of kinds that were not
  /// decoded stay without entries.
  package func part(_ range: Range<Int>) -> EventBatch {
    var result = EventBatch(track: track)
    // Added, not assigned: an array of all of another one's elements shares its memory, and keeps
    // what room that has.
    result.times.append(contentsOf: times[range])
    result.kinds.append(contentsOf: kinds[range])
    var starts = [Int](repeating: 0, count: columns.count)
    countKinds(in: 0..<range.lowerBound, into: &starts)
    var counts = [Int](repeating: 0, count: columns.count)
    countKinds(in: range, into: &counts)
    for (offset, column) in columns.enumerated() {
      var copy = KindColumns(kind: column.kind, layout: column.layout)
      if column.isDecoded {
        _ = copy.append(column, starts[offset]..<(starts[offset] + counts[offset]))
      } else {
        copy.count = counts[offset]
      }
      result.columns.append(copy)
    }
    return result
  }

  /// The kinds whose columns have entries for their events.
  @usableFromInline
  var decodedKinds: KindSet { KindSet(columns.lazy.filter(\.isDecoded).map(\.kind)) }

  /// The gaps among the events.
  ///
  /// - Complexity: O(gaps).
  package var gaps: [Gap] {
    guard let offset = columnOffset(of: .gap) else { return [] }
    return (0..<columns[offset].count).compactMap { index in
      guard case .gap(let gap) = columns[offset].body(at: index) else { return nil }
      return gap
    }
  }

  /// What the events take in memory.
  package var memoryByteCount: Int {
    columns.reduce(9 * count) { sum, column in
      let width = 4 * column.int32.count + 8 * column.int64.count + 4 * column.strings.count
      return column.strings.reduce(sum + column.count * width) { $0 + $1.bytes.count }
    }
  }

  /// Memory of the batch in which nothing stands: that of larger ones before.
  package var slackByteCount: Int {
    columns.reduce(8 * (times.capacity - count) + kinds.capacity - count) { sum, column in
      var sum = column.int32.reduce(sum) { $0 + 4 * ($1.capacity - $1.count) }
      sum = column.int64.reduce(sum) { $0 + 8 * ($1.capacity - $1.count) }
      return column.strings.reduce(sum) { $0 + $1.slackByteCount }
    }
  }
}

extension KindColumns {
  /// Whether there are entries for the events: those of kinds that were not asked for have none.
  fileprivate var isDecoded: Bool {
    int32.allSatisfy { $0.count == count } && int64.allSatisfy { $0.count == count }
      && strings.allSatisfy { $0.count == count }
  }
}
