// SPDX-License-Identifier: Apache-2.0
//
// Columns to the fields of events as C structs (Specs/Registry.md, section 1).

import CInputTape
import InputTape

extension itape_fields {
  /// The fields of one event of a kind that has more than two numbers; strings are copied to
  /// `texts`.
  init(_ columns: KindColumns, at index: Int, _ texts: Arena) {
    self.init()
    guard columns.kind.layout == columns.layout else {
      unknown = itape_unknown(columns, at: index, texts)
      return
    }
    take(columns, at: index, texts)
  }

  private mutating func take(_ columns: KindColumns, at index: Int, _ texts: Arena) {
    func a(_ column: Int) -> Int32 { columns.int32[column][index] }
    func b(_ column: Int) -> Int64 { columns.int64[column][index] }
    func string(_ column: Int) -> itape_string {
      texts.copy(columns.strings[column][index])
    }
    switch columns.kind {
    case .scroll: scroll = itape_scroll(dx: a(0), dy: a(1), phase: a(2))
    case .text, .marker: text = string(0)
    case .touch:
      touch = itape_touch(contact: a(0), phase: a(1), x: a(2), y: a(3), pressure: a(4))
    case .pen:
      pen = itape_pen(
        x: a(0), y: a(1), pressure: a(2), tilt_x: a(3), tilt_y: a(4), phase: a(5), buttons: a(6))
    case .focus:
      focus = itape_focus(
        x: a(0), y: a(1), width: a(2), height: a(3), application: string(0), title: string(1))
    case .frame: frame = itape_frame(presentation_time: b(0), media: string(0))
    case .clock: clock = itape_clock(unix_time: b(0), uncertainty: b(1))
    case .gap:
      gap = itape_gap(
        cause: a(0), is_lower_bound: a(1), count: b(0), first_time: b(1), last_time: b(2))
    case .custom: custom = itape_custom(type: a(0), reserved: 0, bytes: string(0))
    default: break
    }
  }
}

extension itape_unknown {
  fileprivate init(_ columns: KindColumns, at index: Int, _ texts: Arena) {
    self.init()
    int32 = texts.copy(columns.int32.map { $0[index] })
    int64 = texts.copy(columns.int64.map { $0[index] })
    strings = texts.copy(columns.strings.map { texts.copy($0[index]) })
    int32_count = UInt8(columns.int32.count)
    int64_count = UInt8(columns.int64.count)
    string_count = UInt8(columns.strings.count)
  }
}
