// SPDX-License-Identifier: Apache-2.0
//
// Events to C, in order.

// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CInputTape
import InputTape

@c @implementation
public func itape_reader_open_cursor(
  _ reader: OpaquePointer?, _ filter: UnsafePointer<itape_filter>?,
  _ cursor: UnsafeMutablePointer<OpaquePointer?>?
) -> itape_status {
  status { () throws(CallFailure) in
    guard let cursor else { throw .isNull("cursor") }
    cursor.pointee = nil
    let filter = try EventFilter(filter)
    try ReaderHandle.with(reader) { handle in
      CursorHandle.give(CursorHandle(handle.reader.runs(filter)), to: cursor)
    }
  }
}

@c @implementation
public func itape_cursor_next(
  _ cursor: OpaquePointer?, _ event: UnsafeMutablePointer<itape_event>?, _ eventByteCount: Int
) -> itape_status {
  var count = 0
  return itape_cursor_read(cursor, event, 1, eventByteCount, &count)
}

@c @implementation
public func itape_cursor_read(
  _ cursor: OpaquePointer?, _ events: UnsafeMutablePointer<itape_event>?, _ capacity: Int,
  _ eventByteCount: Int, _ count: UnsafeMutablePointer<Int>?
) -> itape_status {
  var isEnd = false
  let result = status { () throws(CallFailure) in
    guard let count else { throw .isNull("count") }
    count.pointee = 0
    guard let events else { throw .isNull("events") }
    guard eventByteCount == MemoryLayout<itape_event>.size else {
      throw CallFailure(ITAPE_ERROR_STRUCT_SIZE, "event_size is \(eventByteCount)")
    }
    guard capacity > 0 else { throw .argument("capacity is 0") }
    let got = try CursorHandle.with(cursor) { handle throws(CallFailure) in
      try library { () throws(FileError) in try handle.read(events, capacity: capacity) }
    }
    count.pointee = got
    isEnd = got == 0
  }
  return isEnd ? itape_status(ITAPE_END) : result
}

@c @implementation
public func itape_cursor_close(_ cursor: OpaquePointer?) { CursorHandle.close(cursor) }
