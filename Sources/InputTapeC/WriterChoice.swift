// SPDX-License-Identifier: Apache-2.0
//
// What a C caller chooses about a writer, checked.

import CInputTape
import InputTape

/// Options of a writer.
struct WriterChoice {
  var options = WriterOptions()
  var isReplacing = false
  var onNotice: (@Sendable (WriterNotice) -> Void)?

  /// Reads options; NULL is the default of everything.
  init(_ pointer: UnsafePointer<itape_writer_options>?) throws(CallFailure) {
    guard pointer != nil else { return }
    let given = try itape_writer_options(reading: pointer, "options")
    try readFlags(given)
    try readEncoding(given)
    guard given.flush_interval >= 0, given.sync_interval >= 0 else {
      throw .argument("an interval is negative")
    }
    if given.flush_interval > 0 {
      options.flushIntervalNanoseconds = min(given.flush_interval, Self.intervalLimit)
    }
    if given.sync_interval > 0, options.syncIntervalNanoseconds != nil {
      options.syncIntervalNanoseconds = min(given.sync_interval, Self.intervalLimit)
    }
    guard given.threads <= Self.threadLimit else {
      throw .argument("threads is more than \(Self.threadLimit)")
    }
    if given.threads > 0 { options.threads = Int(given.threads) }
    guard given.events_per_block <= UInt32(ITAPE_EVENTS_LIMIT) else {
      throw .argument("events_per_block is more than \(ITAPE_EVENTS_LIMIT)")
    }
    if given.events_per_block > 0 { options.eventsPerBlock = Int(given.events_per_block) }
    guard given.segment_age >= 0 else { throw .argument("segment_age is negative") }
    if given.segment_age > 0 { options.segmentAgeNanoseconds = given.segment_age }
    if given.segment_bytes > 0 { options.segmentByteLimit = given.segment_bytes }
    onNotice = NoticeCallback(given)?.tell
  }

  /// A day: longer intervals mean never.
  private static let intervalLimit: Int64 = 86_400_000_000_000
  private static let threadLimit: UInt32 = 64

  private mutating func readFlags(_ given: itape_writer_options) throws(CallFailure) {
    var flags = Int(given.flags)
    func take(_ flag: Int) -> Bool {
      defer { flags &= ~flag }
      return flags & flag != 0
    }
    isReplacing = take(ITAPE_WRITER_REPLACE)
    if take(ITAPE_WRITER_KEEP_BLOCKS) { options.reblocksAtEnd = false }
    if take(ITAPE_WRITER_DROP) { options.overload = .drop }
    if take(ITAPE_WRITER_NO_TIMED_SYNC) { options.syncIntervalNanoseconds = nil }
    if take(ITAPE_WRITER_RECORDING_ID) {
      // Safe: an array of 16 bytes in a struct of our own.
      options.recordingID = unsafe withUnsafeBytes(of: given.recording_id) {
        RecordingID(bytes: Array(unsafe $0))
      }
    }
    guard flags == 0 else { throw .argument("options.flags has unknown flags") }
  }

  private mutating func readEncoding(_ given: itape_writer_options) throws(CallFailure) {
    switch Int(given.preset) {
    case ITAPE_PRESET_BALANCED: options.encoding.preset = .balanced
    case ITAPE_PRESET_FAST: options.encoding.preset = .fast
    case ITAPE_PRESET_COMPACT: options.encoding.preset = .compact
    default: throw .argument("options.preset is unknown")
    }
    let level = given.compression_level == 0 ? nil : Int(given.compression_level)
    let levels: ClosedRange<Int>
    switch Int(given.compression) {
    case ITAPE_COMPRESSION_ZSTD:
      options.encoding.compression = .zstd(level: level)
      levels = 1...19
    case ITAPE_COMPRESSION_DEFLATE:
      options.encoding.compression = .deflate(level: level)
      levels = 1...9
    case ITAPE_COMPRESSION_NONE:
      options.encoding.compression = .none
      levels = 1...1
    default: throw .argument("options.compression is unknown")
    }
    if let level, !levels.contains(level) {
      throw .argument(
        "options.compression_level is 0 or \(levels.lowerBound) to "
          + "\(levels.upperBound)")
    }
  }
}
