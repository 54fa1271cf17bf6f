// SPDX-License-Identifier: Apache-2.0
//
// Where each event of a batch has its fields.

/// For each event of a batch, which entry of its kind's columns it is.
package struct EventPlaces: Sendable {
  /// Empty where all events are of one kind: then it is the event's own index.
  private var places: [UInt32] = []

  /// - Complexity: O(events), constant where all are of one kind.
  package init(of batch: EventBatch) {
    guard !batch.columns.contains(where: { $0.count == batch.count }) else { return }
    places = Array(repeating: 0, count: batch.count)
    var next = [UInt32](repeating: 0, count: 256)
    let kinds = batch.kinds.span
    var target = places.mutableSpan
    for index in 0..<target.count {
      let kind = Int(kinds[index].rawValue)
      target[index] = next[kind]
      next[kind] &+= 1
    }
  }

  package var memoryByteCount: Int { 4 * places.count }

  package subscript(index: Int) -> Int { places.isEmpty ? index : Int(places[index]) }
}
