// SPDX-License-Identifier: Apache-2.0
//
// The events of one stretch of time, before they are encoded.

/// What one block holds, before it is encoded.
package struct BlockDraft: Sendable {
  /// The events, one batch a track, sorted by track; none is empty.
  package var batches: [EventBatch] = []
  /// Tracks whose batches share their memory with whoever brought them.
  package var sharedTracks: Set<TrackID> = []
  /// Tracks whose batches were given, in exchange for others.
  package var givenTracks: Set<TrackID> = []

  package init() {}

  package var eventCount: Int { batches.reduce(0) { $0 + $1.count } }

  /// The events of the block before.
  package var eventCountBefore = 0

  /// What its sections are read with: the events of this block or of the one before, where those
  /// are more.
  package var neighbourCount: Int { max(eventCount, eventCountBefore) }
}
