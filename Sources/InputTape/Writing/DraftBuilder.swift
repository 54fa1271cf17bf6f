// SPDX-License-Identifier: Apache-2.0
//
// Rows and columns gathered into the draft of the next block.
//
// Invariant: `draft.batches` is sorted by track, and `offsets` says where each track's batch is.

import InputTapeCore

/// Gathers events until a block is full.
struct DraftBuilder {
  private(set) var draft = BlockDraft()
  /// Events in the draft.
  private(set) var eventCount = 0
  /// What the events would take as rows: what bounds a block in bytes.
  private(set) var byteCount = 0
  private var lastEventCount = 0
  private var pool: [EventBatch] = []
  /// Batches of written blocks, whole, for those who give others.
  private var exchanged: [EventBatch] = []
  /// Where each track's batch is in the draft; -1 where it has none.
  private var offsets = [Int16](repeating: -1, count: Limits.tracks)

  /// Rows of this many bytes fill a block, however few they are: less than a payload may have,
  /// even if nothing can be made shorter.
  static let byteLimit = 3_000_000

  /// So many events are not copied before it is known that more come behind them.
  private static let sharedCount = 1_024

  /// Takes the draft and begins another.
  mutating func take() -> BlockDraft {
    var result = draft
    result.eventCountBefore = lastEventCount
    draft = BlockDraft()
    lastEventCount = eventCount
    eventCount = 0
    byteCount = 0
    for batch in result.batches { offsets[Int(batch.track.rawValue)] = -1 }
    return result
  }

  /// Takes the memory of a block that has been written, to use it again, and lets go of what this
  /// one did not need.
  mutating func recycle(_ used: inout BlockDraft) {
    pool.removeAll(keepingCapacity: true)
    // Taken out one by one: emptying what the draft still holds would make other memory as large.
    while var batch = used.batches.popLast() {
      if used.sharedTracks.contains(batch.track) { continue }
      if used.givenTracks.contains(batch.track) {
        if exchanged.count < 16 { exchanged.append(batch) }
      } else if pool.count < 16 {
        batch.removeAll()
        pool.append(batch)
      }
    }
  }

  private mutating func offset(of track: TrackID) -> Int {
    let known = Int(offsets[Int(track.rawValue)])
    guard known >= 0 else { return insert(spareBatch(of: track)) }
    if !draft.sharedTracks.isEmpty, draft.sharedTracks.remove(track) != nil {
      // More events come behind those that are shared: now they are copied.
      let shared = draft.batches[known]
      draft.batches[known] = spareBatch(of: track)
      var cursor = BatchCursor(shared)
      _ = cursor.copy(shared, count: shared.count, into: &draft.batches[known])
    }
    return known
  }

  /// The memory of the same track has the size that it will need again.
  private mutating func spareBatch(of track: TrackID) -> EventBatch {
    let used = pool.firstIndex { $0.track == track }
    return used.map { pool.remove(at: $0) } ?? EventBatch(track: track)
  }

  /// Makes a batch that of its track.
  private mutating func insert(_ batch: EventBatch) -> Int {
    let offset = draft.batches.firstIndex { $0.track > batch.track } ?? draft.batches.count
    draft.batches.insert(batch, at: offset)
    for index in offset..<draft.batches.count {
      offsets[Int(draft.batches[index].track.rawValue)] = Int16(index)
    }
    return offset
  }

  // MARK: - Rows

  /// Takes rows from a ring, until the block has `eventLimit` events, the ring is empty, or the
  /// next row does not go with the events that are here already; an empty block takes any row.
  ///
  /// - Returns: where the first row stands that was not taken.
  mutating func drain(_ ring: EventRing, from start: Int, to end: Int, eventLimit: Int) -> Int {
    var index = start
    while index < end, eventCount < eventLimit, byteCount < Self.byteLimit {
      let head = ring.word(index)
      if head & EventRow.wideFlag != 0 {
        guard accepts(ring, from: index) else { return index }
        index = drainWide(ring, from: index)
      } else {
        let limit = min(eventLimit - eventCount, (Self.byteLimit - byteCount + 23) / 24)
        index = drainRun(ring, from: index, to: end, limit: limit)
      }
    }
    return index
  }

  /// Takes a run of narrow rows of one kind and track.
  private mutating func drainRun(
    _ ring: EventRing, from start: Int, to end: Int, limit: Int
  ) -> Int {
    let head = ring.word(start)
    let kind = EventKind(rawValue: UInt8(truncatingIfNeeded: head))
    let track = TrackID(rawValue: UInt16(truncatingIfNeeded: head >> 8))
    let layout = kind.layout ?? KindLayout(int32: 2)
    let wordCount = 2 + layout.int32 / 2
    let offset = offset(of: track)
    let column = draft.batches[offset].ensureColumns(of: kind, layout: layout)
    var rows = 0
    let tag = UInt32(truncatingIfNeeded: head)
    while rows < limit, start + rows * wordCount < end,
      UInt32(truncatingIfNeeded: ring.word(start + rows * wordCount)) == tag
    {
      rows += 1
    }
    let source = RowRun(ring: ring, start: start, wordCount: wordCount, count: rows)
    source.appendTimes(to: &draft.batches[offset].times)
    draft.batches[offset].kinds.append(contentsOf: repeatElement(kind, count: rows))
    for field in 0..<layout.int32 {
      source.append(field: field, to: &draft.batches[offset].columns[column].int32[field])
    }
    draft.batches[offset].columns[column].count += rows
    eventCount += rows
    byteCount += rows * wordCount * 8
    return start + rows * wordCount
  }

