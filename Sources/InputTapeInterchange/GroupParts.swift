// SPDX-License-Identifier: Apache-2.0
//
// A group given away in parts.

import InputTapeCore

/// Hands over the events of a group, in its order, in parts of any size.
package struct GroupParts {
  private let group: EventGroup
  private let places: [KindStretches]
  private var next = 0
  private var nextInBatch: [Int]

  package init(_ group: EventGroup) {
    self.group = group
    places = group.batches.map { KindStretches(of: $0, kinds: .all) }
    nextInBatch = Array(repeating: 0, count: group.batches.count)
  }

  /// How many events have not been handed over.
  package var count: Int { group.count - next }

  /// Adds the next events to another group.
  ///
  /// - Parameter count: how many, at most.
  /// - Precondition: the other group takes all of them.
  /// - Complexity: O(*n* + *b*) for *n* events and *b* batches of both groups.
  package mutating func move(_ count: Int, to target: inout EventGroup) {
    let part = group.order[next..<min(next + count, group.count)]
    next = part.endIndex
    var ends = nextInBatch
    for batch in part { ends[Int(batch)] += 1 }
    target.append(part, of: group, zip(nextInBatch, ends).map { $0..<$1 }, places)
    nextInBatch = ends
  }
}
