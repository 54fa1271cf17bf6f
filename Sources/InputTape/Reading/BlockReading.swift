// SPDX-License-Identifier: Apache-2.0
//
// Whole blocks as columns, on any number of threads (Specs/Format.md, section 10.2).

import InputTapeCore

/// One block on its way through the threads that decode.
struct BlockJob: Sendable {
  var record: RecordEntry
  var batches: [EventBatch] = []
  var losses: [Loss] = []
  var failure: FileError?
  /// The block's header or directory is not where it must be, or not sound.
  var isMislaid = false
}

/// Decodes the sections of blocks; one thread's.
final class BlockLoader {
  private let filter: EventFilter
  private let loader: SectionLoader
  private let eventLimit: Int
  private var eventCount = 0

  /// - Parameter eventLimit: after so many events the decoder's memory is let go.
  init(filter: EventFilter, loader: SectionLoader, eventLimit: Int = .max) {
    self.filter = filter
    self.loader = loader
    self.eventLimit = eventLimit
  }

  /// Fills a job's batches, whose memory is used again.
  func load(_ job: inout BlockJob) {
    var used = 0
    var budget = BlockBudget()
    do throws(FileError) {
      for place in try loader.sections(of: job.record)
      where place.entry.content == .events && filter.includes(place.entry) {
        if used == job.batches.count { job.batches.append(EventBatch(track: place.entry.track)) }
        do throws(FileError) {
          try loader.load(place, kinds: filter.kinds, into: &job.batches[used])
          try budget.take(&job.batches[used], of: place)
          used += 1
        } catch {
          guard case .format(let problem) = error else { throw error }
          job.losses.append(place.loss(problem))
        }
      }
    } catch {
      switch error {
      case .format(let problem):
        job.isMislaid = true
        job.losses.append(Loss(job.record, problem))
      case .system: job.failure = error
      }
    }
    job.batches.removeLast(job.batches.count - used)
    guard eventLimit < .max else { return }
    eventCount += job.batches.reduce(0) { $0 + $1.count }
    if eventCount >= eventLimit {
      eventCount %= eventLimit
      loader.releaseMemory()
    }
  }
}

extension RecordingReader {
  /// Calls `body` with the batches of each block that a filter's time touches, in the order of the
  /// file: the fastest way to all columns.
  ///
  /// Blocks are handed out whole: of the filter, tracks, classes and kinds count, and times only to
  /// leave out blocks.
  ///
  /// - Parameters:
  ///   - filter: which blocks and sections are wanted.
  ///   - threads: how many blocks are decoded at once; the result does not depend on it.
  ///   - body: is called on the caller's thread.
  /// - Throws: an error of the system, or what `body` throws. Damage is noted in `status`, and is
  ///   an error where the reader's mode says so.
  public func forEachBlock(
    _ filter: EventFilter = EventFilter(), threads: Int = 1,
    _ body: ([EventBatch]) throws(FileError) -> Void
  ) throws(FileError) {
    try forEachRecord(filter, threads: threads) { _, batches throws(FileError) in
      try body(batches)
    }
  }

  /// As `forEachBlock`, with what the header says of the block.
  ///
  /// - Parameter eventLimit: after so many events a decoder's memory is let go, before `body` is
  ///   called.
  /// - Parameter body: may leave other batches: their memory is used for the next block.
  func forEachRecord(
    _ filter: EventFilter = EventFilter(), threads: Int = 1, eventLimit: Int = .max,
    _ body: (RecordEntry, inout [EventBatch]) throws(FileError) -> Void
  ) throws(FileError) {
    precondition(threads >= 1, "Decoding takes one thread at least")
    var walk: BlockWalk? = BlockWalk(contents.listing, filter: filter)
    while let blocks = walk {
      let mislaid = try forEachRecord(
        blocks, filter, threads: threads, eventLimit: eventLimit, body)
      walk = nil
      if let mislaid {
        walk = try contents.walkByScan(insteadOf: blocks.listing, filter, from: mislaid)
      }
    }
    try contents.checkEnd()
  }

  /// - Returns: the position of the first block that is not where the index says.
  private func forEachRecord(
    _ blocks: BlockWalk, _ filter: EventFilter, threads: Int, eventLimit: Int,
    _ body: (RecordEntry, inout [EventBatch]) throws(FileError) -> Void
  ) throws(FileError) -> UInt64? {
    let contents = self.contents
    let pool = OrderedPool<BlockJob>(threads: threads) {
      let loader = BlockLoader(
        filter: filter,
        loader: SectionLoader(source: contents.source, id: contents.header.recordingID),
        eventLimit: eventLimit)
      return { job in loader.load(&job) }
    }
    defer { pool.stop() }
    var spare: [[EventBatch]] = []
    var mislaid: UInt64?
    let isByIndex = blocks.listing.isByIndex
    func emit(_ job: inout BlockJob) throws(FileError) {
      if mislaid != nil { return }
      if let failure = job.failure { throw failure }
      if job.isMislaid, isByIndex {
        mislaid = job.record.position
        return
      }
      for loss in job.losses { try contents.note(loss) }
      if !job.batches.isEmpty { try body(job.record, &job.batches) }
      spare.append(job.batches)
      job.batches = []
    }
    var blocks = blocks
    while mislaid == nil, let record = blocks.next() {
      try contents.deadline.check(at: record.position, memoryByteCount: 0)
      let job = BlockJob(record: record, batches: spare.popLast() ?? [])
      try pool.submit(job) { done throws(FileError) in try emit(&done) }
    }
    try pool.drain { done throws(FileError) in try emit(&done) }
    return mislaid
  }
}
