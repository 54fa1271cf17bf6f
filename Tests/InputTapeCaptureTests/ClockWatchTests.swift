// SPDX-License-Identifier: Apache-2.0
//
// Sleep, clocks that are set, and the ties to the wall clock.

import InputTape
import InputTapeCapture
import Testing

@Suite struct ClockWatchTests {
  private let recorder = TrackID(rawValue: 9)

  private func record(_ body: (SetClock) async throws -> Void) async throws -> [Event] {
    let sink = MemorySink()
    let clock = SetClock()
    var options = QueueOptions()
    options.clockTrack = recorder
    options.pollNanoseconds = 1_000_000...2_000_000
    let queue = try CaptureQueue(sink: sink, options: options, clock: clock)
    try await clock.waitForLooks(1)
    try await body(clock)
    try queue.finish()
    let reader = try RecordingReader(source: MemorySource(sink.bytes))
    #expect(reader.metadata.track(recorder)?.trackClass == .context)
    var events: [Event] = []
    try reader.forEachEvent { events.append($0) }
    return events
  }

  private func anchors(_ events: [Event]) -> [(time: Int64, unix: Int64)] {
    events.compactMap { event in
      if case .clock(let unix, _) = event.body { return (event.time, unix) }
      return nil
    }
  }

  private func gaps(_ events: [Event]) -> [Gap] {
    events.compactMap { event in
      if case .gap(let gap) = event.body { return gap }
      return nil
    }
  }

  @Test func tiesTheClocksAtTheStartAndNowAndThen() async throws {
    let events = try await record { clock in
      for turn in 2...4 {
        clock.advance(61_000_000_000)
        try await clock.waitForLooks(turn)
      }
    }
    let found = anchors(events)
    #expect(found.count == 4)
    #expect(gaps(events).isEmpty)
    let offsets = found.map { $0.unix - $0.time }
    #expect(offsets.allSatisfy { $0 == offsets[0] })
  }

  @Test func sleepIsAGapAndANewTie() async throws {
    let events = try await record { clock in
      clock.sleep(3_600_000_000_000)
      clock.advance(1_100_000_000)
      try await clock.waitForLooks(2)
    }
    let found = gaps(events)
    #expect(found.map(\.cause) == [.clockStep])
    #expect(found.allSatisfy { $0.isLowerBound && $0.firstTime < $0.lastTime })
    let ties = anchors(events)
    #expect(ties.count == 2)
    let offsets = ties.map { $0.unix - $0.time }
    #expect(offsets[1] - offsets[0] == 3_600_000_000_000)
  }

  @Test func aClockThatIsSetLosesNothing() async throws {
    let events = try await record { clock in
      clock.set(by: -7_200_000_000_000)
      clock.advance(1_100_000_000)
      try await clock.waitForLooks(2)
    }
    let found = gaps(events)
    #expect(found.map(\.cause) == [.clockStep])
    #expect(found.allSatisfy { $0.count == 0 && !$0.isLowerBound })
    #expect(anchors(events).count == 2)
  }
}
