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
// Invariant: `heap` has the next event of each queue that is queued.

import InputTapeCore

/// Merges the sections of a recording's tracks into runs.
@usableFromInline
struct RunMerge {
  private let contents: RecordingContents
  private let loader: SectionLoader
  private let filter: EventFilter
  private var blocks: BlockWalk
  private var queues: [TrackQueue] = []
  /// Each track's queue.
  private var offsets: [Int?] = Array(repeating: nil, count: Limits.tracks)
  /// The next event of each queue, a binary heap.
  private var heap: [NextEvent] = []
  private var memory: SectionMemory
  private var waitingByteCount = 0
  private var isAtEnd = false
  /// Events of each track that are passed over, from the first on.
  private var passed: [TrackID: Int]

  /// Events of a section that are held at once where memory is short.
  private static let windowEventCount = 512

  init(_ contents: RecordingContents, filter: EventFilter, passing passed: [TrackID: Int] = [:]) {
    self.contents = contents
    self.passed = passed
    self.filter = filter
    memory = SectionMemory(budget: contents.deadline.memoryByteCount)
    loader = SectionLoader(source: contents.source, id: contents.header.recordingID)
    blocks = BlockWalk(contents.listing, filter: filter)
  }

  // MARK: - Heap

  /// The next event of a queue, in the recording's order: by time, then by track.
  private struct NextEvent {
    var time: Int64
    let track: TrackID
    /// The offset of the queue.
    let queue: Int

    @inline(__always)
    func precedes(_ other: NextEvent) -> Bool {
      time < other.time || (time == other.time && track < other.track)
    }
  }

  private mutating func push(_ offset: Int) {
    heap.append(
      NextEvent(time: queues[offset].time, track: queues[offset].track, queue: offset))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].precedes(heap[parent]) else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  /// Puts the first queue, whose time has changed, where it belongs.
  private mutating func settleFirst() {
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { return }
      if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
      guard heap[child].precedes(heap[parent]) else { return }
      heap.swapAt(child, parent)
      parent = child
    }
  }

  /// The next event that is not of the first queue.
  private var second: NextEvent? {
    guard heap.count > 1 else { return nil }
    return heap.count > 2 && heap[2].precedes(heap[1]) ? heap[2] : heap[1]
  }

  /// Moves the first queue on to its next event; it leaves the order where it has none.
  private mutating func advanceFirst() {
    let offset = heap[0].queue
    if queues[offset].hasEvent || leaveSection(offset) {
      heap[0].time = queues[offset].time
    } else {
      queues[offset].isQueued = false
      heap[0] = heap[heap.count - 1]
      heap.removeLast()
    }
    settleFirst()
  }

  /// Leaves a section, or a window of it, that has been given; false where nothing follows.
  private mutating func leaveSection(_ offset: Int) -> Bool {
    let (hasNext, used) = queues[offset].leave()
    if let used { memory.leave(used) }
    return hasNext
  }

  // MARK: - Blocks

  /// Opens blocks until none that is left can hold the next event.
  private mutating func openBlocks() throws(FileError) {
    while let earliest = blocks.earliestTime {
      if let first = heap.first, earliest > first.time { return }
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
        queues.append(TrackQueue(section.track))
      }
      waitingByteCount -= queues[offset].waitingByteCount
      queues[offset].add(place, from: start)
      waitingByteCount += queues[offset].waitingByteCount
      if !queues[offset].isQueued, leaveSection(offset) {
        queues[offset].isQueued = true
        push(offset)
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
  @usableFromInline
  mutating func next() throws(FileError) -> EventRun? {
    while !isAtEnd {
      try openBlocks()
      guard let offset = heap.first?.queue else {
        isAtEnd = true
        try contents.checkEnd()
        return nil
      }
      var run: EventRun?
      if queues[offset].section == nil {
        // Where the first events are passed over, its time is that of the first that is not.
        try loadSection(offset)
      } else {
        run = queues[offset].takeRun(through: lastTimeOfFirst, filter)
      }
      advanceFirst()
      if let run { return run }
    }
    return nil
  }

  /// Decodes the queue's next section, or the next window of it; passes over one where that fails.
  private mutating func loadSection(_ offset: Int) throws(FileError) {
    waitingByteCount -= queues[offset].waitingByteCount
    let next = queues[offset].takeNext()
    waitingByteCount += queues[offset].waitingByteCount
    guard let (place, start) = next else { return }
    try checkBudget(at: place.position)
    do throws(FileError) {
      queues[offset].begin(try load(place, from: start, offset))
    } catch {
      queues[offset].drop()
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

  /// The time up to which the first queue's events come before those of other tracks and of blocks
  /// that are not open.
  private var lastTimeOfFirst: Int64 {
    // All that is not of the first queue is later than its next event, or as late and of a later
    // track: so one less does not overflow.
    let last = blocks.earliestTime.map { $0 &- 1 } ?? .max
    guard let second else { return last }
    return min(last, heap[0].track < second.track ? second.time : second.time &- 1)
  }
}
