// SPDX-License-Identifier: Apache-2.0
//
// Single blocks by their number.

import InputTapeCore

/// Reads single blocks of a recording, whose memory is used again; one thread's at a time.
public final class BlockReader {
  private let contents: RecordingContents
  private let loader: BlockLoader
  private var list: RecordList
  private var batches: [EventBatch] = []

  /// Begins to read blocks of a recording.
  ///
  /// - Parameters:
  ///   - reader: the recording's; it may go before this does.
  ///   - filter: tracks, classes and kinds count; times do not.
  public init(_ reader: borrowing RecordingReader, filter: EventFilter = EventFilter()) {
    contents = reader.contents
    list = contents.list
    loader = BlockLoader(
      filter: filter,
      loader: SectionLoader(source: contents.source, id: contents.header.recordingID))
  }

  /// Blocks in the recording.
  public var count: Int { list.blockCount }

  /// The sections of a block, sorted by track.
  ///
  /// - Returns: the sections that could be read, and how many could not; those are also noted as
  ///   losses in the reader's status.
  /// - Throws: an error of the system.
  public func read(_ block: Int) throws(FileError) -> (batches: [EventBatch], lossCount: Int) {
    precondition((0..<list.blockCount).contains(block), "A block's number is below their count")
    guard let record = list.block(block) else { return ([], 0) }
    var job = BlockJob(record: record, batches: batches)
    loader.load(&job)
    if let failure = job.failure { throw failure }
    for loss in job.losses { try contents.note(loss) }
    batches = job.batches
    return (job.batches, job.losses.count)
  }
}
