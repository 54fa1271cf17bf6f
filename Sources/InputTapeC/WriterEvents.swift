// SPDX-License-Identifier: Apache-2.0
//
// Events from C, one by one.

// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CInputTape
import InputTape

@c @implementation
public func itape_writer_motion(
  _ writer: OpaquePointer?, _ track: UInt16, _ time: Int64, _ x: Int32, _ y: Int32
) -> itape_status {
  append(writer, track) { $0.appendRow(.motion, $1, time, x, y) }
}

@c @implementation
public func itape_writer_raw_motion(
  _ writer: OpaquePointer?, _ track: UInt16, _ time: Int64, _ dx: Int32, _ dy: Int32
) -> itape_status {
  append(writer, track) { $0.appendRow(.rawMotion, $1, time, dx, dy) }
}

@c @implementation
public func itape_writer_button(
  _ writer: OpaquePointer?, _ track: UInt16, _ time: Int64, _ button: Int32, _ state: Int32
) -> itape_status {
  append(writer, track) { $0.appendRow(.button, $1, time, button, state) }
}

@c @implementation
public func itape_writer_scroll(
  _ writer: OpaquePointer?, _ track: UInt16, _ time: Int64, _ dx: Int32, _ dy: Int32,
  _ phase: Int32
) -> itape_status {
  append(writer, track) { $0.appendRow(.scroll, $1, time, dx, dy, phase) }
}

@c @implementation
public func itape_writer_key(
  _ writer: OpaquePointer?, _ track: UInt16, _ time: Int64, _ code: UInt32, _ state: Int32
) -> itape_status {
  append(writer, track) { $0.appendRow(.key, $1, time, Int32(bitPattern: code), state) }
}

@c @implementation
public func itape_writer_axis(
  _ writer: OpaquePointer?, _ track: UInt16, _ time: Int64, _ axis: Int32, _ value: Int32
) -> itape_status {
  append(writer, track) { $0.appendRow(.axis, $1, time, axis, value) }
}

@c @implementation
public func itape_writer_touch(
  _ writer: OpaquePointer?, _ track: UInt16, _ time: Int64, _ touch: UnsafePointer<itape_touch>?
) -> itape_status {
  guard let touch else { return CallFailure.isNull("touch").noted() }
  // Safe: the caller's struct lives for the call.
  let fields = unsafe touch.pointee
  return append(writer, track) {
    $0.appendTouch(
      $1, time, contact: fields.contact, phase: fields.phase, x: fields.x, y: fields.y,
      pressure: fields.pressure)
  }
}

@c @implementation
public func itape_writer_pen(
  _ writer: OpaquePointer?, _ track: UInt16, _ time: Int64, _ pen: UnsafePointer<itape_pen>?
) -> itape_status {
  guard let pen else { return CallFailure.isNull("pen").noted() }
  // Safe: as above.
  let fields = unsafe pen.pointee
  return append(writer, track) {
    $0.appendPen(
      $1, time, fields.x, fields.y, fields.pressure, fields.tilt_x, fields.tilt_y, fields.phase,
      fields.buttons)
  }
}

@c @implementation
public func itape_writer_text(
  _ writer: OpaquePointer?, _ track: UInt16, _ time: Int64, _ text: UnsafePointer<CChar>?,
  _ count: Int
) -> itape_status {
  append(writer, track, time, .text) { () throws(CallFailure) in
    EventFields(strings: [try bytes(text, count, "text")])
  }
}

@c @implementation
public func itape_writer_marker(
  _ writer: OpaquePointer?, _ track: UInt16, _ time: Int64, _ label: UnsafePointer<CChar>?,
  _ count: Int
) -> itape_status {
  append(writer, track, time, .marker) { () throws(CallFailure) in
    EventFields(strings: [try bytes(label, count, "label")])
  }
}

@c @implementation
public func itape_writer_focus(
  _ writer: OpaquePointer?, _ track: UInt16, _ time: Int64, _ focus: UnsafePointer<itape_focus>?
) -> itape_status {
  append(writer, track, time, .focus) { () throws(CallFailure) in
    guard let focus else { throw .isNull("focus") }
    return try EventFields(unsafe focus.pointee)
  }
}

@c @implementation
public func itape_writer_frame(
  _ writer: OpaquePointer?, _ track: UInt16, _ time: Int64, _ frame: UnsafePointer<itape_frame>?
) -> itape_status {
  append(writer, track, time, .frame) { () throws(CallFailure) in
    guard let frame else { throw .isNull("frame") }
    return try EventFields(unsafe frame.pointee)
  }
}

@c @implementation
public func itape_writer_clock(
  _ writer: OpaquePointer?, _ track: UInt16, _ time: Int64, _ unixTime: Int64,
  _ uncertainty: Int64
) -> itape_status {
  append(writer, track, time, .clock) { EventFields(int64: [unixTime, uncertainty]) }
}

@c @implementation
public func itape_writer_gap(
  _ writer: OpaquePointer?, _ track: UInt16, _ time: Int64, _ gap: UnsafePointer<itape_gap>?
) -> itape_status {
  append(writer, track, time, .gap) { () throws(CallFailure) in
    guard let gap else { throw .isNull("gap") }
    return EventFields(unsafe gap.pointee)
  }
}

@c @implementation
public func itape_writer_custom(
  _ writer: OpaquePointer?, _ track: UInt16, _ time: Int64, _ type: Int32,
  _ start: UnsafeRawPointer?, _ count: Int
) -> itape_status {
  append(writer, track, time, .custom) { () throws(CallFailure) in
    EventFields(int32: [type], strings: [try bytes(start, count, "bytes")])
  }
}

/// Appends an event whose fields take memory.
private func append(
  _ handle: OpaquePointer?, _ track: UInt16, _ time: Int64, _ kind: EventKind,
  _ fields: () throws(CallFailure) -> EventFields
) -> itape_status {
  do throws(CallFailure) {
    let fields = try fields()
    return append(handle, track) { $0.appendFields(kind, $1, time, fields) }
  } catch {
    return error.noted()
  }
}
