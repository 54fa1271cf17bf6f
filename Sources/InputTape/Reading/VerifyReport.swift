// SPDX-License-Identifier: Apache-2.0
//
// What a verification found.

import InputTapeCore

/// Something that a verification found wrong.
public struct Problem: Hashable, Sendable {
  /// What sort of wrong, and at which position of the segment's file.
  public var error: FormatError
  /// The segment whose file that is.
  public var segment: UInt64 = 0
  /// The sequence number of the record that it is in, where it is in one.
  public var record: UInt64?
  /// What should have been there.
  public var expected: String
  /// What was there.
  public var found: String

  public init(_ error: FormatError, record: UInt64? = nil, expected: String, found: String) {
    self.error = error
    self.record = record
    self.expected = expected
    self.found = found
  }

  /// One sentence: what was expected, and what was found.
  public var message: String {
    let place = record.map { "record \($0): " } ?? ""
    return "\(place)expected \(expected), found \(found)"
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
  /// Segments of the recording.
  public var segmentCount = 0
  /// Whether the index was there and was compared with the records, in every segment.
  public var comparedIndex = false
  /// What the scan said.
  public var status = ReadStatus()
  /// What is wrong, in the order it was found; the first 4,096.
  public private(set) var problems: [Problem] = []
  /// How many things are wrong.
  public private(set) var problemCount = 0

  public init() {}

  /// Nothing is wrong, and the recording was closed.
  public var isSound: Bool { problemCount == 0 && status.isComplete }

  var isKeepingProblems: Bool { problems.count < LossList.limit }

  mutating func countProblem() { problemCount += 1 }

  mutating func add(_ problem: Problem) {
    countProblem()
    if isKeepingProblems { problems.append(problem) }
  }
}
