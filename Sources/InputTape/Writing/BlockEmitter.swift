// SPDX-License-Identifier: Apache-2.0
//
// Encoded blocks into the segments, in the order of the recording; where the system refuses one,
// what the recording says instead (Specs/Format.md, sections 6.3 and 9.2).
//
// Invariant: `states` is what all events so far have led to, those of lost blocks too; what the
// file does not show of it, the next block's keyframe says.

import InputTapeCore

/// Alone makes keyframes and says what was lost: what stands in the file is known here, and not yet
/// where blocks are cut and encoded.
final class BlockEmitter {
  let segments: SegmentWriter
  /// For whoever encodes on the same thread: its tables are large.
  private(set) var encoder: SectionEncoder
  private let isSparing: Bool
  let settings: EncodingSettings
  private let inbox: WriterInbox
  private var states: [TrackID: TrackState] = [:]
  private var isStateKnown = true
  private var eventsSinceKeyframe = BlockEmitter.keyframeInterval
  /// What is missing in the file before the next block.
  private var losses = GapTally()
  /// Records that stand before the next block.
  private var prelude: [PreludeRecord] = []
  private var classes: [TrackID: TrackClass] = [:]
  private var block = EncodedBlock()
  private var isFailing = false
  private var failure: FileError?
  /// The latest time of all events so far.
  private var latestTime: Int64 = 0
  var statistics = WriterStatistics()

  /// A block holds the state of all tracks if this many events have passed since the last did.
  private static let keyframeInterval = 4_096

  init(segments: SegmentWriter, options: WriterOptions, inbox: WriterInbox) {
    self.segments = segments
    settings = options.blockSettings
    isSparing = options.isSparing
    self.inbox = inbox
    encoder = SectionEncoder()
  }

  // MARK: - Blocks

  /// Writes a block and what must stand before it; where that fails, it is lost, and counted.
  func emit(_ item: inout PipelineItem) {
    add(item.prelude)
    item.prelude = []
    classes = item.classes
    if let start = item.start {
      states = start.state?.tracks ?? [:]
      isStateKnown = start.state != nil
      requireKeyframe()
    }
    latestTime = max(latestTime, item.sections.timeBounds.last)
    do throws(FileError) {
      do throws(FileError) {
        try write(&item)
      } catch {
        guard case .system(_, _, EFBIG) = error, goOnInAnotherFile() else { throw error }
        item.sections.removeStates()
        try write(&item)
      }
    } catch {
      note(error)
      noteLoss(item.draft, error)
    }
    apply(item.draft)
    takeSegmentNotices()
    if isSparing { encoder = SectionEncoder() }
  }

  private func write(_ item: inout PipelineItem) throws(FileError) {
    try writePrelude()
    try writeLosses()
    try write(item.draft, &item.sections, rowByteCount: item.rowByteCount)
  }

  private func writePrelude() throws(FileError) {
    var count = 0
    // Those that the system did not take stay.
    defer { prelude.removeFirst(count) }
    for record in prelude {
      try segments.emit(record.type, payload: record.payload)
      count += 1
    }
  }

  /// Writes records that no block has followed yet; where that fails, the next block tries again.
  func write(_ records: [PreludeRecord]) throws(FileError) {
    guard !records.isEmpty else { return }
    add(records)
    defer { takeSegmentNotices() }
    try writePrelude()
  }

  /// The same where nobody waits: the next block or the end says what is wrong.
  func emit(_ records: [PreludeRecord]) { try? write(records) }

  private func add(_ records: [PreludeRecord]) {
    // Of metadata that the system has not taken, the newest says all: a disk may be full for days.
    if records.contains(where: { $0.type == .metadata }) {
      prelude.removeAll { $0.type == .metadata }
    }
    prelude += records
  }

  /// A block of gaps alone, for what was lost when the blocks behind it had been cut already.
  private func writeLosses() throws(FileError) {
    guard !losses.isEmpty else { return }
    var builder = DraftBuilder()
    for event in losses.events { builder.append(event) }
    let rowByteCount = builder.byteCount
    let draft = builder.take()
    var sections = EncodedSections()
    sections.append(
      draft.batches, content: .events, with: encoder, settings: settings, classes: classes)
    requireKeyframe()
    try write(draft, &sections, rowByteCount: rowByteCount)
    losses.removeAll()
    apply(draft)
  }

  private func write(
    _ draft: BlockDraft, _ sections: inout EncodedSections, rowByteCount: Int
  ) throws(FileError) {
    let isKeyframe = addKeyframe(to: &sections, of: draft, rowByteCount: rowByteCount)
    block.assemble(sections, of: draft, isKeyframe: isKeyframe)
    try segments.emit(&block)
    let count = draft.eventCount
    eventsSinceKeyframe = isKeyframe ? count : eventsSinceKeyframe + count
    statistics.writtenEventCount += count
    if isFailing { inbox.note(.recovered) }
    isFailing = false
  }

