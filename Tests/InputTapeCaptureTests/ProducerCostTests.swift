// SPDX-License-Identifier: Apache-2.0
//
// What an event costs its producer while the writer thread is busy.

import Foundation
import InputTape
import InputTapeCapture
import Testing

@Suite struct ProducerCostTests {
  private static let isWanted = ProcessInfo.processInfo.environment["ITAPE_MEASURE"] != nil

  /// Events of one track in bursts, as fast as they can be appended, with pauses in which the
  /// writer catches up; each burst of 32 and each single event in between is timed.
  @Test(.enabled(if: isWanted, "measured by `make soak-capture`"))
  func anEventCostsNanoseconds() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "itape-\(UUID()).itape").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var writer = WriterOptions()
    writer.flushIntervalNanoseconds = 10_000_000
    var options = QueueOptions()
    options.wordsPerLane = 1 << 18
    let queue = try CaptureQueue(path: path, writer: writer, options: options)
    let lane = queue.lanes[0]
    let clock = SystemClock()
    var bursts: [Int64] = []
    var singles: [Int64] = []
    bursts.reserveCapacity(40_000)
    singles.reserveCapacity(40_000)
    var time: Int64 = 0
    for turn in 0..<40_000 {
      let start = clock.monotonic()
      for _ in 0..<32 {
        time += 1_000
        lane.rawMotion(at: time, dx: Int32(turn & 7), dy: Int32(truncatingIfNeeded: time & 15))
      }
      let middle = clock.monotonic()
      time += 1_000
      lane.rawMotion(at: time, dx: 1, dy: 2)
      let end = clock.monotonic()
      bursts.append(middle - start)
      singles.append(end - middle)
      // The writer encodes all the time, and is not left behind.
      if turn % 100 == 99 { usleep(1_000) }
    }
    let statistics = try queue.finish()
    bursts.sort()
    singles.sort()
    let median = Double(bursts[bursts.count / 2]) / 32
    let high = singles[singles.count * 999 / 1_000]
    print(
      "producer: \(median) ns an event (median of \(bursts.count) bursts of 32), "
        + "\(high) ns at 99.9 % of single events with the clock's own time, "
        + "\(statistics.droppedEventCount) dropped, "
        + "\(statistics.writer.blockCount) blocks meanwhile")
    #expect(statistics.droppedEventCount == 0)
    #expect(statistics.writer.writtenEventCount == 33 * 40_000)
    #expect(median <= 15)
    #expect(high <= 1_000)
  }
}
