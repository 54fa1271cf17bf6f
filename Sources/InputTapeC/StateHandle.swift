// SPDX-License-Identifier: Apache-2.0
//
// A moment's state behind its C handle.

import CInputTape
import InputTape

/// What an `itape_state *` points at.
final class StateHandle: Handle {
  static let name = "state"

  private let texts = Arena()
  /// The tracks of which something is known, sorted by number.
  private let tracks: [(id: TrackID, state: TrackState)]

  init(_ state: RecordingState) {
    tracks = state.tracks.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  var count: Int { tracks.count }

  func track(_ index: Int) throws(CallFailure) -> TrackState {
    guard tracks.indices.contains(index) else {
      throw CallFailure(ITAPE_ERROR_NOT_FOUND, "the state has \(tracks.count) tracks")
    }
    return tracks[index].state
  }

  /// What is known of a track.
  func describe(_ index: Int) throws(CallFailure) -> itape_track_state {
    let state = try track(index)
    var result = itape_track_state()
    result.track = tracks[index].id.rawValue
    var flags = 0
    func take<T>(_ certain: T?, _ uncertain: T?, _ known: Int, _ doubtful: Int) -> T? {
      if certain != nil { flags |= known }
      if certain == nil, uncertain != nil { flags |= known | doubtful }
      return certain ?? uncertain
    }
    let (certain, uncertain) = (state.certain, state.uncertain)
    if let position = take(
      certain.position, uncertain.position, ITAPE_STATE_POSITION, ITAPE_STATE_POSITION_UNCERTAIN)
    {
      result.position = itape_position(x: position.x, y: position.y)
    }
    if let pen = take(certain.pen, uncertain.pen, ITAPE_STATE_PEN, ITAPE_STATE_PEN_UNCERTAIN) {
      result.pen = itape_pen(pen)
    }
    if let focus = take(
      certain.focus, uncertain.focus, ITAPE_STATE_FOCUS, ITAPE_STATE_FOCUS_UNCERTAIN)
    {
      result.focus = itape_focus(focus, texts)
    }
    if let gap = state.lastGap {
      flags |= ITAPE_STATE_GAP
      result.gap = itape_gap(
        cause: gap.cause.rawValue, is_lower_bound: gap.isLowerBound ? 1 : 0, count: gap.count,
        first_time: gap.firstTime, last_time: gap.lastTime)
    }
    result.flags = UInt32(flags)
    result.keys = UInt32(certain.keys.count + uncertain.keys.count)
    result.buttons = UInt32(certain.buttons.count + uncertain.buttons.count)
    result.contacts = UInt32(certain.contacts.count + uncertain.contacts.count)
    result.axes = UInt32(certain.axes.count + uncertain.axes.count)
    return result
  }
}

extension itape_pen {
  fileprivate init(_ pen: Pen) {
    let absent = KindColumns.notReported
    self.init(
      x: pen.x, y: pen.y, pressure: pen.pressure ?? absent, tilt_x: pen.tiltX ?? absent,
      tilt_y: pen.tiltY ?? absent, phase: pen.phase?.rawValue ?? absent,
      buttons: pen.buttons ?? absent)
  }
}

extension itape_focus {
  fileprivate init(_ focus: Focus, _ texts: Arena) {
    let absent = KindColumns.notReported
    self.init(
      x: focus.x ?? absent, y: focus.y ?? absent, width: focus.width ?? absent,
      height: focus.height ?? absent, application: texts.copy(Array(focus.application.utf8)[...]),
      title: texts.copy(Array(focus.title.utf8)[...]))
  }
}
