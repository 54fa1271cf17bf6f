// SPDX-License-Identifier: Apache-2.0
//
// Events, one by one, into the queue.
//
// Each call returns false if the queue was full and the event was dropped, which happens only with
// `WriterOptions.Overload.drop`; the recording then holds a gap that counts it.

import InputTapeCore

extension RecordingWriter {
  /// Appends an absolute position.
  ///
  /// - Parameters:
  ///   - time: nanoseconds on the recording's clock.
  ///   - x: in the units of the track's coordinate space.
  ///   - y: in the same.
  ///   - track: the track, which need not have been declared.
  /// - Returns: false if the event was dropped.
  /// - Complexity: constant; no allocation, lock or system call but once in some thousand events.
  @inlinable
  @inline(__always)
  @discardableResult
  public func motion(at time: Int64, x: Int32, y: Int32, track: TrackID = .first) -> Bool {
    appendRow(.motion, track, time, x, y)
  }

  /// Appends a relative motion.
  @inlinable
  @inline(__always)
  @discardableResult
  public func rawMotion(at time: Int64, dx: Int32, dy: Int32, track: TrackID = .first) -> Bool {
    appendRow(.rawMotion, track, time, dx, dy)
  }

  /// Appends a button's press or release.
  @inlinable
  @inline(__always)
  @discardableResult
  public func button(
    at time: Int64, button: Int32, state: ButtonState, track: TrackID = .first
  ) -> Bool {
    appendRow(.button, track, time, button, state.rawValue)
  }

  /// Appends scrolling, in 1/120 of a detent unless the track says otherwise.
  @inlinable
  @inline(__always)
  @discardableResult
  public func scroll(
    at time: Int64, dx: Int32, dy: Int32, phase: Phase? = nil, track: TrackID = .first
  ) -> Bool {
    appendRow(.scroll, track, time, dx, dy, phase?.rawValue ?? KindColumns.notReported)
  }

  /// Appends a key's press, repeat or release.
  @inlinable
  @inline(__always)
  @discardableResult
  public func key(at time: Int64, code: UInt32, state: KeyState, track: TrackID = .first) -> Bool {
    appendRow(.key, track, time, Int32(bitPattern: code), state.rawValue)
  }

  /// Appends a gamepad axis.
  @inlinable
  @inline(__always)
  @discardableResult
  public func axis(at time: Int64, axis: Int32, value: Int32, track: TrackID = .first) -> Bool {
    appendRow(.axis, track, time, axis, value)
  }

  /// Appends a touch contact.
  @inlinable
  @discardableResult
  public func touch(
    at time: Int64, contact: Int32, phase: Phase, x: Int32, y: Int32, pressure: Int32? = nil,
    track: TrackID = .first
  ) -> Bool {
    appendTouch(
      track, time, contact: contact, phase: phase.rawValue, x: x, y: y,
      pressure: pressure ?? KindColumns.notReported)
  }

  /// Appends what a pen reports.
  @discardableResult
  public func pen(at time: Int64, _ pen: Pen, track: TrackID = .first) -> Bool {
    let absent = KindColumns.notReported
    return appendPen(
      track, time, pen.x, pen.y, pen.pressure ?? absent, pen.tiltX ?? absent, pen.tiltY ?? absent,
      pen.phase?.rawValue ?? absent, pen.buttons ?? absent)
  }

  /// Appends committed text; longer text becomes several events.
  ///
  /// - Returns: false if any of them was dropped.
  @discardableResult
  public func text(at time: Int64, _ text: String, track: TrackID = .first) -> Bool {
    var rest = Array(text.utf8)[...]
    var isWhole = true
    repeat {
      let piece = Self.piece(of: rest)
      let event = Event(
        time: time, track: track, body: .text(String(decoding: piece, as: UTF8.self)))
      if !append(event) { isWhole = false }
      rest = rest[piece.endIndex...]
    } while !rest.isEmpty
    return isWhole
  }

  /// As much of a text as one event may have, in whole characters of Unicode.
  private static func piece(of text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard text.count > Limits.textByteCount else { return text }
    var end = text.startIndex + Limits.textByteCount
    while text[end] & 0xC0 == 0x80 { end -= 1 }
    return text[..<end]
  }

  /// Appends any event.
  ///
  /// One that the format has no room for (a string beyond `Limits.textByteCount`, more than
  /// `Limits.columns` columns of a type, a known kind with other columns than its own) is left out,
  /// and a gap of cause `limit` stands for it.
  ///
  /// - Precondition: its track keeps to `Limits.tracks`.
  /// - Returns: false if the event was left out or dropped.
  @discardableResult
  public func append(_ event: Event) -> Bool {
    appendFields(event.kind, event.track, event.time, event.body.fields)
  }
}
