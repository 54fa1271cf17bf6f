// SPDX-License-Identifier: Apache-2.0
//
// The order of a recording's events (Specs/Format.md, section 10.3), as a value, so that a step of
// it is one access to an object and not one for each of its parts.
//
// Blocks are opened in the order of the file, each as soon as something in it, or behind it, may be
// the next event: no block begins later than its directory says. Each track then has a queue of
// sections and decodes one at a time. So what is held in memory is the sections that are under way,
// and where those are too many, a window of each.
//
// Invariant: `order` has the next event of each queue that is queued; the runs that were found are
// of sections that are under way.

import InputTapeCore

/// Merges the sections of a recording's tracks into runs.
@usableFromInline
struct RunMerge {
  private let contents: RecordingContents
  private let loader: SectionLoader
  @usableFromInline let filter: EventFilter
  private let noEvents: SectionEvents
  private var blocks: BlockWalk
  private var queues: [TrackQueue] = []
  /// Each track's queue.
  private var offsets: [Int?] = Array(repeating: nil, count: Limits.tracks)
  /// For each queue the section that is under way, as much of it as is decoded: all, or a window
  /// where memory is short.
  private var sections: [LoadedSection?] = []
  /// And its events; none where no section is under way.
  @usableFromInline private(set) var events: [SectionEvents] = []
  /// The next event of each queue.
  @usableFromInline private(set) var order = RunHeap()
  /// The runs that were found last, and the first of them that `next` has not given.
  private var runs: [MergedRun] = []
  private var nextRun = 0
  private var memory: SectionMemory
  private var waitingByteCount = 0
  private var isAtEnd = false
  /// What is not open begins behind this time.
  @usableFromInline private(set) var lastTime = Int64.max
  /// What the next call throws, as events in front of it were given.
  private var failure: FileError?
  /// Events of each track that are passed over, from the first on.
  private var passed: [TrackID: Int]

  /// Events of a section that are held at once where memory is short.
  private static let windowEventCount = 512

  init(_ contents: RecordingContents, filter: EventFilter, passing passed: [TrackID: Int] = [:]) {
    self.contents = contents
    self.passed = passed
    self.filter = filter
    noEvents = SectionEvents(EventBatch(track: .first), kinds: filter.kinds)
    memory = SectionMemory(budget: contents.deadline.memoryByteCount, kinds: filter.kinds)
    loader = SectionLoader(source: contents.source, id: contents.header.recordingID)
    blocks = BlockWalk(contents.listing, filter: filter)
  }

  // MARK: - Blocks

  /// Opens blocks until none that is left can hold the next event.
  private mutating func openBlocks() throws(FileError) {
    while let earliest = blocks.earliestTime {
      if let first = order.first, earliest > first.time { return }
      guard let record = blocks.next() else { return }
      do throws(FileError) {
        try open(record)
      } catch {
        guard case .format(let problem) = error else { throw error }
        guard blocks.listing.isByIndex else {
          try contents.note(Loss(record, problem))
          continue
        }
        // The index says something else than the records do: they count.
        blocks = try contents.walkByScan(
          insteadOf: blocks.listing, filter, from: record.position)
      }
      try checkBudget(at: record.position)
    }
  }

  private func checkBudget(at position: UInt64) throws(FileError) {
    try contents.deadline.check(
      at: position, memoryByteCount: waitingByteCount + memory.byteCount)
  }

  private mutating func open(_ record: RecordEntry) throws(FileError) {
    for place in try loader.sections(of: record) {
      let section = place.entry
      guard section.content == .events, section.eventCount > 0 else { continue }
      let start = passOver(section)
      guard filter.includes(section), start < section.eventCount else { continue }
      // A directory has been refused where a track's number is beyond the limit.
      let offset = offsets[Int(section.track.rawValue)] ?? queues.count
      if offset == queues.count {
        offsets[Int(section.track.rawValue)] = offset
        queues.append(TrackQueue())
        sections.append(nil)
        events.append(noEvents)
      }
      waitingByteCount -= queues[offset].waitingByteCount
      queues[offset].add(place, from: start)
      waitingByteCount += queues[offset].waitingByteCount
      if !queues[offset].isQueued, let time = queues[offset].nextTime(behind: 0) {
        queues[offset].isQueued = true
        order.push(
          NextEvent(time: time, track: Int(section.track.rawValue), queue: offset))
      }
    }
  }

  /// How many events of a section have been given already.
  private mutating func passOver(_ section: SectionEntry) -> Int {
    guard let left = passed[section.track] else { return 0 }
    let count = min(left, section.eventCount)
    passed[section.track] = left - count
    return count
  }

  // MARK: - Runs

  /// The next run, or nil at the end.
  mutating func next() throws(FileError) -> EventRun? {
    try throwFailure()
    if nextRun == runs.count {
      guard try findRuns() else { return nil }
    }
    let run = runs[nextRun]
    nextRun += 1
    // A run that was found is of a section that is under way.
    return sections[Int(run.queue)].map { EventRun($0, run, kinds: filter.kinds) }
  }

  /// Calls `body` with the next events, at most `limit`, stretch by stretch.
  ///
  /// - Returns: how many events there were: fewer than `limit` at the end, or in front of an error,
  ///   which the next call throws.
  mutating func next(
    _ limit: Int, _ body: (borrowing LentStretch) -> Void
  ) throws(FileError) -> Int {
    try throwFailure()
    var count = 0
    while count < limit {
      if nextRun == runs.count {
        do throws(FileError) {
          guard try findRuns() else { break }
        } catch {
          guard count > 0 else { throw error }
          failure = error
          break
        }
      }
      var run = runs[nextRun]
      count += lend(&run, limit - count, body)
      runs[nextRun] = run
      if run.start == run.end { nextRun += 1 }
    }
    return count
  }

