// SPDX-License-Identifier: Apache-2.0
//
// Readers from C: opened and asked.

// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CInputTape
import InputTape

@c @implementation
public func itape_reader_open(
  _ path: UnsafePointer<CChar>?, _ flags: UInt32, _ reader: UnsafeMutablePointer<OpaquePointer?>?
) -> itape_status {
  open(flags, reader) { () throws(CallFailure) in
    .path(try text(path, "path"))
  }
}

@c @implementation
public func itape_reader_open_source(
  _ source: UnsafePointer<itape_source>?, _ flags: UInt32,
  _ reader: UnsafeMutablePointer<OpaquePointer?>?
) -> itape_status {
  open(flags, reader) { () throws(CallFailure) in
    let callbacks = try itape_source(reading: source, "source")
    // From here on whatever happens releases it.
    let source = CallbackSource(callbacks)
    guard callbacks.size != nil else { throw .isNull("source.size") }
    guard callbacks.read != nil else { throw .isNull("source.read") }
    return .source(source)
  }
}

@c @implementation
public func itape_reader_open_memory(
  _ start: UnsafeRawPointer?, _ byteCount: Int, _ flags: UInt32,
  _ reader: UnsafeMutablePointer<OpaquePointer?>?
) -> itape_status {
  open(flags, reader) { () throws(CallFailure) in
    guard start != nil || byteCount == 0 else { throw .isNull("bytes") }
    guard byteCount >= 0 else { throw .argument("byte_count is too large") }
    // Safe: the caller says that this many bytes are there, and keeps them.
    return .source(
      BorrowedSource(unsafe UnsafeRawBufferPointer(start: start, count: byteCount)))
  }
}

private func open(
  _ flags: UInt32, _ target: UnsafeMutablePointer<OpaquePointer?>?,
  _ origin: () throws(CallFailure) -> ReaderOrigin
) -> itape_status {
  status { () throws(CallFailure) in
    // First, so that a source of callbacks is released whatever is wrong.
    let origin = try origin()
    guard let target else { throw .isNull("reader") }
    target.pointee = nil
    let (scan, strict) = (UInt32(ITAPE_READER_SCAN), UInt32(ITAPE_READER_STRICT))
    guard flags & ~(scan | strict) == 0 else { throw .argument("flags are unknown") }
    let handle = try library { () throws(FileError) in
      try ReaderHandle(
        origin, opening: flags & scan == 0 ? .automatic : .scan,
        mode: flags & strict == 0 ? .salvage : .strict)
    }
    ReaderHandle.give(handle, to: target)
  }
}

@c @implementation
public func itape_reader_close(_ reader: OpaquePointer?) { ReaderHandle.close(reader) }

@c @implementation
public func itape_reader_get_info(
  _ reader: OpaquePointer?, _ info: UnsafeMutablePointer<itape_info>?
) -> itape_status {
  status { () throws(CallFailure) in
    try ReaderHandle.with(reader) { handle throws(CallFailure) in
      try handle.info.fill(info, "info")
    }
  }
}

@c @implementation
public func itape_reader_get_loss(
  _ reader: OpaquePointer?, _ index: Int, _ loss: UnsafeMutablePointer<itape_loss>?
) -> itape_status {
  status { () throws(CallFailure) in
    try ReaderHandle.with(reader) { handle throws(CallFailure) in
      let losses = handle.reader.status.losses
      guard losses.indices.contains(index) else {
        throw CallFailure(ITAPE_ERROR_NOT_FOUND, "there are \(losses.count) losses")
      }
      var result = itape_loss()
      result.first_position = losses[index].range.lowerBound
      result.end_position = losses[index].range.upperBound
      result.error_position = losses[index].error.position
      result.error = itape_status(losses[index].error.code.rawValue)
      result.segment = losses[index].segment
      result.events = losses[index].eventCount.map { Int64($0) } ?? -1
      try result.fill(loss, "loss")
    }
  }
}

@c @implementation
public func itape_reader_get_track(
  _ reader: OpaquePointer?, _ index: Int, _ track: UnsafeMutablePointer<itape_track>?,
  _ events: UnsafeMutablePointer<UInt64>?, _ bytes: UnsafeMutablePointer<UInt64>?
) -> itape_status {
  status { () throws(CallFailure) in
    try ReaderHandle.with(reader) { handle throws(CallFailure) in
      guard handle.tracks.indices.contains(index) else {
        throw CallFailure(ITAPE_ERROR_NOT_FOUND, "there are \(handle.tracks.count) tracks")
      }
      let found = handle.tracks[index]
      try found.fill(track, "track")
      let facts = handle.facts[TrackID(rawValue: found.track)]
      events?.pointee = UInt64(facts?.eventCount ?? 0)
      bytes?.pointee = UInt64(facts?.byteCount ?? 0)
    }
  }
}

@c @implementation
public func itape_reader_get_metadata(
  _ reader: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ buffer: UnsafeMutablePointer<CChar>?,
  _ capacity: Int, _ byteCount: UnsafeMutablePointer<Int>?
) -> itape_status {
  status { () throws(CallFailure) in
    try ReaderHandle.with(reader) { handle throws(CallFailure) in
      byteCount?.pointee = 0
      let name = try text(name, "name")
      guard let value = handle.reader.metadata[name] else {
        throw CallFailure(ITAPE_ERROR_NOT_FOUND, "the recording does not say \(name)")
      }
      try copy(value, buffer, capacity, byteCount)
    }
  }
}

@c @implementation
public func itape_reader_get_metadata_name(
  _ reader: OpaquePointer?, _ index: Int, _ buffer: UnsafeMutablePointer<CChar>?,
  _ capacity: Int, _ byteCount: UnsafeMutablePointer<Int>?
) -> itape_status {
  var isEnd = false
  let result = status { () throws(CallFailure) in
    try ReaderHandle.with(reader) { handle throws(CallFailure) in
      byteCount?.pointee = 0
      guard handle.names.indices.contains(index) else {
        isEnd = true
        return
      }
      try copy(handle.names[index], buffer, capacity, byteCount)
    }
  }
  return isEnd ? itape_status(ITAPE_END) : result
}

/// Copies text with a final 0.
private func copy(
  _ text: String, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ byteCount: UnsafeMutablePointer<Int>?
) throws(CallFailure) {
  let bytes = text.utf8.map { CChar(bitPattern: $0) } + [0]
  byteCount?.pointee = bytes.count
  guard let buffer, capacity >= bytes.count else {
    throw CallFailure(ITAPE_ERROR_BUFFER, "the text needs \(bytes.count) bytes")
  }
  // Safe: the buffer has room for all of them.
  for (index, byte) in bytes.enumerated() { unsafe buffer[index] = byte }
}
