// SPDX-License-Identifier: Apache-2.0
//
// Whether two passes over a recording have seen the same events.

import InputTapeCore

/// Hashes the events of each track in their order; comparable within this process.
struct EventDigest {
  private var hashers: [TrackID: Hasher] = [:]
  private(set) var eventCount = 0

  mutating func add(_ event: Event) {
    hashers[event.track, default: Hasher()].combine(event)
    eventCount += 1
  }

  mutating func add(_ batch: EventBatch) {
    var hasher = hashers[batch.track] ?? Hasher()
    batch.forEachEvent { hasher.combine($0) }
    if batch.count > 0 { hashers[batch.track] = hasher }
    eventCount += batch.count
  }

  /// Whether another digest is of the same events.
  func isSame(as other: EventDigest) -> Bool {
    eventCount == other.eventCount
      && hashers.mapValues { $0.finalize() } == other.hashers.mapValues { $0.finalize() }
  }
}