  private mutating func throwFailure() throws(FileError) {
    guard let failure else { return }
    self.failure = nil
    throw failure
  }

  /// Lends the events of a run, at most `limit`, and leaves those behind them in it.
  private func lend(
    _ run: inout MergedRun, _ limit: Int, _ body: (borrowing LentStretch) -> Void
  ) -> Int {
    let events = events.span
    let queue = Int(run.queue)
    let stretches = events[queue].stretches.list.span
    var count = 0
    while run.start < run.end, count < limit {
      let stretch = stretches[Int(run.stretch)]
      var range = Int(run.start)..<Int(min(stretch.end, run.end))
      if stretch.isWanted {
        range = range.prefix(limit - count)
        body(
          LentStretch(
            range, of: stretch, on: events[queue].batch.track, events[queue].batch.times.span,
            events[queue].batch.columns.span))
        count += range.count
      }
      run.start = UInt32(range.upperBound)
      if run.start == stretch.end { run.stretch += 1 }
    }
    return count
  }

  /// Finds the next runs, as many as need no more to be decoded; false at the end.
  private mutating func findRuns() throws(FileError) -> Bool {
    runs.removeAll(keepingCapacity: true)
    nextRun = 0
    while runs.isEmpty {
      guard try findEvents() else { return false }
      order.findRuns(in: events, through: lastTime, filter, into: &runs)
    }
    return true
  }

  /// Decodes what comes next; false at the end.
  @usableFromInline
  mutating func findEvents() throws(FileError) -> Bool {
    while !isAtEnd {
      leaveGivenSection()
      try openBlocks()
      guard let first = order.first else {
        isAtEnd = true
        try contents.checkEnd()
        return false
      }
      if sections[first.queue] != nil {
        // So one less does not overflow.
        lastTime = blocks.earliestTime.map { $0 &- 1 } ?? .max
        return true
      }
      // Where the first events are passed over, its time is that of the first that is not.
      try loadSection(first.queue)
    }
    return false
  }

  /// Calls `body` with each event of what has been found, as far as no more needs to be decoded.
  ///
  /// Without a list of runs: where they are short, to find their ends first costs as much as their
  /// events.
  @inlinable @inline(__always)
  mutating func forEachEvent<E: Error>(_ body: (Event) throws(E) -> Void) throws(E) {
    // A copy, as the order changes meanwhile.
    let events = events
    let sections = events.span
    let isAllTime = filter.isAllTime
    try order.forEachRun(in: sections, through: lastTime) { event, limit throws(E) in
      let (times, queue) = (sections[event.queue].batch.times.span, event.queue)
      var (range, last) = (event.index..<times.count, limit)
      if !isAllTime {
        range = RunHeap.included(times, from: event.index, through: limit, by: filter)
        event.index = range.upperBound
        guard !range.isEmpty else { return true }
        event.stretch = sections[queue].stretches.index(
          ofEvent: range.lowerBound, from: event.stretch)
        last = .max
      }
      event.index = try sections[queue].stretches.list.span.forEachEvent(
        in: range, from: &event.stretch, through: last, on: sections[queue].batch.track, times,
        sections[queue].batch.columns.span, body)
      return true
    }
  }

  /// Leaves the first queue's section, or a window of it, where all of it has been given.
  private mutating func leaveGivenSection() {
    guard let first = order.first, let section = sections[first.queue] else { return }
    let count = section.events.batch.count
    guard first.index == count else { return }
    sections[first.queue] = nil
    events[first.queue] = noEvents
    memory.leave(section)
    moveFirst(behind: count)
  }

  /// Moves the first queue on to what it has next; it leaves the order where it has nothing.
  ///
  /// - Parameter count: of events that have been given.
  private mutating func moveFirst(behind count: Int) {
    guard let offset = order.first?.queue else { return }
    if let time = queues[offset].nextTime(behind: count) {
      order.replaceFirst(time: time)
    } else {
      queues[offset].isQueued = false
      order.removeFirst()
    }
  }

  /// Decodes the queue's next section, or the next window of it; passes over one where that fails.
  private mutating func loadSection(_ offset: Int) throws(FileError) {
    waitingByteCount -= queues[offset].waitingByteCount
    let next = queues[offset].takeNext()
    waitingByteCount += queues[offset].waitingByteCount
    guard let (place, start) = next else { return }
    try checkBudget(at: place.position)
    do throws(FileError) {
      let section = try load(place, from: start, offset)
      sections[offset] = section
      events[offset] = section.events
      if let time = section.events.batch.times.first { order.replaceFirst(time: time) }
    } catch {
      queues[offset].drop()
      moveFirst(behind: 0)
      guard case .format(let problem) = error else { throw error }
      var loss = place.loss(problem)
      loss.eventCount = place.entry.eventCount - start
      try contents.note(loss)
    }
  }

  /// Decodes a section, and holds all of it or its next window.
  private mutating func load(
    _ place: SectionPlace, from start: Int, _ offset: Int
  ) throws(FileError) -> LoadedSection {
    var batch = memory.takeBatch(of: place.entry.track)
    try loader.load(place, kinds: filter.kinds, into: &batch)
    if start > 0 || (batch.count > Self.windowEventCount && memory.isShort(for: batch)) {
      let end = min(start + Self.windowEventCount, batch.count)
      if end < batch.count { queues[offset].windowEndTime = batch.times[end] }
      batch = batch.part(start..<end)
    }
    guard let section = memory.begin(batch) else {
      throw .format(FormatError(.limitExceeded, at: place.position))
    }
    return section
  }
}
