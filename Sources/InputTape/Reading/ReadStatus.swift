// SPDX-License-Identifier: Apache-2.0
//
// What a reader has to say of a recording besides its events.

import InputTapeCore

/// Whether a recording is whole, and what of it is missing.
public struct ReadStatus: Hashable, Sendable {
  /// The recording was closed: its last record says that it is the last.
  public var isClosed = false
  /// The file header was destroyed; a copy of it served.
  public var isHeaderRebuilt = false
  /// The recording was opened by its index, not by a scan.
  public var usedIndex = false
  /// Bytes at the end that are no whole record, as a process leaves them that is killed.
  public var tornByteCount: UInt64 = 0
  /// What may have been in the torn end: from which record and which time on.
  public var tail: Loss?
  /// Damage found so far, in the order of the file.
  public var losses: [Loss] = []
  /// Segments that the recording goes on in, and that are not there.
  public var missingSegments: [UInt64] = []

  public init() {}

  /// Closed, and nothing is missing.
  public var isComplete: Bool {
    isClosed && losses.isEmpty && tornByteCount == 0 && !isHeaderRebuilt
      && missingSegments.isEmpty
  }

  /// One word: `complete`, `damaged`, `torn`, `headerRebuilt` or `notClosed`.
  public var name: String {
    if !losses.isEmpty || !missingSegments.isEmpty { return "damaged" }
    if tornByteCount > 0 { return "torn" }
    if isHeaderRebuilt { return "headerRebuilt" }
    return isClosed ? "complete" : "notClosed"
  }

  /// What a strict reader stops at; nil where the recording is whole.
  func firstProblem(at end: UInt64) -> FormatError? {
    if let loss = losses.first { return loss.error }
    if isComplete { return nil }
    return FormatError(.truncated, at: end - min(tornByteCount, end))
  }
}
