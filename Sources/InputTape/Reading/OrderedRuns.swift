// SPDX-License-Identifier: Apache-2.0
//
// All tracks of a recording as one sequence: by time, then by track, and within a track as appended
// (Specs/Format.md, section 10.3).
//
// Blocks are opened in the order of the file, each as soon as something in it, or behind it, may be
// the next event: no block begins later than its directory says. Each track then has a queue of
// sections and decodes one at a time. So what is held in memory is the sections that are under way,
// and where those are too many, a window of each.

import InputTapeCore

/// Gives the events of a recording in order, run by run.
public final class OrderedRuns {
  private let contents: RecordingContents
  private let loader: SectionLoader
  private let filter: EventFilter
  private var blocks: BlockWalk
  private var queues: [TrackQueue] = []
  private var offsets: [TrackID: Int] = [:]
  /// Offsets of queues, a binary heap by time and track.
  private var heap: [Int] = []
  private var spareBatches: [EventBatch] = []
  private var waitingCount = 0
  private var decodedByteCount = 0
  private var isAtEnd = false
  /// Events of each track that are passed over, from the first on.
  private var passed: [TrackID: Int]

  /// Events of a section that are held at once where memory is short.
  private static let windowEventCount = 512

  init(_ contents: RecordingContents, filter: EventFilter, passing passed: [TrackID: Int] = [:]) {
    self.contents = contents
    self.passed = passed
    self.filter = filter
    loader = SectionLoader(source: contents.source, id: contents.header.recordingID)
    blocks = BlockWalk(contents.list, filter: filter)
  }

