// SPDX-License-Identifier: Apache-2.0
//
// Encoded blocks into the segments, and what happens where the system refuses them.

import InputTapeCore

extension WriterEngine {
  // MARK: - Blocks

  func emit(_ item: inout PipelineItem) {
    let eventCount = item.draft.eventCount
    do {
      while let record = item.prelude.first {
        try segments.emit(record.type, payload: record.payload)
        item.prelude.removeFirst()
      }
      if isFailing, options.threads > 1, hasPendingGaps { try emitGaps() }
      try segments.emit(&item.encoded)
      statistics.writtenEventCount += eventCount
      if isFailing { inbox.note(.recovered) }
      isFailing = false
    } catch {
      failure = failure ?? error
      isFailing = true
      prelude = item.prelude + prelude
      noteLoss(item.draft, error)
    }
    takeSegmentNotices()
    noteEmitted(item.draft)
    builder.recycle(item.draft)
    spareBlocks.append(item.encoded)
  }

  /// Says what was lost before a block that was cut when nobody knew yet.
  private func emitGaps() throws(FileError) {
    let pending = pendingGaps
    var block = takeGapBlock()
    do throws(FileError) {
      try segments.emit(&block)
      statistics.writtenEventCount += Int(block.header.eventCount)
    } catch {
      pendingGaps = pending
      throw error
    }
  }

  private func noteLoss(_ draft: BlockDraft, _ error: FileError) {
    var cause = GapCause.ioError
    if case .system(_, let code) = error, code == ENOSPC || code == EDQUOT { cause = .diskFull }
    var lostCount = 0
    for batch in draft.batches {
      let gaps = Self.gaps(in: batch)
      // What was missing before is missing for the reason that it was.
      for gap in gaps { addPendingGap(gap, on: batch.track) }
      // A block of gaps alone is lost like any other: the next keyframe has what it did.
      guard batch.count > gaps.count || gaps.allSatisfy(\.isForgetful) else { continue }
      lostCount += batch.count - gaps.count
      addPendingGap(
        Gap(
          cause: cause, count: Int64(batch.count - gaps.count),
          firstTime: batch.times.min() ?? 0, lastTime: batch.times.max() ?? 0),
        on: batch.track)
    }
    statistics.lostEventCount += lostCount
    if lostCount > 0 { inbox.note(.lost(eventCount: lostCount, cause: cause, error: error)) }
  }

  private static func gaps(in batch: EventBatch) -> [Gap] {
    guard let offset = batch.columnOffset(of: .gap), batch.columns[offset].count > 0 else {
      return []
    }
    var gaps: [Gap] = []
    batch.forEachEvent { event in
      if case .gap(let gap) = event.body { gaps.append(gap) }
    }
    return gaps
  }

  func takeSegmentNotices() {
    for notice in segments.notices {
      // A file that takes another one's place may have its name.
      if case .segment(let number, _) = notice {
        statistics.segmentCount = max(statistics.segmentCount, Int(number) + 1)
      }
      inbox.note(notice)
    }
    segments.notices = []
  }

  // MARK: - On demand

  /// Hands all events so far to the sink.
  func flush() throws(FileError) {
    drain()
    cut()
    pipeline.drain { item in emit(&item) }
    try throwFailure()
  }

  /// An error is reported once, and the recording goes on.
  private func throwFailure() throws(FileError) {
    guard let failure else { return }
    self.failure = nil
    throw failure
  }

  func sync() throws(FileError) {
    try flush()
    syncSegments()
    try throwFailure()
  }

  /// Syncs, and says in the recording what could not be made durable.
  func syncSegments() {
    do throws(FileError) {
      guard let replacement = try segments.sync() else {
        syncFailureCount = 0
        return takeSegmentNotices()
      }
      failure = failure ?? replacement.error
      noteReplacement(replacement)
    } catch {
      failure = failure ?? error
    }
    syncFailureCount += 1
    takeSegmentNotices()
  }

  private func noteReplacement(_ replacement: SegmentWriter.Replacement) {
    let tracks =
      replacement.tracks.isEmpty ? Set([lowestTrack].compactMap { $0 }) : replacement.tracks
    for track in tracks {
      addPendingGap(
        Gap(
          cause: .syncFailed, count: 0, isLowerBound: !replacement.isWhole,
          firstTime: latestTime, lastTime: latestTime),
        on: track)
    }
  }

  /// Writes all that is left, the metadata again, the index and the trailer.
  func finish() throws(FileError) {
    segments.tryAgain()
    drain()
    cut()
    pipeline.drain { item in emit(&item) }
    if isLive { syncSegments() }
    // Gaps of the last blocks, where the sink takes bytes again; it is tried no more than twice.
    for _ in 0..<2 where hasPendingGaps {
      cut()
      pipeline.drain { item in emit(&item) }
    }
    for record in prelude where record.type != .metadata {
      try segments.emit(record.type, payload: record.payload)
    }
    defer { takeSegmentNotices() }
    try segments.close()
    if isLive || segments.path != nil { syncSegments() }
    try throwFailure()
  }

  /// Figures as the caller sees them, who does not wait for files.
  func publishFigures() {
    var figures = statistics
    figures.blockCount = segments.blockCount
    figures.byteCount = segments.byteCount
    inbox.statistics = figures
  }
}
