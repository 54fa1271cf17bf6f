// SPDX-License-Identifier: Apache-2.0
//
// What one call of `motion(at:x:y:)` costs a program that records, blocks being cut as they fill.

import InputTape

/// Appends through the typed call from another module and prints the latencies.
@main
struct BenchAppend {
  static let groupCount = 40_000
  static let eventsPerGroup = 64

  static func main() throws {
    for flushed in [false, true] {
      var options = WriterOptions()
      options.flushIntervalNanoseconds = flushed ? 1_000_000_000 : nil
      let means = try groupMeans(options)
      let calls = try singleCalls(options)
      print(flushed ? "flushed each second by a thread of the writer" : "encoded by the caller")
      print("  call, mean of \(eventsPerGroup):  ", line(means))
      print("  call, each by itself:", line(calls), "(with the clock)")
    }
  }

  /// Nanoseconds of a call, from groups that are long enough for the clock.
  private static func groupMeans(_ options: WriterOptions) throws -> [Double] {
    let writer = RecordingWriter(sink: NullSink(), options: options)
    var walk = Walk()
    var results: [Double] = []
    results.reserveCapacity(groupCount)
    for _ in 0..<groupCount {
      let start = ContinuousClock.now
      for _ in 0..<eventsPerGroup {
        walk.step()
        writer.motion(at: walk.time, x: walk.x, y: walk.y)
      }
      results.append(nanoseconds(since: start) / Double(eventsPerGroup))
    }
    try writer.finish()
    return results
  }

  /// Nanoseconds of each of many calls, reading the clock included.
  private static func singleCalls(_ options: WriterOptions) throws -> [Double] {
    let writer = RecordingWriter(sink: NullSink(), options: options)
    var walk = Walk()
    var results: [Double] = []
    results.reserveCapacity(groupCount * 10)
    for _ in 0..<(groupCount * 10) {
      walk.step()
      let start = ContinuousClock.now
      writer.motion(at: walk.time, x: walk.x, y: walk.y)
      results.append(nanoseconds(since: start))
    }
    try writer.finish()
    return results
  }

  private static func nanoseconds(since start: ContinuousClock.Instant) -> Double {
    let duration = (ContinuousClock.now - start).components
    return Double(duration.seconds) * 1e9 + Double(duration.attoseconds) / 1e9
  }

  private static func line(_ values: [Double]) -> String {
    let sorted = values.sorted()
    func quantile(_ share: Double) -> String {
      let value = sorted[min(Int(Double(sorted.count) * share), sorted.count - 1)]
      return "\((value * 10).rounded() / 10) ns"
    }
    return "p50 \(quantile(0.5)), p99 \(quantile(0.99)), p99.9 \(quantile(0.999)), "
      + "max \(quantile(1))"
  }
}

/// A walk that looks like a mouse at 1 kHz.
private struct Walk {
  var time: Int64 = 0
  var x: Int32 = 960
  var y: Int32 = 540
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  mutating func step() {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    time &+= 1_000_000
    x = (x &+ Int32(truncatingIfNeeded: state >> 61) &- 3) & 2047
    y = (y &+ Int32(truncatingIfNeeded: state >> 58 & 7) &- 3) & 1023
  }
}

/// Takes bytes and forgets them.
private final class NullSink: ByteSink {
  func write(_ bytes: Span<UInt8>) throws(FileError) {}
  func sync() throws(FileError) {}
}
