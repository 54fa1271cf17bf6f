// SPDX-License-Identifier: Apache-2.0
//
// Events, one by one, into the queue.

import InputTapeCore

extension RecordingWriter {
  /// Appends an absolute position.
  ///
  /// - Parameters:
  ///   - time: nanoseconds on the recording's clock.
  ///   - x: in the units of the track's coordinate space.
  ///   - y: in the same.
  ///   - track: the track, which need not have been declared.
  /// - Complexity: constant; no allocation, lock or system call but once in some thousand events.
  @inlinable
  @inline(__always)
  public func motion(at time: Int64, x: Int32, y: Int32, track: TrackID = .first) {
    append(.motion, track, time, x, y, 0)
  }

  /// Appends a relative motion.
  @inlinable
  @inline(__always)
  public func rawMotion(at time: Int64, dx: Int32, dy: Int32, track: TrackID = .first) {
    append(.rawMotion, track, time, dx, dy, 0)
  }

  /// Appends a button's press or release.
  @inlinable
  @inline(__always)
  public func button(
    at time: Int64, button: Int32, state: ButtonState, track: TrackID = .first
  ) {
    append(.button, track, time, button, state.rawValue, 0)
  }

  /// Appends scrolling, in 1/120 of a detent unless the track says otherwise.
  @inlinable
  @inline(__always)
  public func scroll(
    at time: Int64, dx: Int32, dy: Int32, phase: Phase? = nil, track: TrackID = .first
  ) {
    append(.scroll, track, time, dx, dy, phase?.rawValue ?? KindColumns.notReported)
  }

  /// Appends a key's press, repeat or release.
  @inlinable
  @inline(__always)
  public func key(at time: Int64, code: UInt32, state: KeyState, track: TrackID = .first) {
    append(.key, track, time, Int32(bitPattern: code), state.rawValue, 0)
  }

  /// Appends a gamepad axis.
  @inlinable
  @inline(__always)
  public func axis(at time: Int64, axis: Int32, value: Int32, track: TrackID = .first) {
    append(.axis, track, time, axis, value, 0)
  }

  /// Appends a touch contact.
  public func touch(
    at time: Int64, contact: Int32, phase: Phase, x: Int32, y: Int32, pressure: Int32? = nil,
    track: TrackID = .first
  ) {
    append(
      [
        EventRow.head(.touch, track, contact), UInt64(bitPattern: time),
        EventRow.pair(phase.rawValue, x), EventRow.pair(y, pressure ?? KindColumns.notReported),
      ], track, time)
  }

  /// Appends what a pen reports.
  public func pen(at time: Int64, _ pen: Pen, track: TrackID = .first) {
    let absent = KindColumns.notReported
    append(
      [
        EventRow.head(.pen, track, pen.x), UInt64(bitPattern: time),
        EventRow.pair(pen.y, pen.pressure ?? absent),
        EventRow.pair(pen.tiltX ?? absent, pen.tiltY ?? absent),
        EventRow.pair(pen.phase?.rawValue ?? absent, pen.buttons ?? absent),
      ], track, time)
  }

  /// Appends committed text; longer text becomes several events.
  public func text(at time: Int64, _ text: String, track: TrackID = .first) {
    var rest = Substring(text)
    repeat {
      var piece = rest.prefix(Limits.textByteCount / 4)
      if rest.utf8.count <= Limits.textByteCount { piece = rest }
      append(Event(time: time, track: track, body: .text(String(piece))))
      rest = rest[piece.endIndex...]
    } while !rest.isEmpty
  }

  /// Appends any event.
  ///
  /// - Precondition: its strings keep to `Limits.textByteCount`, and its track to `Limits.tracks`.
  public func append(_ event: Event) {
    let fields = event.body.fields
    precondition(
      fields.strings.allSatisfy { $0.count <= Limits.textByteCount },
      "A string of an event is too long")
    precondition(
      max(fields.int32.count, fields.int64.count, fields.strings.count) <= Limits.columns,
      "An event has 16 columns of a type at most")
    append(
      EventRow.wide(event.kind, event.track, time: event.time, fields: fields), event.track,
      event.time)
  }

  @inlinable
  @inline(__always)
  func append(
    _ kind: EventKind, _ track: TrackID, _ time: Int64, _ a: Int32, _ b: Int32, _ c: Int32
  ) {
    if !ring.hasRoom(3) {
      guard makeRoom(3, track, time) else { return }
    }
    ring.push(EventRow.head(kind, track, a), UInt64(bitPattern: time), EventRow.pair(b, c))
  }

  func append(_ row: [UInt64], _ track: TrackID, _ time: Int64) {
    if !ring.hasRoom(row.count) {
      guard makeRoom(row.count, track, time) else { return }
    }
    ring.push(row)
  }

  @usableFromInline
  func makeRoom(_ wordCount: Int, _ track: TrackID, _ time: Int64) -> Bool {
    precondition(track.rawValue < UInt16(Limits.tracks), "A track number is below 1,024")
    return engine.makeRoom(wordCount, track: track, time: time)
  }
}
