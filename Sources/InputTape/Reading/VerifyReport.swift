// SPDX-License-Identifier: Apache-2.0
//
// What a verification found.

import InputTapeCore

/// Something that a verification found wrong.
public struct Problem: Hashable, Sendable {
  public var error: FormatError
  /// One sentence: what was expected, and what was found.
  public var message: String

  public init(_ error: FormatError, _ message: String) {
    self.error = error
    self.message = message
  }
}

/// What a verification read, and what it found wrong.
public struct VerifyReport: Hashable, Sendable {
  /// Records whose headers were checked.
  public var recordCount = 0
  /// Sections whose columns were all decoded.
  public var sectionCount = 0
  /// Events decoded.
  public var eventCount = 0
  /// Bytes of the recording.
  public var byteCount: UInt64 = 0
  /// Whether the index was there and was compared with the records.
  public var comparedIndex = false
  /// What the scan said.
  public var status = ReadStatus()
  /// Everything that is wrong, in the order it was found.
  public var problems: [Problem] = []

  /// Nothing is wrong, and the recording was closed.
  public var isSound: Bool { problems.isEmpty && status.isComplete }
}
