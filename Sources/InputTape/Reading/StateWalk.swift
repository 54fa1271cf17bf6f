// SPDX-License-Identifier: Apache-2.0
//
// The way from a state keyframe to a moment (Specs/Format.md, section 10.4).

import InputTapeCore

/// Walks over blocks and gathers what they leave held.
final class StateWalk {
  private let contents: RecordingContents
  private let list: RecordList
  private let isByIndex: Bool
  private let loader: SectionLoader
  private let time: Int64
  private var state = RecordingState()
  /// Gaps that begin before the moment and end behind it.
  private var openGaps: [(track: TrackID, gap: Gap)] = []
  private var batch = EventBatch(track: .first)
  private var previous: RecordEntry?
  /// A block is not what the index says, so that nothing is known before a scan.
  private(set) var isMislaid = false

  init(_ contents: RecordingContents, time: Int64) {
    self.contents = contents
    let listing = contents.listing
    list = listing.records
    isByIndex = listing.isByIndex
    loader = SectionLoader(source: contents.source, id: contents.header.recordingID)
    self.time = time
  }

  /// The state after all events up to the moment.
  func run() throws(FileError) -> RecordingState {
    let end = list.lastBlock(beginningBy: time)?.position ?? 0
    let start = list.keyframe(before: time)?.position ?? 0
    var isBehind = false
    var page = list.page(at: start)
    while page < list.pageCount, !isBehind {
      for record in list.records(ofPage: page) where record.position >= start && !isBehind {
        forgetMissing(before: record)
        previous = record
        guard record.type == .data else { continue }
        isBehind = record.position > end
        if !isBehind { try take(record, isFirst: record.position == start) }
      }
      page += 1
    }
    try findGaps(behind: end)
    for (track, gap) in openGaps { state.forget(gap, on: track) }
    return state
  }

  /// Where records are missing, nobody knows what they did.
  private func forgetMissing(before entry: RecordEntry) {
    guard let previous else { return }
    let isBroken =
      contents.isMissing(between: previous.position, and: entry.position)
      ?? (entry.sequence != previous.sequence &+ 1)
    guard isBroken else { return }
    state.forget(
      Gap(
        cause: .unknown, count: 1, isLowerBound: true,
        firstTime: previous.type == .data ? previous.lastTime : time,
        lastTime: entry.type == .data ? entry.firstTime : time))
  }

  private func take(_ record: RecordEntry, isFirst: Bool) throws(FileError) {
    for place in try sections(of: record) where place.entry.content == .events || isFirst {
      guard try load(place, kinds: .all) else {
        forget(place.entry, in: record)
        continue
      }
      if place.entry.content == .state || record.lastTime <= time {
        state.apply(batch)
      } else {
        batch.forEachEvent { take($0) }
      }
    }
  }

  private func take(_ event: Event) {
    if event.time <= time {
      state.apply(event)
    } else if case .gap(let gap) = event.body, gap.firstTime <= time {
      openGaps.append((event.track, gap))
    }
  }

  /// Of each track that holds something, the next events may tell of a gap around the moment.
  private func findGaps(behind end: UInt64) throws(FileError) {
    var wanted = Set(state.tracks.filter { $0.value.certain != InputState() }.keys)
    for page in list.page(at: end)..<max(list.pageCount, list.page(at: end)) {
      guard list.mayHave(wanted, onPage: page) else { continue }
      for record in list.records(ofPage: page)
      where record.type == .data && record.position > end && !wanted.isEmpty {
        for place in try sections(of: record) where place.entry.content == .events {
          guard wanted.remove(place.entry.track) != nil else { continue }
          try findGaps(in: place)
        }
      }
    }
  }

  private func findGaps(in place: SectionPlace) throws(FileError) {
    guard try load(place, kinds: KindSet([.gap])) else { return }
    for gap in batch.gaps {
      // Every event of this block is behind the moment.
      take(Event(time: .max, track: place.entry.track, body: .gap(gap)))
    }
  }

  // MARK: - What cannot be read

  /// The sections of a block; none, and all that is held uncertain, where they cannot be known.
  private func sections(of record: RecordEntry) throws(FileError) -> [SectionPlace] {
    do {
      return try loader.sections(of: record)
    } catch {
      isMislaid = isByIndex
      guard case .format(let problem) = error, !isMislaid else { throw error }
      try contents.note(Loss(record, problem))
      state.forget(
        Gap(
          cause: .unknown, count: Int64(record.eventCount), isLowerBound: true,
          firstTime: record.firstTime, lastTime: record.lastTime))
      return []
    }
  }

  /// Decodes a section; false where that fails.
  private func load(_ place: SectionPlace, kinds: KindSet) throws(FileError) -> Bool {
    do {
      try loader.load(place, kinds: kinds, into: &batch)
      return true
    } catch {
      guard case .format(let problem) = error else { throw error }
      try contents.note(place.loss(problem))
      return false
    }
  }

  private func forget(_ section: SectionEntry, in record: RecordEntry) {
    guard section.content == .state || section.firstTime <= time else { return }
    let gap = Gap(
      cause: .unknown, count: Int64(section.eventCount), isLowerBound: section.content == .state,
      firstTime: section.content == .state ? .min : section.firstTime, lastTime: record.lastTime)
    state.forget(gap, on: section.track)
  }
}
