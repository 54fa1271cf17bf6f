// SPDX-License-Identifier: Apache-2.0
//
// The consumer's side of a writer: drains the ring, cuts blocks, keeps state.
//
// Invariant: everything but the ring and the inbox is touched with `monitor` held.

import InputTapeCore

/// Drains, encodes and writes; shared by the writer and its background thread.
final class WriterEngine: @unchecked Sendable {
  let ring: EventRing
  let options: WriterOptions
  let environment: WriterEnvironment
  let inbox: WriterInbox
  let monitor = Monitor()
  let segments: SegmentWriter
  let pipeline: OrderedPool<PipelineItem>
  var builder = DraftBuilder()
  private var metadata = RecordingMetadata()
  private var isMetadataDirty = true
  private var classes: [TrackID: TrackClass] = [:]
  private var states: [TrackID: TrackState] = [:]
  /// The state behind the last block that was emitted; kept where others may have been cut already.
  private var emittedStates: [TrackID: TrackState] = [:]
  private var eventsSinceKeyframe = WriterEngine.keyframeInterval
  var prelude: [PreludeRecord] = []
  var spareBlocks: [EncodedBlock] = []
  var failure: FileError?
  var isFailing = false
  var statistics = WriterStatistics()
  private(set) var isStateKnown = true
  var pendingGaps: [WriterInbox.GapKey: Gap] = [:]
  var background: WorkerThread?
  var isStopping = false
  var nextFlush: Int64 = 0
  var nextSync: Int64 = 0
  var syncFailureCount = 0
  /// The latest time of all events that were cut into blocks.
  private(set) var latestTime: Int64 = 0

  /// A block holds the state of all tracks if this many events have passed since the last did.
  private static let keyframeInterval = 4_096
  /// Words after which the producer drains by itself, or wakes who does.
  private static let drainInterval = 3 * 4_096

  init(
    sink: any ByteSink, path: String?, header: FileHeader, options: WriterOptions,
    environment: WriterEnvironment, handler: (@Sendable (WriterNotice) -> Void)?
  ) {
    self.options = options
    self.environment = environment
    inbox = WriterInbox(handler: handler)
    ring = EventRing(capacity: options.queueWordCount, limit: Self.drainInterval)
    segments = SegmentWriter(
      sink: sink, path: path, header: header, options: options, environment: environment)
    pipeline = OrderedPool(threads: options.threads) {
      let encoder = BlockEncoder()
      return { item in
        encoder.encode(
          item.draft, settings: item.settings, classes: item.classes, into: &item.encoded)
      }
    }
    startBackground()
  }

  func deallocate() {
    stopBackground()
    pipeline.stop()
    ring.deallocate()
  }

  var isLive: Bool { options.flushIntervalNanoseconds != nil }

  /// Whether a thread of the writer's takes what is in the queue.
  private var isDrainedInBackground: Bool { isLive && environment.runsInBackground }

