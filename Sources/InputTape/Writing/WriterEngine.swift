// SPDX-License-Identifier: Apache-2.0
//
// The consumer's side of a writer: drains the ring, cuts blocks, keeps state, writes on time.
//
// Invariant: everything but the ring is touched with `monitor` held.

import InputTapeCore

/// What happened to events that could not be written.
public struct WriterStatistics: Hashable, Sendable {
  /// Events in blocks that have been handed to the sink.
  public var writtenEventCount = 0
  /// Events dropped because the queue was full.
  public var droppedEventCount = 0
  /// Events lost because the sink refused their block.
  public var lostEventCount = 0
  /// Blocks written.
  public var blockCount = 0
  /// Bytes written.
  public var byteCount: UInt64 = 0

  public init() {}
}

/// Drains, encodes and writes; shared by the writer and its background thread.
final class WriterEngine: @unchecked Sendable {
  let ring: EventRing
  let options: WriterOptions
  let environment: WriterEnvironment
  private let monitor = Monitor()
  private let emitter: RecordEmitter
  private let pipeline: OrderedPool<PipelineItem>
  private var builder = DraftBuilder()
  private var metadata = RecordingMetadata()
  private var isMetadataDirty = true
  private var classes: [TrackID: TrackClass] = [:]
  private var states: [TrackID: TrackState] = [:]
  private var eventsSinceKeyframe = Int.max
  private var prelude: [PreludeRecord] = []
  private var spareBlocks: [EncodedBlock] = []
  private var failure: FileError?
  private var statistics = WriterStatistics()
  private var pendingGaps: [TrackID: Gap] = [:]
  private var dropped: [TrackID: Gap] = [:]
  private var background: WorkerThread?
  private var isStopping = false
  private var nextFlush: Int64 = 0
  private var nextSync: Int64 = 0

  /// A block holds the state of all tracks if this many events have passed since the last did.
  private static let keyframeInterval = 4_096
  /// Words of the queue: 2 MiB.
  private static let ringCapacity = 1 << 18
  /// Words after which the producer drains by itself, or wakes who does.
  private static let drainInterval = 3 * 4_096

  init(sink: any ByteSink, options: WriterOptions, environment: WriterEnvironment) {
    self.options = options
    self.environment = environment
    ring = EventRing(capacity: Self.ringCapacity, limit: Self.drainInterval)
    let id = options.recordingID ?? .random(from: environment.random)
    emitter = RecordEmitter(
      sink: sink, header: FileHeader(recordingID: id), compression: options.encoding.compression)
    pipeline = OrderedPool(threads: options.threads) {
      let encoder = BlockEncoder()
      return { item in
        encoder.encode(
          item.draft, settings: item.settings, classes: item.classes, into: &item.encoded)
      }
    }
    if let interval = options.flushIntervalNanoseconds {
      nextFlush = environment.clock.now() + interval
      nextSync = environment.clock.now() + (options.syncIntervalNanoseconds ?? 0)
      if environment.runsInBackground {
        background = WorkerThread { [self] in runInBackground() }
      }
    }
  }

  func deallocate() {
    stopBackground()
    pipeline.stop()
    ring.deallocate()
  }

  var isLive: Bool { options.flushIntervalNanoseconds != nil }

