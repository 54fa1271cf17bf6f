// SPDX-License-Identifier: Apache-2.0
//
// Events per second into a batch and out of it, one event at a time.

import InputTape

/// Appends a hand-like walk to a batch and reads it back, several times, and prints the medians.
@main
struct BenchBatch {
  static let eventCount = 65_536
  static let runCount = 9

  static func main() {
    var batch = EventBatch(track: TrackID(rawValue: 0))
    var appendSeconds: [Double] = []
    var readSeconds: [Double] = []
    var checksum: Int64 = 0
    for _ in 0..<runCount {
      batch.removeAll()
      appendSeconds.append(seconds { fill(&batch) })
      readSeconds.append(seconds { batch.forEachEvent { checksum &+= $0.time } })
    }
    print("append  \(rate(appendSeconds)) events/s")
    print("read    \(rate(readSeconds)) events/s  (checksum \(checksum))")
  }

  private static func fill(_ batch: inout EventBatch) {
    var x: Int32 = 960
    var y: Int32 = 540
    for index in 0..<eventCount {
      x = (x &+ Int32(index % 7) &- 3) & 2047
      y = (y &+ Int32(index % 5) &- 2) & 1023
      let event = Event(
        time: Int64(index) * 8_000_000, track: batch.track, body: .motion(x: x, y: y))
      batch.append(event)
    }
  }

  private static func seconds(_ work: () -> Void) -> Double {
    let duration = ContinuousClock().measure(work)
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }

  private static func rate(_ seconds: [Double]) -> Int {
    Int(Double(eventCount) / seconds.sorted()[seconds.count / 2])
  }
}