  /// Runs `body` with the lock held, and then tells the caller what there is to tell.
  func withLock<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
    defer { inbox.deliver() }
    return try monitor.withLock { () throws(E) -> R in
      defer { publishFigures() }
      return try body()
    }
  }

  // MARK: - The producer's slow path

  /// Makes room for a row.
  ///
  /// - Returns: false if the event is to be dropped, and has been counted.
  func makeRoom(_ wordCount: Int, track: TrackID, time: Int64) -> Bool {
    let room = ring.capacity - (ring.head - ring.tail)
    if isDrainedInBackground, room >= wordCount + Self.drainInterval {
      // The background thread drains; it is woken now and then, not for each event.
      monitor.signalAll()
      ring.setLimit(ring.head + max(Self.drainInterval, room / 2))
      return true
    }
    if isDrainedInBackground, options.overload == .drop {
      if room >= wordCount {
        monitor.signalAll()
        ring.setLimit(ring.head + room)
        return true
      }
      inbox.drop(.queueFull, track: track, first: time, last: time)
      return false
    }
    withLock { drain() }
    ring.setLimit(
      ring.head + (isDrainedInBackground ? ring.capacity / 2 : max(Self.drainInterval, wordCount)))
    return true
  }

  /// Takes a command, at once where nobody waits for it and it may take time.
  func accept(_ command: WriterInbox.Command) -> Bool {
    guard inbox.announce(command) else {
      inbox.note(.refused(FormatError(.limitExceeded, at: 0)))
      inbox.deliver()
      return false
    }
    inbox.post(command, at: ring.head)
    if !isDrainedInBackground { withLock { drain() } }
    return true
  }

  /// Takes batches.
  func accept(_ batches: [EventBatch]) {
    guard isDrainedInBackground, options.overload == .drop else {
      withLock {
        drain()
        append(batches)
      }
      return
    }
    if inbox.post(batches, at: ring.head) { return }
    for batch in batches where batch.count > 0 {
      inbox.drop(
        .queueFull, count: Int64(batch.count), track: batch.track,
        first: batch.times.min() ?? 0, last: batch.times.max() ?? 0)
    }
  }

  // MARK: - With the lock held

  /// Takes all events that are in the ring, and the commands between them.
  func drain() {
    let commands = inbox.takeCommands()
    let end = ring.published
    for (place, command) in commands {
      drain(ring, to: place)
      apply(command)
    }
    drain(ring, to: end)
  }

  /// Takes the events of a ring up to a place.
  func drain(_ ring: EventRing, to end: Int) {
    var index = ring.tail
    while index < end {
      let next = builder.drain(ring, from: index, to: end, eventLimit: options.eventsPerBlock)
      // What does not go with the events that are here already begins the next block.
      if next == index { cut() }
      index = next
      ring.take(through: index)
      cutIfFull()
    }
  }

  private func cutIfFull() {
    if builder.eventCount >= options.eventsPerBlock || builder.byteCount >= DraftBuilder.byteLimit {
      cut()
    }
  }

  private func apply(_ command: WriterInbox.Command) {
    switch command {
    case .track(let track): setTrack(track)
    case .value(let name, let value):
      metadata[name] = value
      isMetadataDirty = true
    case .metadata(let metadata):
      self.metadata = metadata
      for track in metadata.tracks { classes[track.id] = track.trackClass }
      isMetadataDirty = true
    case .record(let type, let payload):
      cut()
      prelude.append(PreludeRecord(type: type, payload: payload))
    case .batches(let batches): append(batches)
    }
    segments.metadata = metadata
  }

  private func setTrack(_ track: Track) {
    metadata.setTrack(track)
    classes[track.id] = track.trackClass
    isMetadataDirty = true
  }

  /// Adds batches of one stretch of time behind all events so far.
  private func append(_ batches: [EventBatch]) {
    let count = batches.reduce(0) { $0 + $1.count }
    if builder.eventCount + count > options.eventsPerBlock { cut() }
    // A block that tells of a lost one stays whole: the gap stands behind the keyframe that knows.
    let isWhole = count <= Limits.eventsPerBlock && batches.contains(where: \.tellsOfLostBlock)
    let limit = isWhole ? max(options.eventsPerBlock, count) : options.eventsPerBlock
    for batch in batches {
      if !builder.accepts(batch) { cut() }
      var cursor = BatchCursor(batch)
      while cursor.index < batch.count {
        let index = cursor.index
        builder.append(batch, from: &cursor, eventLimit: limit)
        if cursor.index == index { cut() }
        if !isWhole { cutIfFull() }
      }
    }
    cutIfFull()
  }

  /// Makes the events so far a block, and submits it.
  func cut() {
    takeDropped()
    guard builder.eventCount > 0 || !pendingGaps.isEmpty else { return }
    rotateIfDue()
    insertGaps()
    guard builder.eventCount > 0 else { return }
    var item = PipelineItem()
    let rowByteCount = builder.byteCount
    item.draft = builder.take()
    item.draft.findTimeBounds()
    declareTracks(of: item.draft)
    addKeyframes(to: &item.draft, rowByteCount: rowByteCount)
    item.settings = options.encoding
    if isLive, let preset = options.livePreset { item.settings.preset = preset }
    item.classes = classes
    if isMetadataDirty { queueMetadata() }
    item.encoded = spareBlocks.popLast() ?? EncodedBlock()
    item.prelude = prelude
    prelude = []
    latestTime = max(latestTime, item.draft.timeBounds.last)
    for batch in item.draft.batches {
      states[batch.track, default: TrackState()].apply(batch)
    }
    pipeline.submit(item) { done in emit(&done) }
  }

  private func rotateIfDue() {
    guard segments.isRotationDue(at: environment.clock.now()) else { return }
    pipeline.drain { item in emit(&item) }
    syncSegments()
    // What is not known to be on the disk could not be written again once its segment is left.
    guard segments.isSynced, segments.isRotationDue(at: environment.clock.now()),
      segments.rotate()
    else {
      takeSegmentNotices()
      return
    }
    // A segment can be read without the one before it.
    isMetadataDirty = true
    eventsSinceKeyframe = Self.keyframeInterval
    takeSegmentNotices()
  }

  private func addKeyframes(to draft: inout BlockDraft, rowByteCount: Int) {
    // A gap among the events: what is held behind it stands at the start of the next block.
    let hasGap = draft.batches.contains { batch in
      batch.columnOffset(of: .gap).map { batch.columns[$0].count > 0 } ?? false
    }
    defer { if hasGap { eventsSinceKeyframe = Self.keyframeInterval } }
    guard isStateKnown, eventsSinceKeyframe >= Self.keyframeInterval else {
      eventsSinceKeyframe += draft.eventCount
      return
    }
    let states = self.states.filter { !$0.value.isEmpty }
    let byteCount = states.values.reduce(rowByteCount) { $0 + $1.keyframeByteCount }
    // A state that does not fit beside the events waits for a block with room for it.
    guard byteCount <= DraftBuilder.byteLimit || states.isEmpty else { return }
    draft.isKeyframe = true
    eventsSinceKeyframe = draft.eventCount
    let time = draft.timeBounds.first
    draft.keyframes = states.sorted { $0.key < $1.key }.map {
      $0.value.keyframe(track: $0.key, time: time)
    }
  }

  private func declareTracks(of draft: BlockDraft) {
    for batch in draft.batches where metadata.track(batch.track) == nil {
      let trackClass = TrackClass.standard(for: batch.kinds.first ?? .custom)
      setTrack(Track(id: batch.track, class: trackClass))
      segments.metadata = metadata
    }
  }

  private func queueMetadata() {
    prelude.append(
      PreludeRecord(type: .metadata, payload: metadata.encode(header: segments.header)))
    isMetadataDirty = false
  }

  // MARK: - Gaps

  private func takeDropped() {
    for (key, gap) in inbox.takeDropped() {
      if gap.cause == .limit {
        statistics.refusedEventCount += Int(gap.count)
      } else {
        statistics.droppedEventCount += Int(gap.count)
      }
      inbox.note(.lost(eventCount: Int(gap.count), cause: gap.cause, error: nil))
      addPendingGap(gap, on: key.track)
    }
  }

  /// Notes what is missing until the next block says so.
  func addPendingGap(_ gap: Gap, on track: TrackID) {
    let key = WriterInbox.GapKey(track: track, cause: gap.cause)
    guard var sum = pendingGaps[key] else {
      pendingGaps[key] = gap
      return
    }
    sum.count += gap.count
    sum.isLowerBound = sum.isLowerBound || gap.isLowerBound
    sum.firstTime = min(sum.firstTime, gap.firstTime)
    sum.lastTime = max(sum.lastTime, gap.lastTime)
    pendingGaps[key] = sum
  }

  var hasPendingGaps: Bool { !pendingGaps.isEmpty }

  /// The track that what concerns the whole recording is said on.
  var lowestTrack: TrackID? { classes.keys.min() }

  /// Begins a block with a state that other events than those before it have led to; nil where
  /// nobody knows it: then blocks have no keyframes.
  func begin(with state: RecordingState?) {
    drain()
    cut()
    states = state?.tracks ?? [:]
    isStateKnown = state != nil
    eventsSinceKeyframe = Self.keyframeInterval
  }

  /// Puts pending gaps into the block, as many as it has room for.
  private func insertGaps() {
    let room = Limits.eventsPerBlock - builder.eventCount
    for (key, gap) in pendingGaps.sorted(by: { $0.key < $1.key }).prefix(room) {
      builder.append(Event(time: gap.lastTime, track: key.track, body: .gap(gap)))
      pendingGaps[key] = nil
      // What was held when events were lost is not known: the next block says it anew.
      eventsSinceKeyframe = Self.keyframeInterval
    }
  }

  /// A block of the pending gaps alone, with the state as it was emitted: for blocks that were cut
  /// before it was known that one before them would be lost.
  func takeGapBlock() -> EncodedBlock {
    let room = builder
    builder = DraftBuilder()
    defer { builder = room }
    insertGaps()
    var draft = builder.take()
    draft.isKeyframe = true
    let time = draft.timeBounds.first
    draft.keyframes = emittedStates.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map {
      $0.value.keyframe(track: $0.key, time: time)
    }
    var encoded = EncodedBlock()
    BlockEncoder().encode(draft, settings: options.encoding, classes: classes, into: &encoded)
    return encoded
  }

  /// Takes over what a block does to the state when it reaches the file, or is lost.
  func noteEmitted(_ draft: BlockDraft) {
    guard options.threads > 1 else { return }
    for batch in draft.batches {
      emittedStates[batch.track, default: TrackState()].apply(batch)
    }
  }
}
