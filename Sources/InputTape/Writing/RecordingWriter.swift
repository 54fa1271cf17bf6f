// SPDX-License-Identifier: Apache-2.0
//
// Recordings, written (Specs/Format.md, section 9).

import InputTapeCore

/// Writes one recording; ends with `finish()`.
///
/// One thread at a time appends. Appending copies the event into a queue and does nothing else; the
/// queue is encoded when it has filled up, or by a thread of the writer's own where events must
/// reach the file in time (`WriterOptions.flushIntervalNanoseconds`).
///
/// A writer that is dropped without `finish()` leaves a recording that reads to its last block.
public struct RecordingWriter: ~Copyable {
  @usableFromInline let ring: EventRing
  let engine: WriterEngine
  private let path: String?

  /// Begins a recording in a new file.
  ///
  /// - Parameters:
  ///   - path: where; the file must not be there yet, unless `replacing`.
  ///   - metadata: what the recording says of itself; tracks may also be added later.
  ///   - environment: where files are, what time it is, and where random bytes come from.
  public init(
    path: String, metadata: RecordingMetadata = RecordingMetadata(),
    options: WriterOptions = WriterOptions(), replacing: Bool = false,
    environment: WriterEnvironment = WriterEnvironment()
  ) throws(FileError) {
    let sink = FileSink(try environment.storage.create(path, replacing: replacing))
    self.init(
      sink: sink, path: path, metadata: metadata, options: options, environment: environment)
  }

  /// Begins a recording on any sink: a pipe, a socket, memory. Its blocks stay as they are cut.
  public init(
    sink: any ByteSink, metadata: RecordingMetadata = RecordingMetadata(),
    options: WriterOptions = WriterOptions(),
    environment: WriterEnvironment = WriterEnvironment()
  ) {
    self.init(
      sink: sink, path: nil, metadata: metadata, options: options, environment: environment)
  }

  private init(
    sink: any ByteSink, path: String?, metadata: RecordingMetadata, options: WriterOptions,
    environment: WriterEnvironment
  ) {
    precondition(
      (1...Limits.eventsPerBlock).contains(options.eventsPerBlock),
      "A block has 1 to 65,536 events")
    precondition(options.threads >= 1, "Encoding takes one thread at least")
    engine = WriterEngine(sink: sink, options: options, environment: environment)
    ring = engine.ring
    self.path = path
    engine.setMetadata(metadata)
  }

  deinit { engine.deallocate() }

  // MARK: - What the recording says of itself

  /// The recording's ID.
  public var recordingID: RecordingID { engine.recordingID }

  /// Declares a track, or changes what is said of it. Tracks that are not declared get the class of
  /// their first event's kind.
  public func setTrack(_ track: Track) {
    engine.withLock { engine.setTrack(track) }
  }

  /// Says something of the recording.
  ///
  /// - Precondition: name and value keep to `Limits.stringByteCount`.
  public func setMetadata(_ name: String, _ value: String?) {
    engine.withLock { engine.setMetadata(name, value) }
  }

  /// What has become of the events so far.
  public var statistics: WriterStatistics { engine.withLock { engine.currentStatistics } }

  // MARK: - Ending

  /// Hands every event so far to the system: they survive the end of this process.
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
    engine.stopBackground()
    try engine.withLock { () throws(FileError) in
      try engine.finish()
      if engine.isLive || path != nil { try engine.syncAtEnd() }
    }
    let statistics = engine.withLock { engine.currentStatistics }
    if let path, engine.options.reblocksAtEnd, Reblocking.isDue(statistics, engine.options) {
      return try Reblocking.run(
        path: path, options: engine.options, environment: engine.environment)
    }
    return statistics
  }
}