  func withLock<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
    try monitor.withLock(body)
  }

  // MARK: - The producer's slow path

  /// Makes room for a row.
  ///
  /// - Returns: false if the event is to be dropped, and has been counted.
  func makeRoom(_ wordCount: Int, track: TrackID, time: Int64) -> Bool {
    let room = ring.capacity - (ring.head - ring.tail)
    if isLive, room >= wordCount + Self.drainInterval {
      // The background thread drains; it is woken now and then, not for each event.
      monitor.signalAll()
      ring.setLimit(ring.head + max(Self.drainInterval, room / 2))
      return true
    }
    if isLive, options.overload == .drop {
      if room >= wordCount {
        monitor.signalAll()
        ring.setLimit(ring.head + room)
        return true
      }
      drop(track: track, time: time)
      return false
    }
    withLock { drain() }
    ring.setLimit(ring.head + (isLive ? ring.capacity / 2 : max(Self.drainInterval, wordCount)))
    return true
  }

  private func drop(track: TrackID, time: Int64) {
    // Uncontended but for the moment in which a block begins.
    droppedMonitor.withLock {
      var gap = dropped[track] ?? Gap(cause: .queueFull, count: 0, firstTime: time, lastTime: time)
      gap.count += 1
      gap.lastTime = time
      dropped[track] = gap
    }
  }

  private let droppedMonitor = Monitor()

  // MARK: - With the lock held

  /// Takes all events that are in the ring.
  func drain() {
    let end = ring.published
    var index = ring.tail
    while index < end {
      index = builder.drain(ring, from: index, to: end, eventLimit: options.eventsPerBlock)
      ring.take(through: index)
      cutIfFull()
    }
  }

  private func cutIfFull() {
    let isFull =
      builder.eventCount >= options.eventsPerBlock || builder.byteCount >= DraftBuilder.byteLimit
    if isFull || builder.needsCut { cut() }
  }

  /// Adds a batch behind all events so far.
  func append(_ batch: EventBatch) {
    drain()
    if !builder.accepts(batch) { cut() }
    var cursor = BatchCursor(batch)
    while cursor.index < batch.count {
      builder.append(batch, from: &cursor, eventLimit: options.eventsPerBlock)
      cutIfFull()
    }
  }

  /// Begins a block if so many more events would not fit into this one.
  func makeBlockRoom(for count: Int) {
    drain()
    if builder.eventCount + count > options.eventsPerBlock { cut() }
  }

  /// Makes the events so far a block, and submits it.
  private func cut() {
    takeDropped()
    insertGaps()
    guard builder.eventCount > 0 else { return }
    var item = PipelineItem()
    item.draft = builder.take()
    declareTracks(of: item.draft)
    addKeyframes(to: &item.draft)
    item.settings = options.encoding
    if isLive, let preset = options.livePreset { item.settings.preset = preset }
    item.classes = classes
    if isMetadataDirty { queueMetadata() }
    item.encoded = spareBlocks.popLast() ?? EncodedBlock()
    item.prelude = prelude
    prelude = []
    for batch in item.draft.batches {
      states[batch.track, default: TrackState()].apply(batch)
    }
    pipeline.submit(item) { done in emit(&done) }
  }

  private func addKeyframes(to draft: inout BlockDraft) {
    draft.isKeyframe = eventsSinceKeyframe >= Self.keyframeInterval
    if draft.isKeyframe {
      eventsSinceKeyframe = 0
      let time = draft.timeBounds.first
      for (track, state) in states.sorted(by: { $0.key < $1.key }) where !state.isEmpty {
        draft.keyframes.append(state.keyframe(track: track, time: time))
      }
    }
    eventsSinceKeyframe += draft.eventCount
  }

  private func declareTracks(of draft: BlockDraft) {
    for batch in draft.batches where metadata.track(batch.track) == nil {
      let trackClass = TrackClass.standard(for: batch.kinds.first ?? .custom)
      setTrack(Track(id: batch.track, class: trackClass))
    }
  }

  private func takeDropped() {
    guard options.overload == .drop else { return }
    let gaps = droppedMonitor.withLock {
      let gaps = dropped
      dropped = [:]
      return gaps
    }
    for (track, gap) in gaps {
      statistics.droppedEventCount += Int(gap.count)
      addPendingGap(gap, on: track)
    }
  }

  /// Notes what is missing until the next block says so.
  private func addPendingGap(_ gap: Gap, on track: TrackID) {
    guard var sum = pendingGaps[track] else {
      pendingGaps[track] = gap
      return
    }
    sum.count += gap.count
    sum.firstTime = min(sum.firstTime, gap.firstTime)
    sum.lastTime = max(sum.lastTime, gap.lastTime)
    pendingGaps[track] = sum
  }

  /// Puts pending gaps into the block, as many as it has room for.
  private func insertGaps() {
    let room = Limits.eventsPerBlock - builder.eventCount
    for (track, gap) in pendingGaps.sorted(by: { $0.key < $1.key }).prefix(room) {
      builder.append(Event(time: gap.lastTime, track: track, body: .gap(gap)))
      pendingGaps[track] = nil
      // What was held when events were lost is not known: the next block says it anew.
      eventsSinceKeyframe = Self.keyframeInterval
    }
  }

  // MARK: - Writing

  private func emit(_ item: inout PipelineItem) {
    let eventCount = item.draft.eventCount
    do {
      while let record = item.prelude.first {
        try emitter.emit(record.type, payload: record.payload)
        item.prelude.removeFirst()
      }
      try emitter.emit(&item.encoded)
      statistics.writtenEventCount += eventCount
    } catch {
      failure = failure ?? error
      statistics.lostEventCount += eventCount
      prelude = item.prelude + prelude
      noteLoss(item.draft, cause: error)
    }
    builder.recycle(item.draft)
    spareBlocks.append(item.encoded)
  }

  private func noteLoss(_ draft: BlockDraft, cause: FileError) {
    var gapCause = GapCause.ioError
    if case .system(_, let code) = cause, code == ENOSPC { gapCause = .diskFull }
    for batch in draft.batches {
      var first = Int64.max
      var last = Int64.min
      for time in batch.times {
        first = min(first, time)
        last = max(last, time)
      }
      addPendingGap(
        Gap(cause: gapCause, count: Self.missingCount(batch), firstTime: first, lastTime: last),
        on: batch.track)
    }
  }

  /// How many events are missing without a batch: a gap in it stands for as many as it counts.
  private static func missingCount(_ batch: EventBatch) -> Int64 {
    var count = Int64(batch.count)
    if let offset = batch.columnOffset(of: .gap), batch.columns[offset].count > 0 {
      for missing in batch.columns[offset].int64[0] {
        count += min(max(missing, 1), 1 << 32) - 1
      }
    }
    return count
  }

  private func queueMetadata() {
    prelude.append(
      PreludeRecord(type: .metadata, payload: metadata.encode(header: emitter.header)))
    isMetadataDirty = false
  }

  func setTrack(_ track: Track) {
    metadata.setTrack(track)
    classes[track.id] = track.trackClass
    isMetadataDirty = true
  }

  /// Takes metadata as it is; what came from a file may have names that no caller may set.
  func setMetadata(_ metadata: RecordingMetadata) {
    self.metadata = metadata
    for track in metadata.tracks { classes[track.id] = track.trackClass }
    isMetadataDirty = true
  }

  func setMetadata(_ name: String, _ value: String?) {
    metadata[name] = value
    isMetadataDirty = true
  }

  func queueRecord(type: RecordType, payload: [UInt8]) {
    drain()
    cut()
    prelude.append(PreludeRecord(type: type, payload: payload))
  }

  /// Hands all events so far to the sink.
  func flush() throws(FileError) {
    drain()
    cut()
    pipeline.drain { item in emit(&item) }
    try throwFailure()
  }

  /// An error is reported once, and the recording goes on.
  private func throwFailure() throws(FileError) {
    guard let failure else { return }
    self.failure = nil
    throw failure
  }

  func sync() throws(FileError) {
    try flush()
    try emitter.sync()
  }

  func syncAtEnd() throws(FileError) { try emitter.sync() }

  /// Writes all that is left, the metadata again, the index and the trailer.
  func finish() throws(FileError) {
    drain()
    cut()
    pipeline.drain { item in emit(&item) }
    // Gaps of the last blocks, where the sink takes bytes again; it is tried no more than twice.
    for _ in 0..<2 where !pendingGaps.isEmpty {
      cut()
      pipeline.drain { item in emit(&item) }
    }
    for record in prelude where record.type != .metadata {
      try emitter.emit(record.type, payload: record.payload)
    }
    try emitter.emit(.metadata, payload: metadata.encode(header: emitter.header))
    try emitter.close()
    try throwFailure()
  }

  var currentStatistics: WriterStatistics {
    var result = statistics
    result.blockCount = emitter.blockCount
    result.byteCount = emitter.position
    return result
  }

  var recordingID: RecordingID { emitter.header.recordingID }

  // MARK: - The background thread

  private func runInBackground() {
    monitor.lock()
    defer { monitor.unlock() }
    while !isStopping {
      monitor.wait(until: nextFlush)
      doWhatIsDue()
    }
  }

  /// Drains the queue, and flushes and syncs where it is time.
  func doWhatIsDue() {
    drain()
    let now = environment.clock.now()
    guard let interval = options.flushIntervalNanoseconds, now >= nextFlush else { return }
    nextFlush = now + interval
    cut()
    pipeline.drain { item in emit(&item) }
    if let syncInterval = options.syncIntervalNanoseconds, now >= nextSync {
      nextSync = now + syncInterval
      do { try emitter.sync() } catch { failure = failure ?? error }
    }
  }

  func stopBackground() {
    withLock {
      isStopping = true
      monitor.signalAll()
    }
    background?.join()
    background = nil
  }
}
