// SPDX-License-Identifier: Apache-2.0
//
// The fields of events as C structs, to columns (Specs/Registry.md, section 1).

import CInputTape
import InputTape

extension EventFields {
  init(_ focus: itape_focus) throws(CallFailure) {
    self.init(
      int32: [focus.x, focus.y, focus.width, focus.height],
      strings: [
        try bytes(focus.application, "application"), try bytes(focus.title, "title"),
      ])
  }

  init(_ frame: itape_frame) throws(CallFailure) {
    self.init(int64: [frame.presentation_time], strings: [try bytes(frame.media, "media")])
  }

  init(_ gap: itape_gap) {
    self.init(
      int32: [gap.cause, gap.is_lower_bound == 0 ? 0 : 1],
      int64: [gap.count, gap.first_time, gap.last_time])
  }

  /// The fields of an event of any kind.
  init(_ kind: EventKind, _ fields: itape_fields) throws(CallFailure) {
    switch kind {
    case .motion, .rawMotion: self.init(int32: [fields.motion.x, fields.motion.y])
    case .button, .key: self.init(int32: [fields.press.code, fields.press.state])
    case .axis: self.init(int32: [fields.axis.axis, fields.axis.value])
    case .scroll:
      self.init(int32: [fields.scroll.dx, fields.scroll.dy, fields.scroll.phase])
    case .text, .marker: self.init(strings: [try bytes(fields.text, "text")])
    case .touch:
      let touch = fields.touch
      self.init(int32: [touch.contact, touch.phase, touch.x, touch.y, touch.pressure])
    case .pen:
      let pen = fields.pen
      self.init(int32: [
        pen.x, pen.y, pen.pressure, pen.tilt_x, pen.tilt_y, pen.phase, pen.buttons,
      ])
    case .focus: try self.init(fields.focus)
    case .frame: try self.init(fields.frame)
    case .clock: self.init(int64: [fields.clock.unix_time, fields.clock.uncertainty])
    case .gap: self.init(fields.gap)
    case .custom:
      self.init(int32: [fields.custom.type], strings: [try bytes(fields.custom.bytes, "bytes")])
    default: try self.init(fields.unknown)
    }
  }

  private init(_ unknown: itape_unknown) throws(CallFailure) {
    let limit = UInt8(Limits.columns)
    guard unknown.int32_count <= limit, unknown.int64_count <= limit,
      unknown.string_count <= limit
    else { throw .argument("an event has more than \(limit) fields of a type") }
    self.init(
      int32: try array(unknown.int32, Int(unknown.int32_count), "int32"),
      int64: try array(unknown.int64, Int(unknown.int64_count), "int64"))
    for string in try array(unknown.strings, Int(unknown.string_count), "strings") {
      strings.append(try bytes(string, "string"))
    }
  }
}

/// A copy of the caller's array.
func array<T>(
  _ start: UnsafePointer<T>?, _ count: Int, _ name: String
) throws(CallFailure) -> [T] {
  guard count > 0 else { return [] }
  guard let start else { throw .isNull(name) }
  // Safe: the caller says that this many are there.
  return Array(unsafe UnsafeBufferPointer(start: start, count: count))
}
