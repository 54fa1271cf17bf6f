// SPDX-License-Identifier: Apache-2.0
//
// What a reader has to say of a recording besides its events.

import InputTapeCore

/// A part of a recording that could not be read.
public struct Loss: Hashable, Sendable {
  /// The bytes that gave nothing.
  public var range: Range<UInt64>
  /// Why.
  public var error: FormatError
  /// How many events are missing, where a header told.
  public var eventCount: Int?

  public init(range: Range<UInt64>, error: FormatError, eventCount: Int? = nil) {
    self.range = range
    self.error = error
    self.eventCount = eventCount
  }
}

/// Whether a recording is whole.
public struct ReadStatus: Hashable, Sendable {
  /// The recording was closed: its last record says that it is the last.
  public var isClosed = false
  /// The file header was destroyed; a copy of it served.
  public var isHeaderRebuilt = false
  /// The recording was opened by its index, not by a scan.
  public var usedIndex = false
  /// Bytes at the end that are no whole record, as a process leaves them that is killed.
  public var tornByteCount: UInt64 = 0
  /// Damage found so far, in the order of the file.
  public var losses: [Loss] = []

  public init() {}

  /// Closed, and nothing is missing.
  public var isComplete: Bool {
    isClosed && losses.isEmpty && tornByteCount == 0 && !isHeaderRebuilt
  }

  /// One word: `complete`, `damaged`, `torn`, `headerRebuilt` or `notClosed`.
  public var name: String {
    if !losses.isEmpty { return "damaged" }
    if tornByteCount > 0 { return "torn" }
    if isHeaderRebuilt { return "headerRebuilt" }
    return isClosed ? "complete" : "notClosed"
  }
}
