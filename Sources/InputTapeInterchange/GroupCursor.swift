// SPDX-License-Identifier: Apache-2.0
//
// A walk through a group's events in order, without a value for each event.

import InputTapeCore

/// Where the next event of each batch of a group, and of each kind in it, stands.
struct GroupCursor {
  /// For each batch the index of its next event.
  private var nextInBatch: [Int]
  /// For each batch where its kinds start in `nextInKind`.
  private var starts: [Int] = []
  /// For each batch and each of its kinds the index of the kind's next event.
  private var nextInKind: [Int]

  /// Where an event's parts are.
  struct Place {
    /// The offset of the event's batch.
    var batch: Int
    /// The index of the event in the batch.
    var index: Int
    /// The offset in the batch's `columns` of the event's kind.
    var columns: Int
    /// The index of the event in those columns.
    var indexInKind: Int
  }

  init(_ group: EventGroup) {
    nextInBatch = Array(repeating: 0, count: group.batches.count)
    var count = 0
    for batch in group.batches {
      starts.append(count)
      count += batch.columns.count
    }
    nextInKind = Array(repeating: 0, count: count)
  }

  /// The next event of a batch, which moves on.
  @inline(__always)
  mutating func next(in group: EventGroup, batch: Int) -> Place {
    let index = nextInBatch[batch]
    nextInBatch[batch] = index &+ 1
    let kind = group.batches[batch].kinds[index]
    var columns = 0
    while group.batches[batch].columns[columns].kind != kind { columns &+= 1 }
    let counter = starts[batch] &+ columns
    let indexInKind = nextInKind[counter]
    nextInKind[counter] = indexInKind &+ 1
    return Place(batch: batch, index: index, columns: columns, indexInKind: indexInKind)
  }
}
