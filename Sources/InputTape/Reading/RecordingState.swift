// SPDX-License-Identifier: Apache-2.0
//
// What is held and pointed at, at one moment (Specs/Format.md, section 10.4).

import InputTapeCore

/// The state of every track at one moment.
public struct RecordingState: Hashable, Sendable {
  /// Tracks of which nothing is known yet, and on which nothing is held, are not there.
  public private(set) var tracks: [TrackID: TrackState] = [:]

  /// Nothing is known, and nothing is held.
  public init() {}

  /// The state of one track.
  public subscript(track: TrackID) -> TrackState { tracks[track] ?? TrackState() }

  mutating func apply(_ batch: EventBatch) {
    tracks[batch.track, default: TrackState()].apply(batch)
    dropIfEmpty(batch.track)
  }

  mutating func apply(_ batch: EventBatch, through time: Int64) {
    var state = tracks[batch.track] ?? TrackState()
    batch.forEachEvent { event in
      if event.time <= time { state.apply(event) }
    }
    tracks[batch.track] = state
    dropIfEmpty(batch.track)
  }

  private mutating func dropIfEmpty(_ track: TrackID) {
    if tracks[track]?.isEmpty ?? false { tracks[track] = nil }
  }
}

extension RecordingReader {
  /// Keys, buttons, contacts and positions after all events up to a moment.
  ///
  /// - Parameter time: nanoseconds on the recording's clock.
  /// - Complexity: O(log blocks), and the blocks from the last state keyframe on: one for
  ///   recordings of full blocks, at most 4,096 events' worth for others.
  public func state(at time: Int64) throws(FileError) -> RecordingState {
    var state = RecordingState()
    let search = list.timeSearch
    let end = time == .max ? list.records.count : search.firstRecord(afterAllBefore: time + 1)
    guard let start = keyframe(before: end, at: time, search) else { return state }
    let loader = SectionLoader(source: source, list: list, id: header.recordingID)
    var batch = EventBatch(track: .first)
    for record in start..<end where list.records[record].type == .data {
      for (number, index) in list.sectionRange(of: record).enumerated() {
        let section = list.sections[index]
        guard section.content == .events || record == start else { continue }
        do {
          try loader.load(number, of: record, kinds: .all, into: &batch)
        } catch {
          guard case .format(let problem) = error else { throw error }
          let entry = list.records[record]
          log.note(
            Loss(
              range: entry.position..<(entry.position + entry.byteCount), error: problem,
              eventCount: section.content == .events ? section.eventCount : 0))
          continue
        }
        if section.content == .state {
          state.apply(batch)
        } else {
          state.apply(batch, through: time)
        }
      }
    }
    return state
  }

  /// The last state keyframe before which nothing happened after `time`.
  private func keyframe(before end: Int, at time: Int64, _ search: TimeSearch) -> Int? {
    var first: Int?
    for record in (0..<end).reversed() {
      let entry = list.records[record]
      guard entry.type == .data, entry.flags.contains(.stateKeyframe) else { continue }
      first = record
      if search.latest(before: record) <= time { return record }
    }
    return first
  }
}
