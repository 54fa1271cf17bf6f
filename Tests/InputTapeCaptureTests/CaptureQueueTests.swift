// SPDX-License-Identifier: Apache-2.0
//
// The capture queue: what is offered is written or counted, whatever happens.

import CInputTapeCount
import Foundation
import InputTape
import InputTapeCapture
import Testing

/// Events of a recording in memory, and what its gaps count.
struct QueueResult {
  var events: [Event] = []
  var gapCount: Int64 = 0
  var gaps: [Gap] = []
  var state: [TrackID: TrackState] = [:]

  init(_ sink: MemorySink) throws {
    let reader = try RecordingReader(source: MemorySource(sink.bytes))
    #expect(try RecordingVerifier.verify(MemorySource(sink.bytes)).isSound)
    try reader.forEachEvent { event in
      if case .gap(let gap) = event.body {
        gaps.append(gap)
        gapCount += gap.count
      } else {
        events.append(event)
        state[event.track, default: TrackState()].apply(event)
      }
    }
    #expect(reader.status.isComplete)
  }
}

@Suite struct CaptureQueueTests {
  /// ITAPE_QUEUE_EVENTS asks for more.
  private static let offeredEventCount =
    ProcessInfo.processInfo.environment["ITAPE_QUEUE_EVENTS"].flatMap(Int.init) ?? 5_000_000

  @Test(arguments: [(1, 1_000_000), (2, offeredEventCount)])
  func countsExactlyWhatItCannotTake(producers: Int, offered: Int) throws {
    let sink = MemorySink()
    var options = QueueOptions()
    options.laneCount = producers
    options.wordsPerLane = 1 << 15
    let queue = try CaptureQueue(sink: sink, options: options)
    let share = offered / producers
    let threads = queue.lanes.enumerated().compactMap { index, lane in
      WorkerThread {
        let track = TrackID(rawValue: UInt16(index))
        for number in 0..<share {
          lane.rawMotion(at: Int64(number) * 1_000, dx: Int32(number & 7), dy: 1, track: track)
        }
      }
    }
    for thread in threads { thread.join() }
    let statistics = try queue.finish()
    let result = try QueueResult(sink)
    print(
      "offered \(offered): \(result.events.count) written, \(result.gapCount) counted by "
        + "\(result.gaps.count) gaps, \(statistics.droppedEventCount) dropped")
    #expect(result.events.count + Int(result.gapCount) == offered)
    #expect(statistics.droppedEventCount == Int(result.gapCount))
    #expect(result.gaps.allSatisfy { $0.cause == .queueFull && !$0.isLowerBound })
    #expect(result.gapCount > 0, "the lanes were never full: nothing was tested")
    for track in 0..<UInt16(producers) {
      let times = result.events.filter { $0.track.rawValue == track }.map(\.time)
      #expect(zip(times, times.dropFirst()).allSatisfy(<))
    }
  }

  @Test func leavesNothingStuckBehindAGap() throws {
    let sink = MemorySink()
    var options = QueueOptions()
    options.wordsPerLane = 1 << 15
    let queue = try CaptureQueue(sink: sink, options: options)
    let lane = queue.lanes[0]
    var truth = TrackState()
    var time: Int64 = 0
    func offer(_ body: Event.Body) {
      time += 1_000
      let event = Event(time: time, track: .first, body: body)
      truth.apply(event)
      lane.append(event)
    }
    var count = 0
    // Keys go down and up all the time; the queue is full most of it.
    for turn in 0..<4_000 {
      for code in 0..<UInt32(20) {
        offer(.key(code: code, state: (turn + Int(code)) % 3 == 0 ? .up : .down))
        offer(.motion(x: Int32(turn), y: Int32(code)))
        offer(
          .touch(
            contact: Int32(code), phase: turn % 5 == 4 ? .ended : .moved, x: 1, y: 2,
            pressure: nil))
        count += 3
      }
    }
    try queue.finish()
    let result = try QueueResult(sink)
    #expect(result.events.count + Int(result.gapCount) == count)
    #expect(result.gapCount > 0)
    #expect(result.state[.first] == truth)
    let reader = try RecordingReader(source: MemorySource(sink.bytes))
    #expect(try reader.state(at: .max)[.first].keys == truth.keys)
    let times = result.events.map(\.time)
    #expect(zip(times, times.dropFirst()).allSatisfy(<=))
  }

