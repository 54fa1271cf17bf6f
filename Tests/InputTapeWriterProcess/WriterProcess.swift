// SPDX-License-Identifier: Apache-2.0
//
// A process that records and says how much is safe, to be killed at any moment.
//
// Usage: itape-writer-process PATH SEED. Each line of its output is a count: so many events are
// acknowledged. Event number n is a motion to (n, -n) at n milliseconds.

import InputTape
import InputTapeTestKit

@main
struct WriterProcess {
  private static func say(_ count: Int) throws {
    try FileSink(descriptor: 1).write(Array("\(count)\n".utf8).span)
  }

  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3, let seed = UInt64(arguments[2]) else { return }
    var rng = SeededRandom(seed: seed)
    let writer = try RecordingWriter(path: arguments[1], options: options(&rng))
    var count = 0
    for _ in 0..<30 {
      for _ in 0..<Int.random(in: 1...400, using: &rng) {
        let number = Int32(count)
        writer.motion(at: Int64(number) * 1_000_000, x: number, y: -number)
        count += 1
      }
      switch Int.random(in: 0..<20, using: &rng) {
      case 0: try writer.sync()
      case 1...15: try writer.flush()
      default: continue
      }
      try say(count)
    }
    try writer.finish()
    try say(count)
  }

  private static func options(_ rng: inout SeededRandom) -> WriterOptions {
    var options = WriterOptions()
    if Bool.random(using: &rng) { options.flushIntervalNanoseconds = 2_000_000 }
    if Bool.random(using: &rng) {
      options.segmentByteLimit = UInt64.random(in: 500...20_000, using: &rng)
    }
    options.syncIntervalNanoseconds = 20_000_000
    options.eventsPerBlock = Int.random(in: 50...2_000, using: &rng)
    return options
  }
}
