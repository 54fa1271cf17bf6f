// SPDX-License-Identifier: Apache-2.0
//
// Recordings, read (Specs/Format.md, section 10).

import InputTapeCore

/// Reads one recording, whole or damaged, by its index or by a scan, with one result.
///
/// Opening reads the index or walks over the headers; events are decoded when they are asked for.
public struct RecordingReader: ~Copyable {
  let contents: RecordingContents
  /// The recording's ID, and which of its segments this is.
  public let header: FileHeader
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

  /// Opens a recording: by the file of its first segment, or by the folder that holds it alone.
  ///
  /// The other segments are found beside the first. The file of another segment is read alone.
  ///
  /// - Parameters:
  ///   - path: the file of the first segment, or its folder.
  ///   - opening: how blocks are found.
  ///   - mode: what damage leads to.
  ///   - budget: how much memory and time may be used.
  ///   - storage: where files are.
  public init(
    path: String, opening: Opening = .automatic, mode: ReadMode = .tolerateTail,
    budget: ReadBudget = ReadBudget(), storage: any Storage = SystemStorage()
  ) throws(FileError) {
    let (found, missing) = try SegmentSearch.segments(at: path, in: storage)
    self.init(
      try RecordingContents(
        found.map(\.source), headers: found.map(\.header), missing: missing,
        scans: opening == .scan, mode: mode, budget: budget))
  }

  /// Opens any source of bytes.
  ///
  /// - Throws: `FormatError.notARecording` where neither the file header nor a copy of it is there;
  ///   in strict mode, anything that is not whole.
  public init(
    source: any ByteSource, opening: Opening = .automatic, mode: ReadMode = .tolerateTail,
    budget: ReadBudget = ReadBudget()
  ) throws(FileError) {
    self.init(
      try RecordingContents(
        [source], headers: [FileHeader(recordingID: .none)], missing: [],
        scans: opening == .scan, mode: mode, budget: budget))
  }

  private init(_ contents: RecordingContents) {
    self.contents = contents
    header = contents.header
    byteCount = contents.byteCount
  }

  // MARK: - Facts

  /// What the recording says of itself.
  public var metadata: RecordingMetadata { contents.metadata }

  /// Whether the recording is whole, as far as it has been read, and what is missing.
  public var status: ReadStatus { contents.status }

  /// How many files the recording is in.
  public var segmentCount: Int { contents.segmentCount }

  /// Events in the recording, as its headers count them.
  public var eventCount: Int { contents.list.eventCount }

  /// Blocks in the recording.
  public var blockCount: Int { contents.list.blockCount }

  /// The earliest and the latest time, or nil where there is no event.
  public var timeBounds: ClosedRange<Int64>? { contents.list.timeBounds }

  /// What the blocks say of one track.
  public typealias TrackFacts = InputTapeCore.TrackFacts

  /// Events and bytes of each track, from the directories.
  public var trackFacts: [TrackID: TrackFacts] { contents.list.facts }

  /// All tracks that are described or are in a block, by number: of one that the metadata does not
  /// name yet, its blocks tell the class.
  public var tracks: [Track] { contents.tracks }

  // MARK: - Events

  /// The events of a filter in the recording's order, run by run.
  ///
  /// - Complexity: O(pages of blocks) to find the first; memory for the sections under way.
  public func runs(_ filter: EventFilter = EventFilter()) -> OrderedRuns {
    OrderedRuns(contents, filter: filter)
  }

  /// Calls `body` with each event of a filter, in the recording's order.
  ///
  /// - Throws: an error of the system, or what `body` throws. Damage is noted in `status`, and is
  ///   an error where the mode says so.
  @inlinable @inline(__always)
  public func forEachEvent(
    _ filter: EventFilter = EventFilter(), _ body: (Event) throws(FileError) -> Void
  ) throws(FileError) {
    var runs = merge(filter)
    while try runs.findEvents() { try runs.forEachEvent(body) }
  }

  /// The same runs as a value of the caller's, many at a time.
  @usableFromInline
  func merge(_ filter: EventFilter) -> RunMerge { RunMerge(contents, filter: filter) }
}
