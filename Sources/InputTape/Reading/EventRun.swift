// SPDX-License-Identifier: Apache-2.0
//
// Events that follow one another in a recording's order and stand side by side in one batch.

import InputTapeCore

/// A section that has been decoded, or a window of it.
@usableFromInline
final class LoadedSection: Sendable {
  @usableFromInline let batch: EventBatch
  @usableFromInline let places: EventPlaces
  /// What the events take.
  let memoryByteCount: Int
  /// Room beside that in the batch's memory, which was used before.
  let slackByteCount: Int

  init(_ batch: EventBatch) {
    self.batch = batch
    places = EventPlaces(of: batch)
    let byteCount = batch.memoryByteCount
    memoryByteCount = byteCount + places.memoryByteCount
    slackByteCount = batch.slackByteCount
  }
}

/// Consecutive events of one batch.
public struct EventRun: Sendable {
  @usableFromInline let section: LoadedSection
  /// Which of the batch's events.
  public let range: Range<Int>
  /// The kinds that were asked for; a run may hold events of others, which are to be passed over.
  public let kinds: KindSet

  /// The batch in which the events stand: only those of `range` are the run's. Columns of kinds
  /// that were not asked for are empty.
  public var batch: EventBatch { section.batch }

  /// For each event of the batch, which entry of its kind's columns it is.
  package var places: EventPlaces { section.places }

  /// Which entry of its kind's columns an event of the batch is.
  public func place(ofEvent index: Int) -> Int { section.places[index] }

  /// Calls `body` with each event that was asked for.
  @inlinable @inline(__always)
  public func forEachEvent<E: Error>(_ body: (Event) throws(E) -> Void) throws(E) {
    try section.batch.forEachEvent(in: range, places: section.places, kinds: kinds, body)
  }
}