  private func apply(_ draft: BlockDraft) {
    for batch in draft.batches {
      states[batch.track, default: TrackState()].apply(batch)
      // A gap among the events: what is held behind it stands at the start of the next block.
      if !batch.gaps.isEmpty { requireKeyframe() }
    }
  }

  // MARK: - Keyframes

  /// Lets the next block hold the state of all tracks.
  private func requireKeyframe() { eventsSinceKeyframe = Self.keyframeInterval }

  /// Adds the state of all tracks, where it is due, is known and there is room for it.
  private func addKeyframe(
    to sections: inout EncodedSections, of draft: BlockDraft, rowByteCount: Int
  ) -> Bool {
    guard isStateKnown, eventsSinceKeyframe >= Self.keyframeInterval else { return false }
    let states = self.states.filter { !$0.value.isEmpty }
    let byteCount = states.values.reduce(rowByteCount) { $0 + $1.keyframeByteCount }
    // A state that does not fit beside the events waits for a block with room for it.
    guard byteCount <= DraftBuilder.byteLimit || states.isEmpty else { return false }
    let time = sections.timeBounds.first
    let keyframes = states.sorted { $0.key < $1.key }.map {
      $0.value.keyframe(track: $0.key, time: time)
    }
    sections.append(
      keyframes, content: .state, with: encoder, settings: settings, classes: classes)
    return true
  }

  // MARK: - Losses

  /// Notes that a call failed: the caller hears of the first error since he heard of one.
  private func note(_ error: FileError) {
    failure = failure ?? error
    isFailing = true
  }

  private func noteLoss(_ draft: BlockDraft, _ error: FileError) {
    var cause = GapCause.ioError
    if case .system(_, _, let code) = error, code == ENOSPC || code == EDQUOT { cause = .diskFull }
    var lostCount = 0
    for batch in draft.batches {
      let gaps = batch.gaps
      // What was missing before is missing for the reason that it was.
      for gap in gaps { losses.add(gap, on: batch.track) }
      // A block of gaps alone is lost like any other: the next keyframe has what it did.
      guard batch.count > gaps.count || gaps.allSatisfy(\.isForgetful) else { continue }
      lostCount += batch.count - gaps.count
      losses.add(
        Gap(
          cause: cause, count: Int64(batch.count - gaps.count),
          firstTime: batch.times.min() ?? 0, lastTime: batch.times.max() ?? 0),
        on: batch.track)
    }
    statistics.lostEventCount += lostCount
    if lostCount > 0 { inbox.note(.lost(eventCount: lostCount, cause: cause, error: error)) }
  }

  /// Says what was lost at once, where no block will do so soon.
  func emitLosses() {
    guard !losses.isEmpty else { return }
    do throws(FileError) {
      try writePrelude()
      try writeLosses()
    } catch {
      note(error)
    }
    takeSegmentNotices()
  }

  /// An error is reported once, and the recording goes on.
  func throwFailure() throws(FileError) {
    guard let failure else { return }
    self.failure = nil
    throw failure
  }

  // MARK: - Segments

  /// Syncs, and says in the recording what could not be made durable.
  ///
  /// - Returns: whether the system did.
  @discardableResult
  func sync() -> Bool {
    defer { takeSegmentNotices() }
    do throws(FileError) {
      guard let replacement = try segments.sync() else { return true }
      failure = failure ?? replacement.error
      noteReplacement(replacement)
    } catch {
      failure = failure ?? error
    }
    return false
  }

  private func noteReplacement(_ replacement: SegmentWriter.Replacement) {
    let lowest = classes.keys.min().map { Set([$0]) } ?? []
    for track in replacement.tracks.isEmpty ? lowest : replacement.tracks {
      losses.add(
        Gap(
          cause: .syncFailed, count: 0, isLowerBound: !replacement.isWhole,
          firstTime: latestTime, lastTime: latestTime),
        on: track)
    }
  }

  /// Begins the next segment, once all blocks that were cut are in the present one.
  ///
  /// - Returns: whether there is one.
  @discardableResult
  func rotate() -> Bool {
    defer { takeSegmentNotices() }
    guard segments.rotate() else { return false }
    // A segment can be read without the one before it.
    requireKeyframe()
    return true
  }

  /// Begins the next segment where the file may not grow any more: by a limit of the process's, or
  /// of the file system's.
  private func goOnInAnotherFile() -> Bool {
    guard segments.canRotate, sync(), segments.isSynced else { return false }
    return rotate()
  }

  /// Writes the metadata again, the index and the trailer.
  ///
  /// - Parameter rest: records that no block followed.
  func close(_ rest: [PreludeRecord]) throws(FileError) {
    defer { takeSegmentNotices() }
    prelude += rest
    // METADATA comes once more in any case.
    prelude.removeAll { $0.type == .metadata }
    try writePrelude()
    try segments.close()
  }

  private func takeSegmentNotices() {
    for notice in segments.notices {
      // A file that takes another one's place may have its name.
      if case .segment(let number, _) = notice {
        statistics.segmentCount = max(statistics.segmentCount, Int(number) + 1)
      }
      inbox.note(notice)
    }
    segments.notices = []
  }
}
