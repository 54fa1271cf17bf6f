// SPDX-License-Identifier: Apache-2.0
//
// The capture queue: a lane for each producer, and one thread that writes what comes.
//
// Invariant: only the writer thread, and `finish()` after it, touch the writer and the lanes'
// consuming sides; what callers ask and say passes through what `monitor` guards.

public import InputTape
public import InputTapeCore

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Takes events from any number of producers, and writes them in time.
///
/// All memory of the lanes is there from the start. Each producer appends through a lane of its
/// own; a thread of the queue's drains the lanes, encodes, and flushes in time.
public final class CaptureQueue: @unchecked Sendable {
  /// The lanes, one for each producer.
  public let lanes: [CaptureLane]
  /// When the recording's clock began, on the monotonic clock of the system.
  public let start: Int64

  private let options: QueueOptions
  private let clock: any CaptureClock
  private let ownLane: CaptureLane?
  private let rings: [EventRing]
  private let monitor = Monitor()
  private var writer: RecordingWriter?
  private var watch: ClockWatch?
  private var thread: WorkerThread?
  private var isStopping = false
  private var latest = QueueStatistics()
  private var pendingTracks: [Track] = []
  private var pendingMetadata: [(String, String?)] = []
  /// What something has been said of.
  private var saidNames: Set<String> = []

  /// Begins a recording in a new file.
  ///
  /// - Parameters:
  ///   - path: where; the file must not be there yet, unless `replacing`.
  ///   - metadata: what the recording says of itself.
  ///   - writer: how it is written; without a flush interval it is flushed each second.
  ///   - options: the size of the lanes, and how often they are looked into.
  ///   - replacing: whether a file that is there may be overwritten.
  ///   - clock: what time it is.
  ///   - start: when the recording's clock began; nil for now, in whole milliseconds.
  ///   - onNotice: is told what goes wrong while the recording is written, and when it is right
  ///     again, by the queue's thread.
  /// - Throws: where the file cannot be made, memory cannot be locked, or no thread started.
  public convenience init(
    path: String, metadata: RecordingMetadata = RecordingMetadata(),
    writer: WriterOptions = WriterOptions(), options: QueueOptions = QueueOptions(),
    replacing: Bool = false, clock: any CaptureClock = SystemClock(), start: Int64? = nil,
    onNotice: (@Sendable (WriterNotice) -> Void)? = nil
  ) throws(CaptureError) {
    let environment = Self.environment
    let made: RecordingWriter
    do {
      made = try RecordingWriter(
        path: path, metadata: metadata, options: Self.writerOptions(writer), replacing: replacing,
        environment: environment, onNotice: onNotice)
    } catch {
      throw .file(error)
    }
    do {
      try self.init(made, metadata, options, clock, start)
    } catch {
      // Nothing can be recorded: nothing is left behind.
      try? environment.storage.remove(path)
      throw error
    }
  }

  /// Begins a recording on any sink: a pipe, a socket, memory.
  public convenience init(
    sink: any ByteSink, metadata: RecordingMetadata = RecordingMetadata(),
    writer: WriterOptions = WriterOptions(), options: QueueOptions = QueueOptions(),
    clock: any CaptureClock = SystemClock(), start: Int64? = nil,
    onNotice: (@Sendable (WriterNotice) -> Void)? = nil
  ) throws(CaptureError) {
    let made = RecordingWriter(
      sink: sink, metadata: metadata, options: Self.writerOptions(writer),
      environment: Self.environment, onNotice: onNotice)
    try self.init(made, metadata, options, clock, start)
  }

  private init(
    _ writer: consuming RecordingWriter, _ metadata: RecordingMetadata, _ options: QueueOptions,
    _ clock: any CaptureClock, _ start: Int64?
  ) throws(CaptureError) {
    precondition(options.laneCount >= 1, "A queue has a lane at least")
    self.options = options
    self.clock = clock
    saidNames = Set(metadata.values.map(\.name))
    // Sources have clocks of milliseconds or microseconds: whole ones stay whole from here.
    self.start = start ?? clock.monotonic() / 1_000_000 * 1_000_000
    let words = Self.capacity(for: options.wordsPerLane)
    lanes = (0..<options.laneCount).map { _ in CaptureLane(wordCapacity: words) }
    ownLane = options.clockTrack.map { _ in CaptureLane(wordCapacity: Self.capacity(for: 0)) }
    rings = (lanes + [ownLane].compactMap { $0 }).map(\.ring)
    if let track = options.clockTrack {
      writer.setTrack(Track(id: track, class: .context, name: "recorder"))
      watch = ClockWatch(
        clock, start: self.start, track: track, interval: options.anchorIntervalNanoseconds)
    }
    self.writer = consume writer
    if options.locksMemory { try lockMemory() }
    thread = WorkerThread { [self] in run() }
    if thread == nil { throw .system(operation: "start a thread", code: EAGAIN) }
  }

