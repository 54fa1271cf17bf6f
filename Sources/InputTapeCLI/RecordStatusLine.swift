// SPDX-License-Identifier: Apache-2.0
//
// How a recording is going: one line on a terminal, and a summary at the end.

import InputTape
import InputTapeCapture
import InputTapeInterchange

/// The line that is written over and over.
struct RecordStatusLine {
  private let isShown: Bool
  private var lastTime: Int64 = 0
  private var lastOffered = 0
  private var lastBytes: UInt64 = 0
  private var lastProcessorTime: Int64 = 0
  private var isWritten = false

  init(isShown: Bool) { self.isShown = isShown }

  mutating func show(_ status: CaptureSession.Status) {
    guard isShown else { return }
    let seconds = max(Double(status.time - lastTime) / 1e9, 1e-3)
    let processorTime = SystemText.processorNanoseconds
    let bytes = status.queue.writer.byteCount
    let rate = Double(status.offeredEventCount - lastOffered) / seconds
    let byteRate = Double(bytes &- min(lastBytes, bytes)) / seconds
    let share = Double(processorTime - lastProcessorTime) / seconds / 1e7
    let state = status.isPaused ? "paused" : "recording"
    let line =
      "\(state) \(status.time / 1_000_000_000) s  \(Int(rate)) events/s  \(Int(byteRate)) bytes/s"
      + "  \(status.queue.droppedEventCount) dropped  cpu \(Self.tenths(share)) %"
    StandardError.write("\r\(line)\u{1B}[K")
    isWritten = true
    (lastTime, lastOffered, lastBytes) = (status.time, status.offeredEventCount, bytes)
    lastProcessorTime = processorTime
  }

  private static func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  func clear() {
    if isWritten { StandardError.write("\r\u{1B}[K") }
  }
}

/// What has become of a recording's events.
struct RecordSummary {
  let status: CaptureSession.Status
  let output: String

  private var lost: Int { status.queue.writer.lostEventCount }
  private var dropped: Int { status.queue.droppedEventCount }

  var isLossy: Bool { lost + dropped > 0 }

  var lossSentence: String {
    "\(Counted.words(dropped, "event")) found no room in the queue, "
      + "\(lost) could not be written; gaps say so"
  }

  var text: String {
    let writer = status.queue.writer
    let line =
      "itape: \(output): \(Counted.words(writer.writtenEventCount, "event")), "
      + "\(Counted.words(writer.byteCount, "byte")), "
      + "\(status.withheldEventCount) withheld by the policy or a pause, \(dropped) dropped"
      + (lost > 0 ? ", \(lost) lost" : "")
    return TerminalText.escape(line) + "\n"
  }

  var json: JSONValue {
    let writer = status.queue.writer
    return .object([
      ("file", .string(output)),
      ("durationNanoseconds", .integer(status.time)),
      ("offeredEvents", .integer(Int64(status.offeredEventCount))),
      ("withheldEvents", .integer(Int64(status.withheldEventCount))),
      ("writtenEvents", .integer(Int64(writer.writtenEventCount))),
      ("droppedEvents", .integer(Int64(dropped))),
      ("lostEvents", .integer(Int64(lost))),
      ("blocks", .integer(Int64(writer.blockCount))),
      ("bytes", .unsigned(writer.byteCount)),
      ("processorNanoseconds", .integer(SystemText.processorNanoseconds)),
      ("peakMemoryBytes", .integer(SystemText.peakMemoryByteCount)),
    ])
  }
}
