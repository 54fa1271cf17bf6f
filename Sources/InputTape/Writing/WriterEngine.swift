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
  let emitter: BlockEmitter
  let pipeline: OrderedPool<PipelineItem>
  var builder = DraftBuilder()
  private var metadata = RecordingMetadata()
  private var isMetadataDirty = true
  private var classes: [TrackID: TrackClass] = [:]
  private var prelude: [PreludeRecord] = []
  private var preludeByteCount = 0
  /// The state that the next block begins with, where it does not follow from the events so far.
  private var start: PipelineItem.Start?
  private(set) var isStateKnown = true
  /// Events that were never in the queue, until the next block says so.
  private var dropped = GapTally()
  private var spareSections: [EncodedSections] = []
  var background: WorkerThread?
  /// Whether a thread of the writer's takes what is in the queue.
  var isDrainedInBackground = false
  var isStopping = false
  var nextFlush: Int64 = 0
  var nextSync: Int64 = 0
  var syncFailureCount = 0

  /// Words after which the producer drains by itself, or wakes who does.
  let drainInterval: Int

  init(
    sink: any ByteSink, path: String?, header: FileHeader, options: WriterOptions,
    environment: WriterEnvironment, handler: (@Sendable (WriterNotice) -> Void)?
  ) {
    self.options = options
    self.environment = environment
    inbox = WriterInbox(handler: handler)
    // Who appends to what is not live empties the queue, too, and needs no room for waiting.
    let capacity = options.isLive ? options.queueWordCount : min(options.queueWordCount, 1 << 14)
    drainInterval = capacity > 3 * 4_096 ? 3 * 4_096 : capacity / 2
    ring = EventRing(capacity: capacity, limit: drainInterval)
    segments = SegmentWriter(
      sink: sink, path: path, header: header, options: options, environment: environment)
    let settings = options.blockSettings
    let emitter = BlockEmitter(segments: segments, options: options, inbox: inbox)
    self.emitter = emitter
    pipeline = OrderedPool(
      threads: options.threads, own: { $0.encode(settings, with: emitter.encoder) },
      makeWorker: {
        let encoder = SectionEncoder()
        return { $0.encode(settings, with: encoder) }
      })
    startBackground()
  }

  func deallocate() {
    stopBackground()
    pipeline.stop()
    ring.deallocate()
  }

  var isLive: Bool { options.isLive }

  /// Whether a thread was asked for and the system had none: then who appends does what is due.
  var lacksThread: Bool { isLive && environment.runsInBackground && !isDrainedInBackground }

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
    if isDrainedInBackground, room >= wordCount + drainInterval {
      // The background thread drains; it is woken now and then, not for each event.
      monitor.signalAll()
      ring.setLimit(ring.head + max(drainInterval, room / 2))
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
    withLock { lacksThread ? doWhatIsDue() : drain() }
    ring.setLimit(
      ring.head + (isDrainedInBackground ? ring.capacity / 2 : max(drainInterval, wordCount)))
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

  /// Takes batches, and leaves others in the place of those that it keeps.
  func accept(giving batches: inout [EventBatch]) {
    // On one thread a block is written before the next batch comes.
    guard options.threads > 1, !isDrainedInBackground else {
      _ = accept(batches)
      return
    }
    withLock {
      drain()
      append(&batches, isGiven: true)
    }
  }

  /// Takes batches; false where all their events are dropped, and have been counted.
  func accept(_ batches: [EventBatch]) -> Bool {
    guard isDrainedInBackground, options.overload == .drop else {
      withLock {
        drain()
        append(batches)
      }
      return true
    }
    if inbox.post(batches, at: ring.head) { return true }
    for batch in batches where batch.count > 0 {
      inbox.drop(
        .queueFull, count: Int64(batch.count), track: batch.track,
        first: batch.times.min() ?? 0, last: batch.times.max() ?? 0)
    }
    return false
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
      guard metadata[name] != value else { return }
      metadata[name] = value
      isMetadataDirty = true
    case .metadata(let metadata):
      self.metadata = metadata
      for track in metadata.tracks { classes[track.id] = track.trackClass }
      isMetadataDirty = true
    case .record(let type, let payload):
      cut()
      prelude.append(PreludeRecord(type: type, payload: payload))
      preludeByteCount += payload.count + MemoryLayout<PreludeRecord>.stride
      guard preludeByteCount > DraftBuilder.byteLimit else { return }
      // So many records without an event between them do not wait for one.
      drainPipeline()
      emitter.emit(takePrelude())
    case .batches(let batches): append(batches)
    }
    segments.metadata = metadata
  }

  private func setTrack(_ track: Track) {
    classes[track.id] = track.trackClass
    guard metadata.track(track.id) != track else { return }
    metadata.setTrack(track)
    isMetadataDirty = true
  }

  /// Adds batches of one stretch of time behind all events so far.
  private func append(_ batches: [EventBatch]) {
    var batches = batches
    append(&batches, isGiven: false)
  }

  private func append(_ batches: inout [EventBatch], isGiven: Bool) {
    let count = batches.reduce(0) { $0 + $1.count }
    if builder.eventCount + count > options.eventsPerBlock { cut() }
    // A block that tells of a lost one stays whole: the gap stands behind the keyframe that knows.
    let isWhole = count <= Limits.eventsPerBlock && batches.contains(where: \.tellsOfLostBlock)
    let limit = isWhole ? max(options.eventsPerBlock, count) : options.eventsPerBlock
    for place in batches.indices {
      if !builder.accepts(batches[place]) { cut() }
      var cursor = BatchCursor(batches[place])
      let count = batches[place].count
      while cursor.index < count {
        let index = cursor.index
        if isGiven {
          builder.append(giving: &batches[place], from: &cursor, eventLimit: limit)
        } else {
          builder.append(batches[place], from: &cursor, eventLimit: limit)
        }
        if cursor.index == index { cut() }
      }
    }
    cutIfFull()
  }

  /// Makes the events so far a block, and submits it.
  func cut() {
    takeDropped()
    guard builder.eventCount > 0 || !dropped.isEmpty else {
      // What was lost waits for no event; blocks on their way say it themselves.
      if pipeline.isEmpty { emitter.emitLosses() }
      return
    }
    rotateIfDue()
    insertDropped()
    // Given away, not lent: its memory is used again as soon as the block is written.
    pipeline.submit(takeItem()) { done in emit(&done) }
  }

  private func takeItem() -> PipelineItem {
    var item = PipelineItem()
    item.rowByteCount = builder.byteCount
    item.draft = builder.take()
    declareTracks(of: item.draft)
    item.classes = classes
    if isMetadataDirty { queueMetadata() }
    item.sections = spareSections.popLast() ?? EncodedSections()
    item.prelude = takePrelude()
    item.start = start
    start = nil
    return item
  }

  private func emit(_ item: inout PipelineItem) {
    emitter.emit(&item)
    builder.recycle(&item.draft)
    spareSections.append(item.sections)
  }

  /// Lets the segments have all that has been cut.
  func drainPipeline() {
    pipeline.drain { item in emit(&item) }
  }

  private func rotateIfDue() {
    guard segments.isRotationDue(at: environment.clock.now()) else { return }
    drainPipeline()
    syncSegments()
    // What is not known to be on the disk could not be written again once its segment is left.
    guard segments.isSynced, segments.isRotationDue(at: environment.clock.now()) else { return }
    emitter.rotate()
    isMetadataDirty = true
  }

  /// What is known of a track that nobody has described is its class, which its blocks say too: it
  /// is written with whatever metadata comes next. Else a recording of many tracks would be mostly
  /// lists of them.
  private func declareTracks(of draft: BlockDraft) {
    for batch in draft.batches where !metadata.hasTrack(batch.track) {
      let trackClass = TrackClass.standard(for: batch.kinds.first ?? .custom)
      metadata.setTrack(Track(id: batch.track, class: trackClass))
      classes[batch.track] = trackClass
      segments.metadata = metadata
    }
  }

  private func queueMetadata() {
    prelude.append(
      PreludeRecord(type: .metadata, payload: metadata.encode(header: segments.header)))
    isMetadataDirty = false
  }

  /// Records that wait, with what has been said of the recording.
  func takeWhatWaits() -> [PreludeRecord] {
    if isMetadataDirty, metadata != RecordingMetadata() { queueMetadata() }
    return takePrelude()
  }

  /// Records that wait for the next block, when there is none any more.
  func takePrelude() -> [PreludeRecord] {
    defer { prelude = [] }
    preludeByteCount = 0
    return prelude
  }

  /// Begins a block with a state that other events than those before it have led to; nil where
  /// nobody knows it: then blocks have no keyframes.
  func begin(with state: RecordingState?) {
    drain()
    cut()
    start = PipelineItem.Start(state: state)
    isStateKnown = state != nil
  }

  // MARK: - Events that were dropped

  private func takeDropped() {
    for event in inbox.takeDropped().events {
      guard case .gap(let gap) = event.body else { continue }
      dropped.add(event)
      if gap.cause == .limit {
        emitter.statistics.refusedEventCount += Int(gap.count)
      } else {
        emitter.statistics.droppedEventCount += Int(gap.count)
      }
      inbox.note(.lost(eventCount: Int(gap.count), cause: gap.cause, error: nil))
    }
  }

  /// Says in the block what was dropped, as far as there is room.
  private func insertDropped() {
    let room = Limits.eventsPerBlock - builder.eventCount
    let events = dropped.events
    dropped.removeAll()
    for event in events.prefix(room) { builder.append(event) }
    for event in events.dropFirst(room) { dropped.add(event) }
  }
}

extension PipelineItem {
  /// Encodes the events.
  fileprivate mutating func encode(_ settings: EncodingSettings, with encoder: SectionEncoder) {
    sections.removeAll()
    sections.append(
      draft.batches, content: .events, with: encoder, settings: settings, classes: classes,
      neighbourCount: draft.neighbourCount)
  }
}
