// SPDX-License-Identifier: Apache-2.0
//
// Events from C, many at once.

// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CInputTape
import InputTape

@c @implementation
public func itape_writer_append(
  _ writer: OpaquePointer?, _ events: UnsafePointer<itape_event>?, _ count: Int,
  _ eventByteCount: Int
) -> itape_status {
  var isWhole = true
  let result = status { () throws(CallFailure) in
    guard eventByteCount == MemoryLayout<itape_event>.size else {
      throw CallFailure(ITAPE_ERROR_STRUCT_SIZE, "event_size is \(eventByteCount)")
    }
    guard count >= 0 else { throw .argument("count is too large") }
    var rows: [Event] = []
    rows.reserveCapacity(min(count, Limits.eventsPerBlock))
    for event in try array(events, count, "events") { rows.append(try Event(event)) }
    try withWriter(writer) { writer in
      for row in rows where !writer.append(row) { isWhole = false }
    }
  }
  return result == itape_status(ITAPE_OK) && !isWhole ? itape_status(ITAPE_DROPPED) : result
}

@c @implementation
public func itape_writer_append_columns(
  _ writer: OpaquePointer?, _ columns: UnsafePointer<itape_columns>?
) -> itape_status {
  var isWhole = true
  let result = status { () throws(CallFailure) in
    let batch = try EventBatch(itape_columns(reading: columns, "columns"))
    try withWriter(writer) { isWhole = $0.append(batch) }
  }
  return result == itape_status(ITAPE_OK) && !isWhole ? itape_status(ITAPE_DROPPED) : result
}

extension Event {
  fileprivate init(_ event: itape_event) throws(CallFailure) {
    let kind = EventKind(rawValue: event.kind)
    guard event.track < UInt16(ITAPE_TRACK_LIMIT), event.kind != 0 else {
      throw .argument("an event has track \(event.track) and kind \(event.kind)")
    }
    let fields = try EventFields(kind, event.fields)
    self.init(
      time: event.time, track: TrackID(rawValue: event.track),
      body: .unknown(
        UnknownEvent(
          kind: kind, int32: fields.int32, int64: fields.int64, strings: fields.strings)))
  }
}

extension EventBatch {
  /// A batch of columns of the caller's.
  fileprivate init(_ columns: itape_columns) throws(CallFailure) {
    let kind = EventKind(rawValue: columns.kind)
    guard columns.track < UInt16(ITAPE_TRACK_LIMIT), columns.kind != 0 else {
      throw .argument("columns have track \(columns.track) and kind \(columns.kind)")
    }
    let layout = KindLayout(
      int32: Int(columns.int32_count), int64: Int(columns.int64_count),
      strings: Int(columns.string_count))
    guard layout == kind.layout ?? layout,
      max(layout.int32, layout.int64, layout.strings) <= Limits.columns
    else { throw .argument("columns are not those of kind \(columns.kind)") }
    guard let count = Int(exactly: columns.count), count <= 1 << 40 else {
      throw .argument("columns.count is too large")
    }
    self.init(track: TrackID(rawValue: columns.track))
    guard count > 0 else { return }
    times = try array(columns.times, count, "times")
    kinds = Array(repeating: kind, count: count)
    self.columns = [try KindColumns(columns, kind, layout, count)]
  }
}

extension KindColumns {
  fileprivate init(
    _ columns: itape_columns, _ kind: EventKind, _ layout: KindLayout, _ count: Int
  ) throws(CallFailure) {
    self.init(kind: kind, layout: layout)
    self.count = count
    for (index, start) in try array(columns.int32, layout.int32, "int32").enumerated() {
      int32[index] = try array(start, count, "int32[\(index)]")
    }
    for (index, start) in try array(columns.int64, layout.int64, "int64").enumerated() {
      int64[index] = try array(start, count, "int64[\(index)]")
    }
    for (index, start) in try array(columns.strings, layout.strings, "strings").enumerated() {
      var byteCount = 0
      for string in try array(start, count, "strings[\(index)]") {
        let text = try bytes(string, "a string")
        byteCount += text.count
        guard byteCount <= Int(Int32.max) else {
          throw .argument("strings[\(index)] has more than 2 GiB")
        }
        strings[index].append(text)
      }
    }
  }
}
