// SPDX-License-Identifier: Apache-2.0
//
// A group given away in parts.
//
// Invariant: `nextInKind` has for each batch, from its `starts` on, one number for each of its
// kinds.

import InputTapeCore

/// Hands over the events of a group, in its order, in parts of any size.
package struct GroupParts {
  private let group: EventGroup
  private var next = 0
  private var nextInBatch: [Int]
  private var starts: [Int] = []
  private var nextInKind: [Int]

  package init(_ group: EventGroup) {
    self.group = group
    nextInBatch = Array(repeating: 0, count: group.batches.count)
    var count = 0
    for batch in group.batches {
      starts.append(count)
      count += batch.columns.count
    }
    nextInKind = Array(repeating: 0, count: count)
  }

  /// How many events have not been handed over.
  package var count: Int { group.count - next }

  /// Adds the next events to another group.
  ///
  /// - Parameter count: how many, at most.
  /// - Precondition: the other group takes all of them.
  /// - Complexity: O(*n* + *b*) for *n* events of a group of *b* batches.
  package mutating func move(_ count: Int, to target: inout EventGroup) {
    let part = group.order[next..<min(next + count, group.count)]
    next = part.endIndex
    target.append(order: part, of: group)
    var counts = [Int](repeating: 0, count: group.batches.count)
    for batch in part { counts[Int(batch)] += 1 }
    for (index, batch) in group.batches.enumerated() where counts[index] > 0 {
      let range = nextInBatch[index]..<(nextInBatch[index] + counts[index])
      nextInBatch[index] = range.upperBound
      for (offset, columns) in batch.columns.enumerated() where columns.count > 0 {
        let isOnly = columns.count == batch.count
        let added = isOnly ? range.count : batch.kinds[range].count { $0 == columns.kind }
        let first = nextInKind[starts[index] + offset]
        nextInKind[starts[index] + offset] = first + added
        if added > 0 { target.append(columns, first..<(first + added), of: batch.track) }
      }
      target.append(batch, range)
    }
  }
}
