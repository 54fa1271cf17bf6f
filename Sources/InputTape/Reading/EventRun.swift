// SPDX-License-Identifier: Apache-2.0
//
// Events that follow one another in a recording's order and stand side by side in one batch.

import InputTapeCore

/// Events of one track, and where they go over from one kind to another.
@usableFromInline
struct SectionEvents: Sendable {
  @usableFromInline let batch: EventBatch
  @usableFromInline let stretches: KindStretches

  /// - Parameter kinds: of which events are asked for.
  init(_ batch: EventBatch, kinds: KindSet) {
    self.batch = batch
    stretches = KindStretches(of: batch, kinds: kinds)
  }
}

/// A section that has been decoded, or a window of it.
@usableFromInline
final class LoadedSection: Sendable {
  @usableFromInline let events: SectionEvents
  /// What the events take.
  let memoryByteCount: Int
  /// Room beside that in the batch's memory, which was used before.
  let slackByteCount: Int

  init(_ events: SectionEvents) {
    self.events = events
    memoryByteCount = events.batch.memoryByteCount + events.stretches.memoryByteCount
    slackByteCount = events.batch.slackByteCount
  }
}

/// Consecutive events of one batch.
public struct EventRun: Sendable {
  @usableFromInline let section: LoadedSection
  /// Which of the batch's events.
  public let range: Range<Int>
  /// The stretch in which `range` begins.
  @usableFromInline let firstStretch: Int
  /// The kinds that were asked for; a run may hold events of others, which are to be passed over.
  public let kinds: KindSet

  init(_ section: LoadedSection, _ run: MergedRun, kinds: KindSet) {
    self.section = section
    range = run.range
    firstStretch = Int(run.stretch)
    self.kinds = kinds
  }

  /// The batch in which the events stand: only those of `range` are the run's. Columns of kinds
  /// that were not asked for are empty.
  public var batch: EventBatch { section.events.batch }

  /// Where the batch's events go over from one kind to another.
  package var stretches: KindStretches { section.events.stretches }

  /// Which entry of its kind's columns an event of the batch is.
  ///
  /// - Complexity: O(log *n*), where *n* is how often the batch goes over from one kind to another.
  public func place(ofEvent index: Int) -> Int { section.events.stretches[index] }

  /// Calls `body` with each event that was asked for.
  @inlinable @inline(__always)
  public func forEachEvent<E: Error>(_ body: (Event) throws(E) -> Void) throws(E) {
    try section.events.batch.forEachEvent(
      in: range, of: section.events.stretches, from: firstStretch, body)
  }
}
