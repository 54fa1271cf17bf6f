// SPDX-License-Identifier: Apache-2.0
//
// Recordings, written (Specs/Format.md, section 9).

import CInputTapePlatform
import InputTapeCore

/// Writes one recording; ends with `finish()`.
///
/// One thread at a time appends. Appending copies the event into a queue and does nothing else; the
/// queue is encoded when it has filled up, or by a thread of the writer's own where events must
/// reach the file in time (`WriterOptions.flushIntervalNanoseconds`).
///
/// A writer that is dropped without `finish()` leaves a recording that reads to its last block. The
/// file header is written at once, and with a flush interval also what `metadata` says; what is
/// said later comes with the next flush or block.
public struct RecordingWriter: ~Copyable {
  @usableFromInline let ring: EventRing
  let engine: WriterEngine

  /// Begins a recording in a new file.
  ///
  /// - Parameters:
  ///   - path: where; the file must not be there yet, unless `replacing`.
  ///   - metadata: what the recording says of itself; tracks may also be added later.
  ///   - options: how it is written.
  ///   - replacing: whether a file that is there may be overwritten.
  ///   - environment: where files are, what time it is, and where random bytes come from.
  ///   - onNotice: is told what goes wrong, and when it is right again; by whichever thread writes,
  ///     with no lock held.
  public init(
    path: String, metadata: RecordingMetadata = RecordingMetadata(),
    options: WriterOptions = WriterOptions(), replacing: Bool = false,
    environment: WriterEnvironment = WriterEnvironment(),
    onNotice: (@Sendable (WriterNotice) -> Void)? = nil
  ) throws(FileError) {
    var options = options
    options.isReplacing = replacing
    let header = Self.header(options, environment)
    try self.init(
      path: path, header: header, metadata: metadata, options: options, environment: environment,
      onNotice: onNotice)
  }

  /// Begins a segment in a new file.
  init(
    path: String, header: FileHeader, metadata: RecordingMetadata, options: WriterOptions,
    environment: WriterEnvironment, onNotice: (@Sendable (WriterNotice) -> Void)? = nil
  ) throws(FileError) {
    try SegmentSearch.refuseOthers(
      beside: path, options: options, id: header.recordingID, environment.storage)
    let file = try environment.storage.create(path, replacing: options.isReplacing)
    let engine = WriterEngine(
      sink: FileSink(file), path: path, header: header, options: options,
      environment: environment, handler: onNotice)
    do throws(FileError) {
      guard !engine.lacksThread else { throw .system(operation: "start a thread", code: EAGAIN) }
      try engine.begin(with: metadata)
    } catch {
      // Nothing can be recorded: nothing is left behind.
      engine.deallocate()
      try? environment.storage.remove(path)
      throw error
    }
    self.init(engine)
  }

  /// Begins a recording on any sink: a pipe, a socket, memory. Its blocks stay as they are cut.
  ///
  /// What the sink does not take of the beginning, it is offered again with the first block.
  public init(
    sink: any ByteSink, metadata: RecordingMetadata = RecordingMetadata(),
    options: WriterOptions = WriterOptions(),
    environment: WriterEnvironment = WriterEnvironment(),
    onNotice: (@Sendable (WriterNotice) -> Void)? = nil
  ) {
    let header = Self.header(options, environment)
    let engine = WriterEngine(
      sink: sink, path: nil, header: header, options: options, environment: environment,
      handler: onNotice)
    try? engine.begin(with: metadata)
    self.init(engine)
  }

  private init(_ engine: WriterEngine) {
    let options = engine.options
    precondition(
      (1...Limits.eventsPerBlock).contains(options.eventsPerBlock),
      "A block has 1 to 65,536 events")
    precondition(options.threads >= 1, "Encoding takes one thread at least")
    self.engine = engine
    ring = engine.ring
  }

  private static func header(
    _ options: WriterOptions, _ environment: WriterEnvironment
  ) -> FileHeader {
    FileHeader(recordingID: options.recordingID ?? .random(from: environment.random))
  }

  deinit { engine.deallocate() }

  // MARK: - What the recording says of itself

  /// The recording's ID.
  public var recordingID: RecordingID { engine.segments.header.recordingID }

  /// Declares a track, or changes what is said of it. Tracks that are not declared get the class of
  /// their first event's kind.
  ///
  /// - Returns: whether it keeps to the limits; otherwise nothing changes.
  @discardableResult
  public func setTrack(_ track: Track) -> Bool {
    engine.accept(.track(track))
  }

  /// Says something of the recording.
  ///
  /// - Returns: whether it keeps to the limits; otherwise nothing changes.
  @discardableResult
  public func setMetadata(_ name: String, _ value: String?) -> Bool {
    engine.accept(.value(name, value))
  }

  /// What had become of the events when the writer last did something; waits for nothing.
  public var statistics: WriterStatistics { engine.inbox.statistics }

  /// Tells the same also when the writer is no more: `finish()` may end with an error.
  package var lastingStatistics: () -> WriterStatistics {
    let inbox = engine.inbox
    return { inbox.statistics }
  }

  /// Begins a block with a state that other events than those before it have led to; nil where
  /// nobody knows it.
  func begin(with state: RecordingState?) {
    engine.withLock { engine.begin(with: state) }
  }

  /// Whether what is held before these events does not follow from the events so far.
  func needsState(before batches: some Sequence<EventBatch>) -> Bool {
    !engine.isStateKnown || batches.contains(where: \.tellsOfLostBlock)
  }

  // MARK: - Ending

  /// Hands every event so far to the system, and what has been said of the recording: they survive
  /// the end of this process.
  ///
  /// - Throws: the first error since errors were last thrown. Events that could not be written are
  ///   counted, and a gap stands for them in the recording.
  public func flush() throws(FileError) {
    try engine.withLock { () throws(FileError) in try engine.flush() }
  }

  /// Does what is due by the environment's clock: flush, sync.
  ///
  /// For environments whose `runsInBackground` is false; otherwise the writer's thread does it.
  public func tick() {
    engine.withLock { engine.doWhatIsDue() }
  }

  /// Makes every event so far survive a loss of power.
  public func sync() throws(FileError) {
    try engine.withLock { () throws(FileError) in try engine.sync() }
  }

  /// Writes what is left, the index and the trailer; where blocks are small because of flushes,
  /// writes the file anew, as small as if it had been written at once.
  ///
  /// - Returns: what has become of the events.
  /// - Throws: the first error since errors were last thrown; the file is then as complete as it
  ///   could be made.
  @discardableResult
  public consuming func finish() throws(FileError) -> WriterStatistics {
    let (options, environment) = (engine.options, engine.environment)
    var (statistics, segments) = try close()
    guard options.reblocksAtEnd else { return statistics }
    // The queue and what encoded are gone: they need not be in memory beside those of the new file.
    // A program that converts keeps its memory: to get it anew costs more than to encode.
    if options.isLive { itape_release_free_memory() }
    try Reblocking.run(
      segments, options: options, environment: environment, statistics: &statistics)
    return statistics
  }

  /// Ends the segments, and gives back the writer's memory.
  private consuming func close() throws(FileError) -> (WriterStatistics, [ClosedSegment]) {
    engine.stopBackground()
    try engine.withLock { () throws(FileError) in try engine.finish() }
    return (engine.inbox.statistics, engine.segments.closed)
  }
}
