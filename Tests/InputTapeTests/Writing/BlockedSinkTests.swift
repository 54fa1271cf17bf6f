// SPDX-License-Identifier: Apache-2.0
//
// A disk that answers no more for a while: nobody who records waits for it, and what there is no
// room for is counted.

import InputTape
import InputTapeTestKit
import Testing

/// A sink whose writes wait until they are let go on.
private final class BlockedSink: ByteSink, @unchecked Sendable {
  private let monitor = Monitor()
  private var isBlocked = false
  private var isWaiting = false
  private var written: [UInt8] = []

  var bytes: [UInt8] { monitor.withLock { written } }

  func block() {
    monitor.withLock {
      isBlocked = true
      // The file header has been written already.
      isWaiting = false
    }
  }

  func unblock() {
    monitor.withLock {
      isBlocked = false
      monitor.signalAll()
    }
  }

  /// Waits until a write does.
  func waitForWrite() {
    monitor.withLock { while !isWaiting { monitor.wait() } }
  }

  func write(_ bytes: Span<UInt8>) throws(FileError) {
    monitor.lock()
    isWaiting = true
    monitor.signalAll()
    while isBlocked { monitor.wait() }
    for index in bytes.indices { written.append(bytes[index]) }
    monitor.unlock()
  }

  func sync() throws(FileError) {}
}

@Suite struct BlockedSinkTests {
  @Test func nobodyWaitsForADiskThatIsBlocked() throws {
    let sink = BlockedSink()
    var options = WriterOptions()
    options.flushIntervalNanoseconds = 5_000_000
    options.overload = .drop
    options.queueWordCount = 1 << 15
    let writer = RecordingWriter(sink: sink, options: options)
    sink.block()
    writer.motion(at: 0, x: 0, y: 0)
    sink.waitForWrite()
    // The writer's thread waits with its lock held; neither events nor batches nor tracks do.
    var (offered, refused) = (1, 0)
    for number in 1..<20_000 as Range<Int32> {
      writer.motion(at: Int64(number), x: number, y: 0)
      offered += 1
    }
    // Nothing of any length has room now.
    let long = String(repeating: "x", count: 100_000)
    let taken = [
      writer.motion(at: 20_000, x: 0, y: 0),
      writer.touch(at: 20_000, contact: 0, phase: .began, x: 0, y: 0),
      writer.pen(at: 20_000, Pen(x: 0, y: 0)), writer.text(at: 20_000, "a"),
      writer.append(Event(time: 20_000, track: .first, body: .marker("b"))),
      // Two events.
      writer.text(at: 20_000, long),
    ]
    #expect(!taken.contains(true))
    offered += taken.count + 1
    writer.setTrack(Track(id: .first, class: .pointer, name: "mouse"))
    var batch = EventBatch(track: TrackID(rawValue: 1))
    for number in 0..<Int64(Limits.eventsPerBlock) {
      batch.append(Event(time: number, track: batch.track, body: .scroll(dx: 0, dy: 1, phase: nil)))
    }
    for _ in 0..<6 {
      if !writer.append(batch) { refused += 1 }
      offered += batch.count
    }
    #expect(refused == 2)
    sink.unblock()
    let statistics = try writer.finish()
    let reader = try RecordingReader(source: MemorySource(sink.bytes))
    var (read, missing) = (0, [TrackID: Int64]())
    try reader.forEachEvent { event in
      if case .gap(let gap) = event.body {
        #expect(gap.cause == .queueFull && !gap.isLowerBound)
        missing[event.track, default: 0] += gap.count
      } else {
        read += 1
      }
    }
    print("blocked: \(offered) offered, \(read) read, \(missing.values.reduce(0, +)) in gaps")
    #expect(read + Int(missing.values.reduce(0, +)) == offered)
    #expect(missing[batch.track] == Int64(2 * batch.count) && missing[.first] ?? 0 > 5_000)
    #expect(statistics.droppedEventCount == Int(missing.values.reduce(0, +)))
    #expect(reader.metadata.track(.first)?.name == "mouse" && reader.status.isComplete)
    let report = try RecordingVerifier.verify(MemorySource(sink.bytes))
    #expect(report.isSound, "\(report.problems)")
  }
}
