// SPDX-License-Identifier: Apache-2.0
//
// All tracks of a recording as one sequence: by time, then by track, and within a track as appended
// (Specs/Format.md, section 10.3).
//
// Each track has a cursor of its own, which decodes one section at a time; a section is decoded
// only when its first event is the next, since the directory tells that event's time. So what is
// held in memory is the sections that are under way, however late or early other tracks' blocks
// stand.

import InputTapeCore

/// One track's place in the order.
private struct TrackCursor {
  let track: TrackID
  /// Record and section number of each of the track's sections.
  var sections: [(record: Int32, section: Int32)]
  var nextSection = 0
  var batch: EventBatch?
  var index = 0
  var kindStarts: [Int] = []
  /// The time of the next event.
  var time: Int64 = 0
}

/// Gives the events of a recording in order, run by run.
public final class OrderedRuns {
  private let list: BlockList
  private let loader: SectionLoader
  private let filter: EventFilter
  private let log: LossLog
  private var cursors: [TrackCursor] = []
  /// Offsets of cursors, a binary heap by time and track.
  private var heap: [Int] = []
  private var spareBatches: [EventBatch] = []

  init(
    list: BlockList, records: Range<Int>, loader: SectionLoader, filter: EventFilter, log: LossLog
  ) {
    self.list = list
    self.loader = loader
    self.filter = filter
    self.log = log
    collectSections(records)
    for offset in cursors.indices { pushIfAny(offset) }
  }

  private func collectSections(_ records: Range<Int>) {
    var offsets: [TrackID: Int] = [:]
    for record in records where list.records[record].type == .data {
      let entry = list.records[record]
      if entry.lastTime < filter.from || filter.to.map({ entry.firstTime >= $0 }) ?? false {
        continue
      }
      for section in list.sectionRange(of: record) {
        let part = list.sections[section]
        guard part.content == .events, part.eventCount > 0, filter.includes(part) else { continue }
        let offset = offsets[part.track] ?? cursors.count
        if offset == cursors.count {
          offsets[part.track] = offset
          cursors.append(TrackCursor(track: part.track, sections: []))
        }
        cursors[offset].sections.append((Int32(record), Int32(section)))
      }
    }
  }

  // MARK: - Heap

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    let a = cursors[left].time
    let b = cursors[right].time
    return a < b || (a == b && cursors[left].track < cursors[right].track)
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

  /// Puts a cursor back into the heap with its next event's time, if it has one.
  private func pushIfAny(_ offset: Int) {
    if let batch = cursors[offset].batch, cursors[offset].index < batch.count {
      cursors[offset].time = batch.times[cursors[offset].index]
      push(offset)
      return
    }
    if var used = cursors[offset].batch.take() {
      used.removeAll()
      if spareBatches.count < 4 { spareBatches.append(used) }
    }
    let next = cursors[offset].nextSection
    guard next < cursors[offset].sections.count else { return }
    cursors[offset].time =
      list.sections[Int(cursors[offset].sections[next].section)].firstTime
    push(offset)
  }

  // MARK: - Runs

  /// The next run, or nil at the end.
  ///
  /// - Throws: an error of the system. Sections that cannot be read are noted as losses, and the
  ///   others go on.
  public func next() throws(FileError) -> EventRun? {
    while let offset = pop() {
      if cursors[offset].batch == nil, try !loadSection(offset) {
        pushIfAny(offset)
        continue
      }
      let run = takeRun(offset)
      pushIfAny(offset)
      if let run { return run }
    }
    return nil
  }

  /// Decodes the cursor's next section; false where that fails.
  private func loadSection(_ offset: Int) throws(FileError) -> Bool {
    let place = cursors[offset].sections[cursors[offset].nextSection]
    cursors[offset].nextSection += 1
    let record = list.records[Int(place.record)]
    let section = list.sections[Int(place.section)]
    var batch = spareBatches.popLast() ?? EventBatch(track: section.track)
    let number = Int(place.section) - list.sectionRange(of: Int(place.record)).lowerBound
    do {
      try loader.load(number, of: Int(place.record), kinds: filter.kinds, into: &batch)
    } catch {
      guard case .format(let problem) = error else { throw error }
      log.note(
        Loss(
          range: record.position..<(record.position + record.byteCount), error: problem,
          eventCount: section.eventCount))
      return false
    }
    cursors[offset].batch = batch
    cursors[offset].index = 0
    cursors[offset].kindStarts = Array(repeating: 0, count: batch.columns.count)
    return true
  }

  /// The cursor's events up to where another track is next, or to the section's end.
  private func takeRun(_ offset: Int) -> EventRun? {
    guard let batch = cursors[offset].batch else { return nil }
    let start = cursors[offset].index
    var end = batch.count
    if let other = heap.first {
      let bound = cursors[other].time
      let isFirst = cursors[offset].track < cursors[other].track
      end = start
      while end < batch.count, batch.times[end] < bound || (isFirst && batch.times[end] == bound) {
        end += 1
      }
      // The cursor was taken from the heap because its event is the next.
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

  /// Moves a cursor behind a run.
  ///
  /// - Returns: for each kind, how many events come before the run.
  private func advance(_ offset: Int, _ batch: EventBatch, to range: Range<Int>) -> [Int] {
    let from = cursors[offset].index
    cursors[offset].index = range.upperBound
    guard batch.columns.count > 1 else {
      if !batch.columns.isEmpty { cursors[offset].kindStarts[0] = range.upperBound }
      return batch.columns.isEmpty ? [] : [range.lowerBound]
    }
    batch.countKinds(in: from..<range.lowerBound, into: &cursors[offset].kindStarts)
    let starts = cursors[offset].kindStarts
    batch.countKinds(in: range, into: &cursors[offset].kindStarts)
    return starts
  }
}
