// SPDX-License-Identifier: Apache-2.0
//
// A clock that tests can set.

/// Says what time it is, for what happens on time: flushes, syncs, new segments, another attempt.
public protocol RecordingClock: Sendable {
  /// Nanoseconds since some fixed moment; never less than before.
  func now() -> Int64
}
