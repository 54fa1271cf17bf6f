// SPDX-License-Identifier: Apache-2.0
//
// Single blocks by their number.

import InputTapeCore

/// Reads single blocks of a recording, whose memory is used again; one thread's at a time.
public final class BlockReader {
  private let contents: RecordingContents
  private let loader: BlockLoader
  private var list: RecordList
  /// Whether the list is what an index says, which may not be so.
  private var isByIndex: Bool
  /// Where the list has blocks that a scan has not found, and has noted as losses.
  private var missing: Set<UInt64> = []
  private var batches: [EventBatch] = []

  /// Begins to read blocks of a recording.
  ///
  /// - Parameters:
  ///   - reader: the recording's; it may go before this does.
  ///   - filter: tracks, classes and kinds count; times do not.
  public init(_ reader: borrowing RecordingReader, filter: EventFilter = EventFilter()) {
    contents = reader.contents
    let listing = contents.listing
    list = listing.records
    isByIndex = listing.isByIndex
    loader = BlockLoader(
      filter: filter,
      loader: SectionLoader(source: contents.source, id: contents.header.recordingID))
  }

  /// Blocks in the recording.
  public var count: Int { list.blockCount }

  /// The sections of a block, sorted by track.
  ///
  /// Numbers are those of the recording's index, if it has one. Where that does not lead to a
  /// block, the blocks in the file are looked for: if all that are there are in the index, this one
  /// is damaged, and the numbers stay.
  ///
  /// - Returns: the sections that could be read, and how many could not; those are also noted as
  ///   losses in the reader's status. A block that is not there counts as one.
  /// - Throws: an error of the system; a format error of code `index`, once, where the index hides
  ///   blocks: from then on `count` and the numbers are those of the blocks that are in the file.
  public func read(_ block: Int) throws(FileError) -> (batches: [EventBatch], lossCount: Int) {
    precondition((0..<list.blockCount).contains(block), "A block's number is below their count")
    guard let record = list.block(block) else { return ([], 0) }
    var job = BlockJob(record: record, batches: batches)
    loader.load(&job)
    if let failure = job.failure { throw failure }
    if job.isMislaid, isByIndex { try leaveIndex(at: record.position) }
    // A strict reader stops at it, whoever has noted it.
    if contents.mode == .strict || !missing.contains(record.position) {
      for loss in job.losses { try contents.note(loss) }
    }
    batches = job.batches
    return (job.batches, job.losses.count)
  }

  /// Compares the index with the file, in which it has not led to a block.
  private func leaveIndex(at position: UInt64) throws(FileError) {
    try contents.switchToScan()
    isByIndex = false
    let scanned = contents.list
    var found = RecordCursor(scanned)
    var next = found.nextBlock()
    var known = RecordCursor(list)
    while let block = known.nextBlock() {
      if block == next { next = found.nextBlock() } else { missing.insert(block.position) }
    }
    if next == nil { return }
    missing = []
    list = scanned
    throw .format(FormatError(.index, at: contents.place(of: position).position))
  }
}

extension RecordCursor {
  /// The next record that is a block.
  fileprivate mutating func nextBlock() -> RecordEntry? {
    while let record = next() {
      if record.type == .data { return record }
    }
    return nil
  }
}
