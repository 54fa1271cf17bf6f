// SPDX-License-Identifier: Apache-2.0
//
// What one append costs in a recording that is being made: a background thread encodes meanwhile.

import CInputTapeCount
import InputTape

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Costs of the typed call `motion(at:x:y:)`, in nanoseconds.
struct BenchAppendPath {
  /// Of single calls, less what reading the clock takes.
  var p50 = 0.0
  var p99 = 0.0
  var p999 = 0.0
  var maximum = 0.0
  /// A call's share of many in a row: the median over bursts.
  var amortised = 0.0
  /// What reading the clock takes; has been subtracted.
  var clock = 0.0
  /// Allocations of the appending thread for each event; nil where they cannot be counted.
  var allocations: Double?

  private static let burst = 16_384
  private static let bursts = 40

  /// Appends in bursts, with pauses in which the background thread empties the queue.
  static func measure(preset: Preset) -> BenchAppendPath {
    var result = BenchAppendPath()
    var options = WriterOptions()
    options.encoding.preset = preset
    options.flushIntervalNanoseconds = 10_000_000
    options.syncIntervalNanoseconds = nil
    let writer = RecordingWriter(sink: NullSink(), options: options)
    var walk = Walk()
    result.clock = clockCost()
    // The first burst touches the queue's memory for the first time.
    _ = amortise(writer, &walk)
    let before = itape_allocation_count()
    var shares: [Double] = []
    shares.reserveCapacity(bursts)
    var costs = [Int64](repeating: 0, count: burst * bursts)
    let reserved = itape_allocation_count() - before
    for turn in 0..<bursts {
      usleep(12_000)
      shares.append(amortise(writer, &walk))
      usleep(12_000)
      time(writer, &walk, into: &costs, from: turn * burst)
    }
    let count = itape_allocation_count()
    // The arrays above are two allocations at least: a count that missed them counts nothing.
    if count >= 0, reserved >= 2 {
      result.allocations = Double(count - before - reserved) / Double(2 * burst * bursts)
    }
    // A recording that nobody keeps: an error of a sink that takes everything cannot come.
    _ = try? writer.finish()
    costs.sort()
    func quantile(_ share: Double) -> Double {
      let index = min(Int(Double(costs.count) * share), costs.count - 1)
      return max(Double(costs[index]) - result.clock, 0)
    }
    (result.p50, result.p99) = (quantile(0.5), quantile(0.99))
    (result.p999, result.maximum) = (quantile(0.999), quantile(1))
    result.amortised = shares.sorted()[shares.count / 2]
    return result
  }

  private static func clockCost() -> Double {
    var costs: [Int64] = []
    costs.reserveCapacity(10_000)
    for _ in 0..<10_000 {
      let start = MonotonicClock.now()
      costs.append(MonotonicClock.now() - start)
    }
    return Double(costs.sorted()[costs.count / 2])
  }

  @inline(never)
  private static func amortise(
    _ writer: borrowing RecordingWriter, _ walk: inout Walk
  ) -> Double {
    let start = MonotonicClock.now()
    for _ in 0..<burst {
      walk.step()
      writer.motion(at: walk.time, x: walk.x, y: walk.y)
    }
    return Double(MonotonicClock.now() - start) / Double(burst)
  }

  @inline(never)
  private static func time(
    _ writer: borrowing RecordingWriter, _ walk: inout Walk, into costs: inout [Int64],
    from offset: Int
  ) {
    for index in offset..<(offset + burst) {
      walk.step()
      let start = MonotonicClock.now()
      writer.motion(at: walk.time, x: walk.x, y: walk.y)
      costs[index] = MonotonicClock.now() - start
    }
  }
}

/// A mouse that goes on and on; costs a nanosecond itself.
private struct Walk {
  var time: Int64 = 0
  var x: Int32 = 0
  var y: Int32 = 0

  @inline(__always)
  mutating func step() {
    time &+= 1_000_000
    x = (x &+ Int32(truncatingIfNeeded: time >> 9 & 7)) & 2047
    y = (y &+ Int32(truncatingIfNeeded: time >> 12 & 3)) & 1023
  }
}

/// Takes bytes and forgets them.
private final class NullSink: ByteSink {
  func write(_ bytes: Span<UInt8>) throws(FileError) {}
  func sync() throws(FileError) {}
}
