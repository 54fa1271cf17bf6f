// SPDX-License-Identifier: Apache-2.0
//
// Rows into the queue: what every way to append an event comes to.

import InputTapeCore

extension RecordingWriter {
  /// Appends an event of up to three fields.
  ///
  /// - Precondition: the track keeps to `Limits.tracks`.
  /// - Returns: false if the queue was full and the event was dropped.
  @inlinable
  @inline(__always)
  package func appendRow(
    _ kind: EventKind, _ track: TrackID, _ time: Int64, _ a: Int32, _ b: Int32, _ c: Int32 = 0
  ) -> Bool {
    if !ring.hasRoom(3) {
      guard makeRoom(3, track, time) else { return false }
    }
    ring.push(EventRow.head(kind, track, a), UInt64(bitPattern: time), EventRow.pair(b, c))
    return true
  }

  /// Appends a touch contact.
  @inlinable
  package func appendTouch(
    _ track: TrackID, _ time: Int64, contact: Int32, phase: Int32, x: Int32, y: Int32,
    pressure: Int32
  ) -> Bool {
    if !ring.hasRoom(4) {
      guard makeRoom(4, track, time) else { return false }
    }
    ring.push(
      EventRow.head(.touch, track, contact), UInt64(bitPattern: time), EventRow.pair(phase, x),
      EventRow.pair(y, pressure))
    return true
  }

  /// Appends what a pen reports: x, y, pressure, tilts, phase, buttons.
  @inlinable
  package func appendPen(
    _ track: TrackID, _ time: Int64, _ x: Int32, _ y: Int32, _ pressure: Int32, _ tiltX: Int32,
    _ tiltY: Int32, _ phase: Int32, _ buttons: Int32
  ) -> Bool {
    if !ring.hasRoom(5) {
      guard makeRoom(5, track, time) else { return false }
    }
    ring.push(
      EventRow.head(.pen, track, x), UInt64(bitPattern: time), EventRow.pair(y, pressure),
      EventRow.pair(tiltX, tiltY), EventRow.pair(phase, buttons))
    return true
  }

  /// Appends an event as its columns hold it, if the format has room for it.
  ///
  /// - Precondition: the track keeps to `Limits.tracks`.
  package func appendFields(
    _ kind: EventKind, _ track: TrackID, _ time: Int64, _ fields: EventFields
  ) -> Bool {
    precondition(track.rawValue < UInt16(Limits.tracks), "A track number is below 1,024")
    let layout = fields.layout
    guard fields.strings.allSatisfy({ $0.count <= Limits.textByteCount }),
      max(layout.int32, layout.int64, layout.strings) <= Limits.columns,
      kind.layout.map({ $0 == layout }) ?? (kind.rawValue > 0)
    else {
      engine.inbox.drop(.limit, track: track, first: time, last: time)
      return false
    }
    let row = EventRow.wide(kind, track, time: time, fields: fields)
    guard row.count <= ring.capacity else {
      // Longer than all of the queue: it goes beside it, in its place.
      var batch = EventBatch(track: track)
      batch.append(kind, at: time, fields)
      return engine.accept([batch])
    }
    if !ring.hasRoom(row.count) {
      guard makeRoom(row.count, track, time) else { return false }
    }
    ring.push(row)
    return true
  }

  @usableFromInline
  func makeRoom(_ wordCount: Int, _ track: TrackID, _ time: Int64) -> Bool {
    precondition(track.rawValue < UInt16(Limits.tracks), "A track number is below 1,024")
    return engine.makeRoom(wordCount, track: track, time: time)
  }
}
