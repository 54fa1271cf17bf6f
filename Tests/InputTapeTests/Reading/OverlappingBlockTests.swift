// SPDX-License-Identifier: Apache-2.0
//
// Blocks that all overlap in time: none of their sections can be given before the last is known.

import InputTape
import InputTapeTestKit
import Testing

@Suite struct OverlappingBlockTests {
  private static let trackCount = 10
  private static let blockCount = 500

  /// Each block has one event of each track; of each track times go forwards, or nowhere.
  private static func made(step: Int64) throws -> (bytes: [UInt8], events: [Event]) {
    var options = WriterOptions()
    options.eventsPerBlock = trackCount
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink, options: options)
    var random = SeededRandom(seed: 7)
    var times = (0..<trackCount).map { step * Int64($0) }
    var events: [Event] = []
    for block in 0..<blockCount {
      for track in 0..<trackCount {
        let event = Event(
          time: track == 0 ? Int64(block) : times[track], track: TrackID(rawValue: UInt16(track)),
          body: .motion(x: Int32(block), y: Int32(track)))
        times[track] += step * Int64.random(in: 0...1_000_000_000_000, using: &random)
        writer.append(event)
        events.append(event)
      }
    }
    try writer.finish()
    let order = events.indices.sorted {
      (events[$0].time, events[$0].track, $0) < (events[$1].time, events[$1].track, $1)
    }
    return (sink.bytes, order.map { events[$0] })
  }

  private func read(_ bytes: [UInt8], _ budget: ReadBudget) throws -> [Event] {
    let reader = try RecordingReader(
      source: MemorySource(bytes), mode: .salvage, budget: budget)
    #expect(reader.blockCount == Self.blockCount)
    var found: [Event] = []
    try reader.forEachEvent { found.append($0) }
    #expect(reader.status.isComplete)
    return found
  }

  @Test func eventsComeInTheirOrder() throws {
    for step in 0...1 as ClosedRange<Int64> {
      let (bytes, events) = try Self.made(step: step)
      var budget = ReadBudget()
      budget.memoryByteCount = 1 << 20
      #expect(try read(bytes, budget) == events)
    }
  }

  /// It is no loss of the block that was to be opened, and reading does not go on.
  @Test func aBudgetThatIsUsedUpIsAnError() throws {
    let (bytes, _) = try Self.made(step: 0)
    var budget = ReadBudget()
    // Enough for what is known of the blocks, and not of their 5,000 sections.
    budget.memoryByteCount = 64 << 10
    do {
      let found = try read(bytes, budget)
      Issue.record("read \(found.count) events")
    } catch let error as FileError {
      guard case .format(let problem) = error else { throw error }
      #expect(problem.code == .limitExceeded)
    }
  }
}