  /// Whether a row of any layout goes into this block: by its size, and by what columns its kind
  /// has here.
  private func accepts(_ ring: EventRing, from start: Int) -> Bool {
    guard eventCount > 0 else { return true }
    let head = ring.word(start)
    let wordCount = Int(head >> 32)
    guard byteCount + 8 * wordCount <= Self.byteLimit else { return false }
    let known = offsets[Int(UInt16(truncatingIfNeeded: head >> 8))]
    let kind = EventKind(rawValue: UInt8(truncatingIfNeeded: head))
    guard known >= 0, let offset = draft.batches[Int(known)].columnOffset(of: kind) else {
      return true
    }
    let columns = draft.batches[Int(known)].columns[offset]
    let layout = ring.word(start + 2)
    return columns.count == 0
      || columns.layout
        == KindLayout(
          int32: Int(layout & 0xFFFF), int64: Int(layout >> 16 & 0xFFFF),
          strings: Int(layout >> 32))
  }

  private mutating func drainWide(_ ring: EventRing, from start: Int) -> Int {
    let head = ring.word(start)
    let layout = ring.word(start + 2)
    var index = start + 3
    func next() -> UInt64 {
      defer { index += 1 }
      return ring.word(index)
    }
    var fields = EventFields()
    for _ in 0..<Int(layout & 0xFFFF) {
      fields.int32.append(Int32(truncatingIfNeeded: next()))
    }
    for _ in 0..<Int(layout >> 16 & 0xFFFF) { fields.int64.append(Int64(bitPattern: next())) }
    for _ in 0..<Int(layout >> 32) {
      let count = Int(next())
      var string: [UInt8] = []
      string.reserveCapacity(count)
      var word: UInt64 = 0
      for byte in 0..<count {
        if byte & 7 == 0 { word = next() }
        string.append(UInt8(truncatingIfNeeded: word))
        word >>= 8
      }
      fields.strings.append(string)
    }
    let track = TrackID(rawValue: UInt16(truncatingIfNeeded: head >> 8))
    let kind = EventKind(rawValue: UInt8(truncatingIfNeeded: head))
    append(
      Event(
        time: Int64(bitPattern: ring.word(start + 1)), track: track,
        body: Event.Body(kind: kind, fields: fields)))
    byteCount += (index - start) * 8 - 24
    return index
  }

  // MARK: - Events and columns

  mutating func append(_ event: Event) {
    draft.batches[offset(of: event.track)].append(event)
    eventCount += 1
    byteCount += 24
  }

  /// Whether a batch's events can stand beside those that are here already.
  func accepts(_ batch: EventBatch) -> Bool {
    let known = offsets[Int(batch.track.rawValue)]
    return known < 0 || draft.batches[Int(known)].accepts(batch)
  }

  /// Takes events of a batch from `cursor` on, until the block is full; none where the next one is
  /// too long for what room there is.
  mutating func append(_ batch: EventBatch, from cursor: inout BatchCursor, eventLimit: Int) {
    let count = cursor.advanceCount(
      in: batch, limit: eventLimit - eventCount, byteLimit: Self.byteLimit - byteCount,
      isFirst: eventCount == 0)
    guard count > 0 else { return }
    eventCount += count
    if count == batch.count, count >= Self.sharedCount || eventCount == eventLimit,
      offsets[Int(batch.track.rawValue)] < 0
    {
      // All of a batch, and maybe nothing comes behind it: it shares its memory with its owner.
      _ = insert(batch)
      draft.sharedTracks.insert(batch.track)
      byteCount += cursor.passAll(batch)
      return
    }
    let offset = offset(of: batch.track)
    byteCount += cursor.copy(batch, count: count, into: &draft.batches[offset])
  }

  /// As `append`; what would be shared is taken, and another batch is left, to be filled while this
  /// one is encoded: what two threads share is copied as soon as one writes to it.
  mutating func append(
    giving batch: inout EventBatch, from cursor: inout BatchCursor, eventLimit: Int
  ) {
    append(batch, from: &cursor, eventLimit: eventLimit)
    guard draft.sharedTracks.remove(batch.track) != nil else { return }
    draft.givenTracks.insert(batch.track)
    batch = exchanged.popLast() ?? EventBatch(track: batch.track)
  }
}

/// Rows of one kind and track, one after another in a ring.
private struct RowRun {
  let ring: EventRing
  let start: Int
  let wordCount: Int
  let count: Int

  func appendTimes(to times: inout [Int64]) {
    var index = start + 1
    for _ in 0..<count {
      times.append(Int64(bitPattern: ring.word(index)))
      index += wordCount
    }
  }

  func append(field: Int, to column: inout [Int32]) {
    var index = start + (field == 0 ? 0 : 1 + (field + 1) / 2)
    let shift: UInt64 = field == 0 || field & 1 == 0 ? 32 : 0
    for _ in 0..<count {
      column.append(Int32(truncatingIfNeeded: ring.word(index) >> shift))
      index += wordCount
    }
  }
}
