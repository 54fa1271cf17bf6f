// SPDX-License-Identifier: Apache-2.0
//
// Single blocks by their number.

import InputTapeCore

/// Reads single blocks of a recording, whose memory is used again; one thread's at a time.
public final class BlockReader {
  private let loader: BlockLoader
  private let log: LossLog
  private let records: [Int]
  private var job = BlockJob(record: 0)

  /// Begins to read blocks of a recording.
  ///
  /// - Parameter filter: tracks, classes and kinds count; times do not.
  /// - Complexity: O(records).
  public init(_ reader: borrowing RecordingReader, filter: EventFilter = EventFilter()) {
    let list = reader.list
    records = list.records.indices.filter { list.records[$0].type == .data }
    log = reader.log
    loader = BlockLoader(
      list: list, filter: filter,
      loader: SectionLoader(source: reader.source, list: list, id: reader.header.recordingID))
  }

  /// Blocks in the recording.
  public var count: Int { records.count }

  /// The sections of a block, sorted by track.
  ///
  /// - Returns: the sections that could be read, and how many could not; those are also noted as
  ///   losses in the reader's status.
  /// - Throws: an error of the system.
  public func read(_ block: Int) throws(FileError) -> (batches: [EventBatch], lossCount: Int) {
    precondition(records.indices.contains(block), "A block's number is below their count")
    job.record = records[block]
    job.losses = []
    job.failure = nil
    loader.load(&job)
    if let failure = job.failure { throw failure }
    for loss in job.losses { log.note(loss) }
    return (job.batches, job.losses.count)
  }
}
