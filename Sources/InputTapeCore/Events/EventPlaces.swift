// SPDX-License-Identifier: Apache-2.0
//
// Where each event of a batch has its fields.

/// For each event of a batch, which entry of its kind's columns it is.
@usableFromInline
package struct EventPlaces: Sendable {
  /// Empty where all events are of one kind: then it is the event's own index.
  @usableFromInline
  var places: [UInt32] = []

  /// - Complexity: O(events), constant where all are of one kind.
  @usableFromInline
  package init(of batch: EventBatch) {
    guard !batch.columns.contains(where: { $0.count == batch.count }) else { return }
    places = Array(repeating: 0, count: batch.count)
    var next = [UInt32](repeating: 0, count: 256)
    let kinds = batch.kinds.span
    var target = places.mutableSpan
    var start = 0
    while start < target.count {
      let (kind, end) = (Int(kinds[start].rawValue), kinds.endOfKind(from: start))
      var place = next[kind]
      for index in start..<end {
        target[index] = place
        place &+= 1
      }
      next[kind] = place
      start = end
    }
  }

  package var memoryByteCount: Int { 4 * places.count }

  @inlinable
  package subscript(index: Int) -> Int { places.isEmpty ? index : Int(places[index]) }
}
