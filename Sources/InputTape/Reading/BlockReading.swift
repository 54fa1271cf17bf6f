// SPDX-License-Identifier: Apache-2.0
//
// Whole blocks as columns, on any number of threads (Specs/Format.md, section 10.2).

import InputTapeCore

/// One block on its way through the threads that decode.
struct BlockJob: Sendable {
  var record: Int
  var batches: [EventBatch] = []
  var losses: [Loss] = []
  var failure: FileError?
}

/// Decodes the sections of blocks; one thread's.
final class BlockLoader {
  private let list: BlockList
  private let filter: EventFilter
  private let loader: SectionLoader

  init(list: BlockList, filter: EventFilter, loader: SectionLoader) {
    self.list = list
    self.filter = filter
    self.loader = loader
  }

  /// Fills a job's batches, whose memory is used again.
  func load(_ job: inout BlockJob) {
    let record = list.records[job.record]
    var used = 0
    for (number, index) in list.sectionRange(of: job.record).enumerated() {
      let section = list.sections[index]
      guard section.content == .events, filter.includes(section) else { continue }
      if used == job.batches.count { job.batches.append(EventBatch(track: section.track)) }
      do {
        try loader.load(
          number, of: job.record, kinds: filter.kinds, into: &job.batches[used])
        used += 1
      } catch {
        guard case .format(let problem) = error else {
          job.failure = error
          break
        }
        job.losses.append(
          Loss(
            range: record.position..<(record.position + record.byteCount), error: problem,
            eventCount: section.eventCount))
      }
    }
    job.batches.removeLast(job.batches.count - used)
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
  ///   - threads: how many blocks are decoded at once; the result does not depend on it.
  ///   - body: is called on the caller's thread.
  /// - Throws: an error of the system, or what `body` throws. Damage is noted in `status`.
  public func forEachBlock(
    _ filter: EventFilter = EventFilter(), threads: Int = 1,
    _ body: ([EventBatch]) throws(FileError) -> Void
  ) throws(FileError) {
    precondition(threads >= 1, "Decoding takes one thread at least")
    let (source, list, id) = (self.source, self.list, header.recordingID)
    let pool = OrderedPool<BlockJob>(threads: threads) {
      let loader = BlockLoader(
        list: list, filter: filter, loader: SectionLoader(source: source, list: list, id: id))
      return { job in loader.load(&job) }
    }
    defer { pool.stop() }
    var spare: [[EventBatch]] = []
    let log = self.log
    func emit(_ job: inout BlockJob) throws(FileError) {
      if let failure = job.failure { throw failure }
      for loss in job.losses { log.note(loss) }
      if !job.batches.isEmpty { try body(job.batches) }
      spare.append(job.batches)
      job.batches = []
    }
    for record in recordRange(of: filter) where list.records[record].type == .data {
      let entry = list.records[record]
      if entry.lastTime < filter.from || filter.to.map({ entry.firstTime >= $0 }) ?? false {
        continue
      }
      let job = BlockJob(record: record, batches: spare.popLast() ?? [])
      try pool.submit(job) { done throws(FileError) in try emit(&done) }
    }
    try pool.drain { done throws(FileError) in try emit(&done) }
  }
}
