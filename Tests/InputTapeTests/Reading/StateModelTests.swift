// SPDX-License-Identifier: Apache-2.0
//
// The state at a moment, against the plain model: over blocks, gaps and lost parts.

import InputTape
import InputTapeTestKit
import Testing

@Suite struct StateModelTests {
  private func record(_ events: [Event], eventsPerBlock: Int) throws -> [UInt8] {
    let sink = MemorySink()
    var options = WriterOptions()
    options.eventsPerBlock = eventsPerBlock
    let writer = RecordingWriter(sink: sink, options: options)
    for event in events { writer.append(event) }
    try writer.finish()
    return sink.bytes
  }

  private func expectModel(
    _ reader: borrowing RecordingReader, _ events: [Event], at times: some Sequence<Int64>,
    _ comment: Comment
  ) throws {
    let byTrack = Dictionary(grouping: events, by: \.track)
    for time in times {
      let state = try reader.state(at: time)
      for number in 0..<HeldInput.trackCount {
        let track = TrackID(rawValue: UInt16(number))
        let model = StateModel(byTrack[track] ?? [], at: time)
        let found = StateModel(state[track])
        #expect(found == model, "track \(number) at \(time), \(comment)")
      }
    }
  }

  @Test(arguments: 1...2 as ClosedRange<UInt64>, [40, 700, 65_536])
  func agreesWithThePlainModel(seed: UInt64, eventsPerBlock: Int) throws {
    var input = HeldInput(seed: seed)
    let events = input.events(4_900)
    let bytes = try record(events, eventsPerBlock: eventsPerBlock)
    #expect(try RecordingVerifier.verify(MemorySource(bytes)).isSound)
    let reader = try RecordingReader(source: MemorySource(bytes))
    let last = events.last?.time ?? 0
    var times = Array(stride(from: Int64(-1), through: last + 1, by: Int(last / 4)))
    // Moments at and around gaps.
    for event in events where event.kind == .gap {
      guard times.count < 18, case .gap(let gap) = event.body else { continue }
      times += [gap.firstTime - 1, gap.firstTime, gap.lastTime - 1, gap.lastTime]
    }
    try expectModel(reader, events, at: times, "seed \(seed)")
    #expect(reader.status.isComplete)
  }

  @Test func aKeyThatIsLetGoInAGapDoesNotStayDown() throws {
    let key = Event.Body.key(code: 30, state: .down)
    let gap = Gap(cause: .queueFull, count: 3, firstTime: 20, lastTime: 40)
    func event(_ time: Int64, _ body: Event.Body) -> Event {
      Event(time: time, track: .first, body: body)
    }
    var events = [event(10, key), event(11, .key(code: 31, state: .down)), event(40, .gap(gap))]
    events += [event(50, .key(code: 31, state: .repeat)), event(60, .key(code: 32, state: .down))]
    let reader = try RecordingReader(source: MemorySource(try record(events, eventsPerBlock: 2)))
    #expect(try reader.state(at: 19)[.first].keys == [30, 31])
    for time: Int64 in [20, 39, 40, 49] {
      let state = try reader.state(at: time)[.first]
      #expect(state.keys == [] && state.uncertain.keys == [30, 31], "\(time)")
      #expect(state.lastGap == gap)
    }
    #expect(try reader.state(at: 50)[.first].keys == [31])
    let last = try reader.state(at: .max)[.first]
    #expect(last.keys == [31, 32] && last.uncertain.keys == [30])
  }

  @Test(arguments: 1...2 as ClosedRange<UInt64>)
  func whatALostBlockDidIsUncertain(seed: UInt64) throws {
    var input = HeldInput(seed: seed)
    let events = input.events(1_500).filter { $0.kind != .gap }
    let bytes = try record(events, eventsPerBlock: 50)
    let whole = try RecordingReader(source: MemorySource(bytes))
    // The payload of one record in the middle is destroyed, then its header too.
    for offset in [200, 4] {
      var damaged = bytes
      let start = try #require(Self.position(of: 12, in: bytes))
      damaged[start + offset] ^= 0xFF
      let reader = try RecordingReader(source: MemorySource(damaged), opening: .scan)
      for time in stride(from: Int64(0), to: events.last?.time ?? 0, by: 260_000_000) {
        let (good, found) = (try whole.state(at: time), try reader.state(at: time))
        for number in 0..<HeldInput.trackCount {
          let track = TrackID(rawValue: UInt16(number))
          let truth = StateModel(good[track]).things
          // What is said to be certain is true.
          for (thing, entry) in StateModel(found[track]).things where entry.isCertain {
            #expect(truth[thing]?.body == entry.body, "\(thing) at \(time), seed \(seed)")
          }
        }
      }
      #expect(!reader.status.isComplete)
    }
  }

  /// Where the record of a sequence number begins, from the lengths.
  private static func position(of number: Int, in bytes: [UInt8]) -> Int? {
    let records = (try? FoundRecord.all(in: bytes)) ?? []
    return number < records.count ? records[number].start : nil
  }
}
