// SPDX-License-Identifier: Apache-2.0
//
// A writer behind its C handle: memory that does not move, without a class's checks and counts.

import CInputTape
import InputTape

/// What an `itape_writer *` points at.
struct WriterBox: ~Copyable {
  /// Nil once the recording is finished.
  var writer: RecordingWriter?
  /// What had become of the events when the recording was finished.
  var statistics = WriterStatistics()

  init(_ writer: consuming RecordingWriter) { self.writer = consume writer }

  /// Gives a writer to the caller.
  static func give(
    _ writer: consuming RecordingWriter, to target: UnsafeMutablePointer<OpaquePointer?>
  ) {
    // Safe: the memory is the handle's own until `itape_writer_close`.
    let box = UnsafeMutablePointer<WriterBox>.allocate(capacity: 1)
    unsafe box.initialize(to: WriterBox(consume writer))
    unsafe target.pointee = OpaquePointer(box)
  }

  /// What a handle points at.
  @inline(__always)
  static func at(_ handle: OpaquePointer) -> UnsafeMutablePointer<WriterBox> {
    // Safe: the caller keeps the contract: the handle is one of ours, and is not closed.
    UnsafeMutablePointer(handle)
  }
}

/// Appends one event.
@inline(__always)
func append(
  _ handle: OpaquePointer?, _ track: UInt16,
  _ body: (borrowing RecordingWriter, TrackID) -> Bool
) -> itape_status {
  guard let handle, track < UInt16(ITAPE_TRACK_LIMIT) else { return refuse(handle, track) }
  // Safe: see `WriterBox.at`.
  switch unsafe WriterBox.at(handle).pointee.writer {
  case .some(let writer):
    return itape_status(body(writer, TrackID(rawValue: track)) ? ITAPE_OK : ITAPE_DROPPED)
  case .none:
    return refuseFinished()
  }
}

/// Uses a writer for what may fail.
func withWriter(
  _ handle: OpaquePointer?,
  _ body: (borrowing RecordingWriter) throws(CallFailure) -> Void
) throws(CallFailure) {
  guard let handle else { throw .isNull("writer") }
  // Safe: see `WriterBox.at`.
  switch unsafe WriterBox.at(handle).pointee.writer {
  case .some(let writer): try body(writer)
  case .none: throw CallFailure(ITAPE_ERROR_STATE, "the recording is finished")
  }
}

@inline(never)
private func refuse(_ handle: OpaquePointer?, _ track: UInt16) -> itape_status {
  if handle == nil { return CallFailure.isNull("writer").noted() }
  return CallFailure.argument("track \(track) is not below \(ITAPE_TRACK_LIMIT)").noted()
}

@inline(never)
private func refuseFinished() -> itape_status {
  CallFailure(ITAPE_ERROR_STATE, "the recording is finished").noted()
}
