// SPDX-License-Identifier: Apache-2.0
//
// One segment, by its index or by a scan.

import InputTapeCore

/// What opening a segment finds.
struct OpenedSegment {
  var header: FileHeader
  var list: RecordList
  /// Whether an index said what is in the list, or in a part of it.
  var isListedByIndex = false
  var metadata: RecordingMetadata
  var status: ReadStatus
  var isContinued: Bool
  /// How many records there were, lost ones between others included.
  var recordCount: UInt64
  /// Where segments begin before which something is missing.
  var brokenStarts: Set<UInt64> = []

  /// What is missing at the end of a segment that another one follows.
  ///
  /// - Parameter count: how many of its records count, as the next one says: what stood behind them
  ///   stands there again.
  func endLoss(next count: UInt64) -> Loss? {
    guard !status.isClosed else { return nil }
    guard count != FileHeader.unknownCount else { return status.tail }
    guard recordCount < count else { return nil }
    let end = status.tail?.range.upperBound ?? UInt64(FileHeader.byteCount) + list.byteCount
    var loss =
      status.tail ?? Loss(range: end..<end, error: FormatError(.truncated, at: end))
    loss.sequences = recordCount..<count
    loss.segment = header.segmentNumber
    loss.earliestTime = list.timeBounds?.upperBound
    return loss
  }

  /// - Parameters:
  ///   - recordLimit: blocks from this sequence number on do not count.
  ///   - scans: whether the index is left alone.
  init(
    _ source: any ByteSource, recordLimit: UInt64, scans: Bool, deadline: ReadDeadline
  ) throws(FileError) {
    if !scans, recordLimit == .max,
      let found = try Self.byIndex(source, deadline)
    {
      self = found
      return
    }
    var scanner = try RecordingScanner(
      source: source, recordLimit: recordLimit, deadline: deadline)
    try scanner.scan()
    self.init(scanner)
  }

  /// What a scan has found.
  init(_ scanner: RecordingScanner) {
    header = scanner.header
    list = scanner.list
    metadata = scanner.metadata
    status = scanner.status
    isContinued = scanner.isContinued
    recordCount = scanner.expected
  }

  /// One block by itself.
  init(_ header: FileHeader, _ record: RecordEntry) {
    self.header = header
    list = RecordList()
    list.append(record)
    metadata = RecordingMetadata()
    status = ReadStatus()
    isContinued = false
    recordCount = UInt64(record.sequence) + 1
  }

  private init(_ header: FileHeader, _ contents: IndexReader.Contents) {
    self.header = header
    list = contents.list
    metadata = contents.metadata
    isContinued = contents.isContinued
    recordCount = UInt64(contents.list.count)
    status = ReadStatus()
    status.isClosed = true
    status.usedIndex = true
    isListedByIndex = true
  }

  private static func byIndex(
    _ source: any ByteSource, _ deadline: ReadDeadline
  ) throws(FileError) -> OpenedSegment? {
    var bytes: [UInt8] = []
    try source.read(at: 0, count: FileHeader.byteCount, into: &bytes)
    guard let header = try? FileHeader.decode(bytes.span, at: 0),
      let contents = try IndexReader.read(source: source, header: header, deadline: deadline)
    else { return nil }
    return OpenedSegment(header, contents)
  }
}
