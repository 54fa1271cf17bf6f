// SPDX-License-Identifier: Apache-2.0
//
// `itape convert - out.itape --flush-interval 100ms`, fed as events happen, and killed.

import Foundation
import InputTape
import Testing

@Suite(.serialized) struct LiveConvertTests {
  /// Feeds events for a while and kills.
  ///
  /// - Returns: how long before the kill the first event was fed that is lost, in nanoseconds.
  private func loss(_ path: String, events: Int) throws -> Int64 {
    let input = Pipe()
    let victim = try VictimProcess(
      "itape", ["convert", "-", path, "--flush-interval", "100ms"],
      input: input)
    var fed: [Int64] = []
    for number in 0..<events {
      let line =
        #"{"t":\#(1_000_000 * number),"device":0,"kind":"motion","x":\#(number),"y":0}"# + "\n"
      try input.fileHandleForWriting.write(contentsOf: Data(line.utf8))
      fed.append(MonotonicClock.now())
      usleep(2_000)
    }
    let end = MonotonicClock.now()
    try victim.kill()
    try input.fileHandleForWriting.close()
    let reader = try RecordingReader(path: path)
    var count = 0
    try reader.forEachEvent { event in
      #expect(event.body == .motion(x: Int32(count), y: 0))
      count += 1
    }
    return count < fed.count ? end - fed[count] : 0
  }

  @Test func aKilledConversionHasLostAtMostItsFlushInterval() throws {
    let folder = try TemporaryFolder()
    let losses = try (0..<8).map { try loss(folder.path("\($0).itape"), events: 150 + 17 * $0) }
    let milliseconds = losses.sorted().map { $0 / 1_000_000 }
    print("lost of the time before a kill, in ms: \(milliseconds)")
    // A machine that has other things to do may keep the process from running at all.
    #expect(milliseconds[losses.count / 2] <= 100)
    #expect(milliseconds.allSatisfy { $0 <= 400 })
  }
}