  // MARK: - Heap

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    let a = queues[left].time
    let b = queues[right].time
    return a < b || (a == b && queues[left].track < queues[right].track)
  }

  private func push(_ offset: Int) {
    heap.append(offset)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard precedes(heap[child], heap[parent]) else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private func pop() -> Int? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var parent = 0
    while true {
      var best = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if precedes(heap[child], heap[best]) { best = child }
      }
      guard best != parent else { return first }
      heap.swapAt(best, parent)
      parent = best
    }
  }

  /// Puts a queue back into the heap with its next event's time, if it has one.
  private func pushIfAny(_ offset: Int) {
    let (hasNext, used) = queues[offset].advance()
    if var used {
      decodedByteCount -= used.memoryByteCount
      used.removeAll()
      if spareBatches.count < 4 { spareBatches.append(used) }
    }
    queues[offset].isQueued = hasNext
    if hasNext { push(offset) }
  }

  // MARK: - Blocks

  /// Opens blocks until none that is left can hold the next event.
  private func openBlocks() throws(FileError) {
    while let earliest = blocks.earliestTime {
      if let first = heap.first, earliest > queues[first].time { return }
      guard let record = blocks.next() else { return }
      do throws(FileError) {
        try open(record)
      } catch {
        guard case .format(let problem) = error else { throw error }
        guard problem.code == .index, contents.usesIndex else {
          try contents.note(Loss(record, problem))
          continue
        }
        // The index says something else than the records do: they count.
        blocks = BlockWalk(try contents.switchToScan(), filter: filter, from: record.position)
      }
    }
  }

  private func open(_ record: RecordEntry) throws(FileError) {
    for place in try loader.sections(of: record) {
      let section = place.entry
      guard section.content == .events, section.eventCount > 0 else { continue }
      let start = passOver(section)
      guard filter.includes(section), start < section.eventCount else { continue }
      let offset = offsets[section.track] ?? queues.count
      if offset == queues.count {
        offsets[section.track] = offset
        queues.append(TrackQueue(section.track))
      }
      queues[offset].add(place, from: start)
      waitingCount += 1
      if !queues[offset].isQueued { pushIfAny(offset) }
    }
    try contents.deadline.check(
      at: record.position,
      memoryByteCount: waitingCount * MemoryLayout<SectionPlace>.stride + decodedByteCount)
  }

  /// How many events of a section have been given already.
  private func passOver(_ section: SectionEntry) -> Int {
    guard let left = passed[section.track] else { return 0 }
    let count = min(left, section.eventCount)
    passed[section.track] = left - count
    return count
  }

  // MARK: - Runs

  /// The next run, or nil at the end.
  ///
  /// - Throws: an error of the system. Sections that cannot be read are noted as losses, and the
  ///   others go on; at the end damage is an error where the reader's mode says so.
  public func next() throws(FileError) -> EventRun? {
    while !isAtEnd {
      try openBlocks()
      guard let offset = pop() else {
        isAtEnd = true
        try contents.checkEnd()
        return nil
      }
      if queues[offset].batch == nil {
        let isLoaded = try loadSection(offset)
        // Where the first events are passed over, its time is that of the first that is not.
        guard isLoaded, !queues[offset].isTimeUnknown else {
          pushIfAny(offset)
          continue
        }
      }
      let run = takeRun(offset)
      pushIfAny(offset)
      if let run { return run }
    }
    return nil
  }

  /// Decodes the queue's next section, or the next window of it; false where that fails.
  private func loadSection(_ offset: Int) throws(FileError) -> Bool {
    let isNew = queues[offset].place == nil
    guard let (place, start) = queues[offset].takeNext() else { return false }
    if isNew { waitingCount -= 1 }
    var batch = spareBatches.popLast() ?? EventBatch(track: place.entry.track)
    do {
      try loader.load(place, kinds: filter.kinds, into: &batch)
    } catch {
      queues[offset].drop()
      guard case .format(let problem) = error else { throw error }
      try contents.note(place.loss(problem))
      return false
    }
    let isShort = decodedByteCount + batch.memoryByteCount > contents.deadline.memoryByteCount / 4
    if start > 0 || (isShort && batch.count > Self.windowEventCount) {
      let end = min(start + Self.windowEventCount, batch.count)
      if end < batch.count { queues[offset].windowEndTime = batch.times[end] }
      batch = batch.part(start..<end)
    }
    decodedByteCount += batch.memoryByteCount
    queues[offset].begin(batch)
    return true
  }

  /// The queue's events up to where another track, or a block that is not open, is next.
  private func takeRun(_ offset: Int) -> EventRun? {
    guard let batch = queues[offset].batch else { return nil }
    let start = queues[offset].index
    var bound = blocks.earliestTime
    var isFirst = false
    if let other = heap.first {
      let time = queues[other].time
      if time < bound ?? .max || bound == nil {
        bound = time
        isFirst = queues[offset].track < queues[other].track
      }
    }
    var end = batch.count
    if let bound {
      end = start
      while end < batch.count, batch.times[end] < bound || (isFirst && batch.times[end] == bound) {
        end += 1
      }
      // The queue was taken from the heap because its event is the next.
      end = max(end, start + 1)
    }
    var range = start..<end
    if !filter.isAllTime { range = included(range, of: batch) }
    let kindStarts = advance(offset, batch, to: range)
    guard !range.isEmpty else { return nil }
    return EventRun(batch: batch, range: range, kindStarts: kindStarts, kinds: filter.kinds)
  }

  /// The first stretch of events within the time that was asked for.
  private func included(_ range: Range<Int>, of batch: EventBatch) -> Range<Int> {
    var start = range.lowerBound
    while start < range.upperBound, !filter.includes(batch.times[start]) { start += 1 }
    var end = start
    while end < range.upperBound, filter.includes(batch.times[end]) { end += 1 }
    return start..<end
  }

  /// Moves a queue behind a run.
  ///
  /// - Returns: for each kind, how many events come before the run.
  private func advance(_ offset: Int, _ batch: EventBatch, to range: Range<Int>) -> [Int] {
    let from = queues[offset].index
    queues[offset].index = range.upperBound
    guard batch.columns.count > 1 else {
      if !batch.columns.isEmpty { queues[offset].kindStarts[0] = range.upperBound }
      return batch.columns.isEmpty ? [] : [range.lowerBound]
    }
    batch.countKinds(in: from..<range.lowerBound, into: &queues[offset].kindStarts)
    let starts = queues[offset].kindStarts
    batch.countKinds(in: range, into: &queues[offset].kindStarts)
    return starts
  }
}
