// SPDX-License-Identifier: Apache-2.0
//
// Writers from C: flushed, finished, closed.

// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CInputTape
import InputTape

@c @implementation
public func itape_writer_flush(_ writer: OpaquePointer?) -> itape_status {
  status { () throws(CallFailure) in
    try withWriter(writer) { writer throws(CallFailure) in
      try library { () throws(FileError) in try writer.flush() }
    }
  }
}

@c @implementation
public func itape_writer_sync(_ writer: OpaquePointer?) -> itape_status {
  status { () throws(CallFailure) in
    try withWriter(writer) { writer throws(CallFailure) in
      try library { () throws(FileError) in try writer.sync() }
    }
  }
}

@c @implementation
public func itape_writer_get_statistics(
  _ writer: OpaquePointer?, _ statistics: UnsafeMutablePointer<itape_writer_statistics>?
) -> itape_status {
  status { () throws(CallFailure) in
    guard let writer else { throw .isNull("writer") }
    // Safe: see `WriterBox.at`.
    let box = unsafe WriterBox.at(writer)
    var result = unsafe box.pointee.statistics
    switch unsafe box.pointee.writer {
    case .some(let writer): result = writer.statistics
    case .none: break
    }
    try itape_writer_statistics(result).fill(statistics, "statistics")
  }
}

@c @implementation
public func itape_writer_finish(
  _ writer: OpaquePointer?, _ statistics: UnsafeMutablePointer<itape_writer_statistics>?
) -> itape_status {
  status { () throws(CallFailure) in
    guard let handle = writer else { throw .isNull("writer") }
    // Safe: see `WriterBox.at`; nobody else uses a writer that is being finished.
    let box = unsafe WriterBox.at(handle)
    guard let writer = unsafe box.pointee.writer.take() else {
      throw CallFailure(ITAPE_ERROR_STATE, "the recording is finished")
    }
    unsafe box.pointee.statistics = writer.statistics
    unsafe box.pointee.statistics = try finish(writer)
    let result = unsafe itape_writer_statistics(box.pointee.statistics)
    if let statistics { try result.fill(statistics, "statistics") }
  }
}

private func finish(_ writer: consuming RecordingWriter) throws(CallFailure) -> WriterStatistics {
  do throws(FileError) {
    return try writer.finish()
  } catch {
    throw CallFailure(error)
  }
}

@c @implementation
public func itape_writer_close(_ writer: OpaquePointer?) {
  guard let writer else { return }
  // Safe: the handle is the caller's last; what it points at was allocated by `WriterBox.give`.
  let box = unsafe WriterBox.at(writer)
  unsafe box.deinitialize(count: 1)
  unsafe box.deallocate()
}

extension itape_writer_statistics {
  init(_ statistics: WriterStatistics) {
    self.init()
    written_events = UInt64(statistics.writtenEventCount)
    dropped_events = UInt64(statistics.droppedEventCount)
    lost_events = UInt64(statistics.lostEventCount)
    refused_events = UInt64(statistics.refusedEventCount)
    blocks = UInt64(statistics.blockCount)
    bytes = statistics.byteCount
    segments = UInt64(statistics.segmentCount)
  }
}
