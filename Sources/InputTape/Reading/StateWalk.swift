// SPDX-License-Identifier: Apache-2.0
//
// The way from a state keyframe to a moment (Specs/Format.md, section 10.4).

import InputTapeCore

/// Walks over blocks and gathers what they leave held.
final class StateWalk {
  private let list: BlockList
  private let loader: SectionLoader
  private let log: LossLog
  private let time: Int64
  private var state = RecordingState()
  /// Gaps that begin before the moment and end behind it.
  private var openGaps: [(track: TrackID, gap: Gap)] = []
  private var batch = EventBatch(track: .first)

  init(list: BlockList, loader: SectionLoader, log: LossLog, time: Int64) {
    self.list = list
    self.loader = loader
    self.log = log
    self.time = time
  }

  /// The state after the events of a range of records, the first of which has a keyframe.
  func state(from start: Int, to end: Int) throws(FileError) -> RecordingState {
    for record in start..<end {
      if record > start { forgetMissing(before: record) }
      guard list.records[record].type == .data else { continue }
      try take(record, isFirst: record == start)
    }
    if let next = list.records[end...].firstIndex(where: { $0.type == .data }), end > 0 {
      for record in end...next { forgetMissing(before: record) }
    }
    try findGaps(from: end)
    for (track, gap) in openGaps { state.forget(gap, on: track) }
    return state
  }

  /// Where records are missing, nobody knows what they did.
  private func forgetMissing(before record: Int) {
    let entry = list.records[record]
    let previous = list.records[record - 1]
    guard entry.sequence != previous.sequence &+ 1 else { return }
    state.forget(
      Gap(
        cause: .unknown, count: 1, isLowerBound: true,
        firstTime: previous.type == .data ? previous.lastTime : time,
        lastTime: entry.type == .data ? entry.firstTime : time))
  }

  private func take(_ record: Int, isFirst: Bool) throws(FileError) {
    for (number, index) in list.sectionRange(of: record).enumerated() {
      let section = list.sections[index]
      guard section.content == .events || isFirst else { continue }
      guard try load(number, of: record, section, kinds: .all) else {
        forget(section, in: list.records[record])
        continue
      }
      if section.content == .state {
        state.apply(batch)
      } else if list.records[record].lastTime <= time {
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
  private func findGaps(from end: Int) throws(FileError) {
    var wanted = Set(state.tracks.filter { $0.value.certain != InputState() }.keys)
    for record in end..<list.records.count where list.records[record].type == .data {
      if wanted.isEmpty { return }
      for (number, index) in list.sectionRange(of: record).enumerated() {
        let section = list.sections[index]
        guard section.content == .events, wanted.remove(section.track) != nil,
          try load(number, of: record, section, kinds: KindSet([.gap])),
          let offset = batch.columnOffset(of: .gap)
        else { continue }
        for gap in 0..<batch.columns[offset].count {
          let body = Event.Body(kind: .gap, fields: batch.columns[offset].fields(at: gap))
          // Every event of this block is behind the moment.
          take(Event(time: .max, track: section.track, body: body))
        }
      }
    }
  }

  /// Decodes a section; false where that fails.
  private func load(
    _ number: Int, of record: Int, _ section: SectionEntry, kinds: KindSet
  ) throws(FileError) -> Bool {
    let entry = list.records[record]
    do {
      try loader.load(number, of: record, kinds: kinds, into: &batch)
      return true
    } catch {
      guard case .format(let problem) = error else { throw error }
      log.note(
        Loss(
          range: entry.position..<(entry.position + entry.byteCount), error: problem,
          eventCount: section.content == .events ? section.eventCount : 0))
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
