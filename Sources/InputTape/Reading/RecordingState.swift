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

  /// Takes over all events of a batch.
  mutating func apply(_ batch: EventBatch) {
    // A state is large: for movements without a place, which are most of what there is, none is
    // made, and looked up.
    guard batch.changesState else { return }
    tracks[batch.track, default: TrackState()].apply(batch)
    if tracks[batch.track]?.isEmpty ?? false { tracks[batch.track] = nil }
  }

  /// Takes over one event.
  mutating func apply(_ event: Event) {
    tracks[event.track, default: TrackState()].apply(event)
    if tracks[event.track]?.isEmpty ?? false { tracks[event.track] = nil }
  }

  /// Takes over that events of a track are missing.
  mutating func forget(_ gap: Gap, on track: TrackID) {
    tracks[track, default: TrackState()].forget(gap)
  }

  /// Takes over that events of whatever tracks are missing.
  mutating func forget(_ gap: Gap) {
    for track in tracks.keys { forget(gap, on: track) }
  }
}

extension RecordingReader {
  /// Keys, buttons, contacts and positions after all events up to a moment.
  ///
  /// What was held before a gap, or before a part of the recording that cannot be read, counts as
  /// uncertain until an event tells. That holds within a gap too: from the first event that is
  /// missing on. So damage is an error in strict mode only; in any mode `status` names it.
  ///
  /// - Parameter time: nanoseconds on the recording's clock.
  /// - Complexity: O(pages of records), and the blocks from the last state keyframe on: two for
  ///   recordings of full blocks, at most 4,096 events' worth for others.
  public func state(at time: Int64) throws(FileError) -> RecordingState {
    let contents = self.contents
    let walk = StateWalk(contents, time: time)
    do throws(FileError) {
      return try walk.run()
    } catch {
      guard case .format = error, walk.isMislaid else { throw error }
      try contents.switchToScan()
      return try StateWalk(contents, time: time).run()
    }
  }

  /// The state before the first block, as its keyframe has it: empty in a first segment; nil where
  /// a later one begins without.
  func initialState() throws(FileError) -> RecordingState? {
    guard header.segmentNumber > 0, let record = contents.list.block(0) else {
      return RecordingState()
    }
    let loader = SectionLoader(source: contents.source, id: header.recordingID)
    return try loader.keyframe(of: record)
  }
}

extension SectionLoader {
  /// The state at a block's start, as its keyframe has it; nil where it has none.
  func keyframe(of record: RecordEntry) throws(FileError) -> RecordingState? {
    guard record.flags.contains(.stateKeyframe) else { return nil }
    var state = RecordingState()
    var batch = EventBatch(track: .first)
    for place in try sections(of: record) where place.entry.content == .state {
      try load(place, kinds: .all, into: &batch)
      state.apply(batch)
    }
    return state
  }
}

extension EventBatch {
  /// Whether a gap in it stands for a block that the writer had and could not store: what that did
  /// to the state is only in the keyframe of this block.
  var tellsOfLostBlock: Bool { gaps.contains { !$0.isForgetful } }
}
