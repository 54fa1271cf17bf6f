// SPDX-License-Identifier: Apache-2.0
//
// Recordings, read (Specs/Format.md, section 10).

import InputTapeCore

/// Reads one recording, whole or damaged, by its index or by a scan, with one result.
///
/// Opening reads the index or walks over the headers; events are decoded when they are asked for.
public struct RecordingReader: ~Copyable {
  package let source: any ByteSource
  let list: BlockList
  let log = LossLog()
  private let openStatus: ReadStatus
  /// The recording's ID, and which of its segments this is.
  public let header: FileHeader
  /// What the recording says of itself.
  public let metadata: RecordingMetadata
  /// The size of the recording, in bytes.
  public let byteCount: UInt64

  /// How a recording is opened.
  @nonexhaustive
  public enum Opening: Hashable, Sendable {
    /// By the index; by a scan where there is none, or where it contradicts itself.
    case automatic
    /// By a walk over all records.
    case scan
  }

  /// Opens a file.
  public init(path: String, opening: Opening = .automatic) throws(FileError) {
    let source = try FileSource(path: path)
    try self.init(source: source, opening: opening)
  }

  /// Opens any source of bytes.
  ///
  /// - Throws: `FormatError.notARecording` where neither the file header nor a copy of it is there.
  public init(source: any ByteSource, opening: Opening = .automatic) throws(FileError) {
    self.init(
      try Self.open(source, opening), source: source, byteCount: try source.byteCount())
  }

  private init(_ found: Found, source: any ByteSource, byteCount: UInt64) {
    self.source = source
    self.byteCount = byteCount
    header = found.header
    list = found.list
    metadata = found.metadata
    openStatus = found.status
  }

  private static func open(
    _ source: any ByteSource, _ opening: Opening
  ) throws(FileError) -> Found {
    if opening == .automatic, let found = try openByIndex(source) { return found }
    return try openByScan(source)
  }

  /// What opening finds.
  private struct Found {
    var header: FileHeader
    var list: BlockList
    var metadata: RecordingMetadata
    var status: ReadStatus
  }

  private static func openByScan(_ source: any ByteSource) throws(FileError) -> Found {
    var scanner = try RecordingScanner(source: source)
    try scanner.scan()
    return Found(
      header: scanner.header, list: scanner.list, metadata: scanner.metadata,
      status: scanner.status)
  }

  private static func openByIndex(_ source: any ByteSource) throws(FileError) -> Found? {
    var bytes: [UInt8] = []
    try source.read(at: 0, count: FileHeader.byteCount, into: &bytes)
    guard let header = try? FileHeader.decode(bytes.span, at: 0),
      let opened = try IndexReader.read(source: source, header: header)
    else { return nil }
    var status = ReadStatus()
    status.isClosed = true
    status.usedIndex = true
    return Found(
      header: header, list: opened.list, metadata: opened.metadata, status: status)
  }

  // MARK: - Facts

  /// Whether the recording is whole, as far as it has been read.
  public var status: ReadStatus {
    var status = openStatus
    status.losses += log.all
    return status
  }

  /// Events in the recording, as its headers count them.
  public var eventCount: Int {
    list.records.reduce(0) { $0 + Int($1.eventCount) }
  }

  /// Blocks in the recording.
  public var blockCount: Int { list.records.count { $0.type == .data } }

  /// The earliest and the latest time, or nil where there is no event.
  public var timeBounds: ClosedRange<Int64>? {
    var bounds: ClosedRange<Int64>?
    for record in list.records where record.type == .data && record.eventCount > 0 {
      let low = min(bounds?.lowerBound ?? .max, record.firstTime)
      let high = max(bounds?.upperBound ?? .min, record.lastTime)
      bounds = low...high
    }
    return bounds
  }

  /// What the blocks say of one track.
  public struct TrackFacts: Hashable, Sendable {
    /// Events of the track.
    public var eventCount = 0
    /// Bytes of its sections, as they are stored.
    public var byteCount = 0
  }

  /// Events and bytes of each track, from the directories.
  public var trackFacts: [TrackID: TrackFacts] {
    var facts: [TrackID: TrackFacts] = [:]
    for section in list.sections {
      facts[section.track, default: TrackFacts()].byteCount += section.storedByteCount
      if section.content == .events {
        facts[section.track, default: TrackFacts()].eventCount += section.eventCount
      }
    }
    return facts
  }

  // MARK: - Events

  /// The events of a filter in the recording's order, run by run.
  ///
  /// - Complexity: O(log blocks) to find the first; memory for the sections under way.
  public func runs(_ filter: EventFilter = EventFilter()) -> OrderedRuns {
    OrderedRuns(
      list: list, records: recordRange(of: filter),
      loader: SectionLoader(source: source, list: list, id: header.recordingID), filter: filter,
      log: log)
  }

  /// Calls `body` with each event of a filter, in the recording's order.
  ///
  /// - Throws: an error of the system, or what `body` throws. Damage is noted in `status`.
  public func forEachEvent(
    _ filter: EventFilter = EventFilter(), _ body: (Event) throws(FileError) -> Void
  ) throws(FileError) {
    let runs = runs(filter)
    while let run = try runs.next() {
      try run.forEachEvent { event throws(FileError) in try body(event) }
    }
  }

  /// The records among which all blocks of a filter's time are.
  func recordRange(of filter: EventFilter) -> Range<Int> {
    guard !filter.isAllTime else { return list.records.indices }
    let bounds = list.timeSearch
    let start = bounds.firstRecord(endingAtOrAfter: filter.from)
    let end = filter.to.map { bounds.firstRecord(afterAllBefore: $0) } ?? list.records.count
    return start..<max(start, end)
  }
}
