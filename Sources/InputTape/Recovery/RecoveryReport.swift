// SPDX-License-Identifier: Apache-2.0
//
// What a recovery found, and what it wrote.

import InputTapeCore

/// What became of a recording that was recovered.
public struct RecoveryReport: Hashable, Sendable {
  /// What the input lacks: damage, a torn end, segments, its last record.
  public var status = ReadStatus()
  /// Events that were found and written, gaps of the input among them.
  public var eventCount = 0
  /// Gaps that stand for what is missing.
  public var addedGapCount = 0
  /// Events that headers counted and that could not be read; more may be missing.
  public var lostEventCount = 0
  /// Bytes of the new recording.
  public var byteCount: UInt64 = 0

  public init() {}

  /// Nothing was missing.
  public var isWhole: Bool { status.isComplete }
}
