// SPDX-License-Identifier: Apache-2.0
//
// A recording that is written by the clock of a test, on a storage that fails where the test says.

import InputTape
import InputTapeTestKit

/// Notices as they came.
final class NoticeList: @unchecked Sendable {
  private let monitor = Monitor()
  private var list: [WriterNotice] = []

  var all: [WriterNotice] { monitor.withLock { list } }

  func add(_ notice: WriterNotice) { monitor.withLock { list.append(notice) } }
}

/// What is needed to write live without a thread, and to read what has come of it.
struct LiveRecording {
  let memory = MemoryStorage()
  let plan = FaultPlan()
  let clock = ManualClock()
  let notices = NoticeList()
  let path = "/r/a.itape"
  var options = WriterOptions()

  init() {
    options.flushIntervalNanoseconds = 100_000_000
    options.syncIntervalNanoseconds = 1_000_000_000
    options.recordingID = RecordingID(bytes: Array(1...16))
  }

  func makeWriter(_ metadata: RecordingMetadata = RecordingMetadata()) throws -> RecordingWriter {
    var environment = WriterEnvironment(
      storage: FaultingStorage(memory, plan: plan), clock: clock)
    environment.runsInBackground = false
    let notices = self.notices
    return try RecordingWriter(
      path: path, metadata: metadata, options: options, environment: environment,
      onNotice: { notices.add($0) })
  }

  /// Appends `count` positions from number `first` on, a millisecond apart, and lets as much time
  /// pass.
  func record(_ writer: borrowing RecordingWriter, _ first: Int, _ count: Int) {
    for number in first..<(first + count) {
      writer.motion(at: Int64(number) * 1_000_000, x: Int32(number), y: 0)
      clock.advance(nanoseconds: 1_000_000)
      if number % 10 == 9 { writer.tick() }
    }
  }

  /// The numbers that can be read, the gaps, and the status.
  func read(
    _ mode: ReadMode = .salvage, _ opening: RecordingReader.Opening = .automatic
  ) throws -> (numbers: [Int], gaps: [Gap], status: ReadStatus) {
    let reader = try RecordingReader(path: path, opening: opening, mode: mode, storage: memory)
    var numbers: [Int] = []
    var gaps: [Gap] = []
    try reader.forEachEvent { event in
      switch event.body {
      case .motion(let x, _): numbers.append(Int(x))
      case .gap(let gap): gaps.append(gap)
      default: break
      }
    }
    return (numbers, gaps, reader.status)
  }
}