  /// The thread of the queue does what is due, and a little before it is: that takes time itself.
  private static func writerOptions(_ options: WriterOptions) -> WriterOptions {
    var options = options
    let interval = options.flushIntervalNanoseconds ?? 1_000_000_000
    options.flushIntervalNanoseconds = max(interval - min(interval / 10, 100_000_000), 1_000_000)
    options.queueWordCount = 1 << 14
    return options
  }

  private static var environment: WriterEnvironment {
    var environment = WriterEnvironment()
    environment.runsInBackground = false
    return environment
  }

  deinit { unlockMemory() }

  private static func capacity(for words: Int) -> Int {
    var capacity = 1 << 14
    while capacity < max(words, LaneDrops.wordLimit + 8) { capacity <<= 1 }
    return capacity
  }

  // MARK: - Memory

  private func lockMemory() throws(CaptureError) {
    for ring in rings {
      let code = ring.lockMemory()
      if code != 0 { throw .system(operation: "lock memory", code: code) }
    }
  }

  private func unlockMemory() {
    for ring in rings where options.locksMemory { ring.unlockMemory() }
  }

  // MARK: - What callers may ask and say

  /// What has become of the events so far.
  public var statistics: QueueStatistics { monitor.withLock { latest } }

  /// Now, on the recording's clock.
  public func now() -> Int64 { clock.monotonic() - start }

  /// Declares a track, or changes what is said of it.
  public func setTrack(_ track: Track) { monitor.withLock { pendingTracks.append(track) } }

  /// Says something of the recording.
  public func setMetadata(_ name: String, _ value: String?) {
    monitor.withLock {
      saidNames.insert(name)
      pendingMetadata.append((name, value))
    }
  }

  /// Says something of the recording, unless something has been said under this name.
  public func addMetadata(_ name: String, _ value: String) {
    monitor.withLock {
      guard saidNames.insert(name).inserted else { return }
      pendingMetadata.append((name, value))
    }
  }

  /// Writes everything that the lanes hold and ends the recording; producers have ended before.
  @discardableResult
  public func finish() throws(FileError) -> QueueStatistics {
    monitor.withLock {
      isStopping = true
      monitor.signalAll()
    }
    thread?.join()
    thread = nil
    _ = drain()
    for lane in lanes { lane.finish() }
    _ = drain()
    guard let writer = writer.take() else { return statistics }
    // Ending takes memory itself, and the lanes are empty.
    unlockMemory()
    for ring in rings { ring.releaseContents() }
    let statistics = writer.lastingStatistics
    do throws(FileError) {
      return noteStatistics(try writer.finish())
    } catch {
      _ = noteStatistics(statistics())
      throw error
    }
  }

  // MARK: - The writer thread

  private func run() {
    var pace = DrainPace(options.pollNanoseconds, now: clock.monotonic())
    while wait(pace.pause(at: clock.monotonic())) {
      let now = clock.monotonic()
      if pace.isCheckDue(at: now) { checkClocks() }
      pace.note(share: drain())
      writer?.tick()
      if let written = writer?.statistics { _ = noteStatistics(written) }
      monitor.withLock { latest.wakeUpCount += 1 }
    }
  }

  /// Sleeps; false when the queue is being ended.
  private func wait(_ pause: Int64) -> Bool {
    let end = MonotonicClock.now() + pause
    return monitor.withLock {
      // A signal ends the wait early, and so may nothing at all.
      if !isStopping { monitor.wait(until: end) }
      return !isStopping
    }
  }

  /// Takes what the lanes hold.
  ///
  /// - Returns: how full the fullest was, from 0 to 1.
  private func drain() -> Double {
    var share = 0.0
    for ring in rings {
      share = max(share, Double(ring.published - ring.tail) / Double(ring.capacity))
    }
    applyPending()
    if share > 0 {
      writer?.drain(rings)
      // A track is declared before its first event is appended, and so by now.
      applyPending()
    }
    return share
  }

  private func applyPending() {
    let (tracks, metadata) = monitor.withLock {
      defer {
        pendingTracks = []
        pendingMetadata = []
      }
      return (pendingTracks, pendingMetadata)
    }
    for track in tracks { writer?.setTrack(track) }
    for (name, value) in metadata { writer?.setMetadata(name, value) }
  }

  private func noteStatistics(_ written: WriterStatistics) -> QueueStatistics {
    let dropped = lanes.reduce(0) { $0 + $1.droppedEventCount }
    return monitor.withLock {
      latest.writer = written
      latest.droppedEventCount = dropped
      return latest
    }
  }

  private func checkClocks() {
    guard let events = watch?.check() else { return }
    for event in events { ownLane?.append(event) }
  }
}
