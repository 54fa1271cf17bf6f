// SPDX-License-Identifier: Apache-2.0
//
// Events that follow one another in a recording's order and stand side by side in one batch.

import InputTapeCore

/// Consecutive events of one batch.
public struct EventRun: Sendable {
  /// The batch; columns of kinds that were not asked for are empty.
  public let batch: EventBatch
  /// Which of its events.
  public let range: Range<Int>
  /// For each entry of `batch.columns`: how many events of that kind come before the run.
  public let kindStarts: [Int]
  /// The kinds that were asked for; a run may hold events of others, which are to be passed over.
  public let kinds: KindSet

  /// Calls `body` with each event that was asked for.
  public func forEachEvent<E: Error>(_ body: (Event) throws(E) -> Void) throws(E) {
    try batch.forEachEvent(in: range, kindStarts: kindStarts, kinds: kinds, body)
  }
}