  /// Builds without optimisation put parts of functions on the heap.
  static let isOptimised = {
    var isDebugging = false
    assert(
      {
        isDebugging = true
        return true
      }())
    return !isDebugging
  }()

  @Test(.enabled(if: isOptimised, "counted in optimised builds"))
  func appendsWithoutAllocating() throws {
    let queue = try CaptureQueue(sink: MemorySink())
    let lane = queue.lanes[0]
    lane.motion(at: 0, x: 0, y: 0)
    let before = itape_allocation_count()
    for index in 0..<Int32(5_000) {
      lane.motion(at: Int64(index), x: index, y: index)
      lane.key(at: Int64(index), code: 30, state: .down)
      lane.append(
        CaptureSample(time: Int64(index), track: .first, kind: .touch, .init(1, 1, index, 2, 3)))
    }
    let after = itape_allocation_count()
    try queue.finish()
    // Where they are not counted the count is -1 both times.
    #expect(after == before)
  }

  @Test(.enabled(if: isOptimised, "counted in optimised builds"))
  func overloadDoesNotAllocateEither() throws {
    let queue = try CaptureQueue(sink: MemorySink())
    let lane = queue.lanes[0]
    let before = itape_allocation_count()
    for index in 0..<Int64(300_000) { lane.key(at: index, code: UInt32(index & 63), state: .down) }
    let after = itape_allocation_count()
    #expect(after == before)
    #expect(lane.droppedEventCount > 0)
    try queue.finish()
  }

  /// A sink on a full disk.
  private final class FullSink: ByteSink {
    func write(_ bytes: Span<UInt8>) throws(FileError) {
      throw .system(operation: "write", code: ENOSPC)
    }
    func sync() throws(FileError) {}
  }

  @Test func tellsWhatHasBecomeOfTheEventsAlsoWhenItEndsWithAnError() throws {
    let queue = try CaptureQueue(sink: FullSink())
    for number in 0..<1_000 { queue.lanes[0].motion(at: Int64(number), x: 1, y: 2) }
    #expect(throws: FileError.self) { try queue.finish() }
    #expect(queue.statistics.writer.lostEventCount == 1_000)
    #expect(queue.statistics.writer.writtenEventCount == 0)
  }

  @Test func keepsEveryKindOfEvent() throws {
    let sink = MemorySink()
    let queue = try CaptureQueue(sink: sink)
    let bodies: [Event.Body] = [
      .motion(x: 1, y: -2), .rawMotion(dx: 3, dy: 4), .button(button: 1, state: .down),
      .scroll(dx: 0, dy: 120, phase: .momentum), .key(code: 30, state: .repeat), .text("äß"),
      .touch(contact: 1, phase: .began, x: 1, y: 2, pressure: 3),
      .pen(Pen(x: 1, y: 2, pressure: 3, tiltX: 4, tiltY: 5, phase: .hovering, buttons: 7)),
      .axis(axis: 1, value: 2), .focus(Focus(application: "a", title: "b", x: 1)),
      .frame(presentationTime: 7, media: "m"), .marker("label"),
      .clock(unixNanoseconds: 5, uncertaintyNanoseconds: 6),
      .custom(type: 3, bytes: [1, 2, 3]),
    ]
    let events = bodies.enumerated().map {
      Event(time: Int64($0.offset), track: .first, body: $0.element)
    }
    for event in events { queue.lanes[0].append(event) }
    try queue.finish()
    #expect(try QueueResult(sink).events == events)
  }

  @Test func locksItsMemory() throws {
    var options = QueueOptions()
    options.locksMemory = true
    options.wordsPerLane = 1 << 14
    do {
      let queue = try CaptureQueue(sink: MemorySink(), options: options)
      queue.lanes[0].motion(at: 1, x: 2, y: 3)
      try queue.finish()
    } catch CaptureError.system(let operation, _) {
      // A small limit for locked memory is the system's right.
      #expect(operation == "lock memory")
    }
  }
}
