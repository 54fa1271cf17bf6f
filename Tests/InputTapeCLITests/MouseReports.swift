// SPDX-License-Identifier: Apache-2.0
//
// A mouse that writes the kernel's events into a FIFO, in its own time.

import Foundation

/// Reports of a mouse that goes its way.
struct MouseReports {
  /// The differences of all reports, in order.
  private(set) var steps: [(dx: Int32, dy: Int32)] = []
  private var random: UInt64

  init(seed: UInt64) { random = seed }

  private mutating func next() -> UInt64 {
    random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return random >> 33
  }

  /// The bytes of a report at a time in microseconds: two axes, and the end.
  mutating func report(at microseconds: Int64) -> Data {
    let last = steps.last ?? (3, 2)
    var step = (
      dx: min(max(last.dx + Int32(next() % 3) - 1, -9), 9),
      dy: min(max(last.dy + Int32(next() % 3) - 1, -9), 9)
    )
    if step.dx == 0 { step.dx = 1 }
    if step.dy == 0 { step.dy = 1 }
    steps.append(step)
    return event(microseconds, 2, 0, step.dx) + event(microseconds, 2, 1, step.dy)
      + event(microseconds, 0, 0, 0)
  }

  private func event(_ time: Int64, _ type: UInt16, _ code: UInt16, _ value: Int32) -> Data {
    var data = Data()
    func add(_ number: UInt64, _ byteCount: Int) {
      for byte in 0..<byteCount { data.append(UInt8(truncatingIfNeeded: number >> (8 * byte))) }
    }
    add(UInt64(time / 1_000_000), 8)
    add(UInt64(time % 1_000_000), 8)
    add(UInt64(type), 2)
    add(UInt64(code), 2)
    add(UInt64(UInt32(bitPattern: value)), 4)
    return data
  }

  /// Writes reports into a FIFO in real time, `rate` a second, ten milliseconds' worth at once;
  /// `isWanted` ends it.
  mutating func write(
    to path: String, rate: Int, count: Int, while isWanted: (Int) -> Bool = { _ in true }
  ) throws {
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    let start = DispatchTime.now().uptimeNanoseconds
    let piece = max(rate / 100, 1)
    var written = 0
    while written < count, isWanted(written) {
      var data = Data()
      for number in written..<min(written + piece, count) {
        data += report(at: 1_000_000_000 + Int64(number) * 1_000_000 / Int64(rate))
      }
      try handle.write(contentsOf: data)
      written = min(written + piece, count)
      let due = start + UInt64(written) * 1_000_000_000 / UInt64(rate)
      let now = DispatchTime.now().uptimeNanoseconds
      if due > now { usleep(UInt32((due - now) / 1_000)) }
    }
    try handle.close()
  }
}
