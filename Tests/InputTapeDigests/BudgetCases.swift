// SPDX-License-Identifier: Apache-2.0
//
// How much memory readers take by their own account: the least budget with which each way of
// reading comes to its end.

import InputTape
import InputTapeCore
import InputTapeTestKit

/// Least budgets of recordings of several shapes.
enum BudgetCases {
  static var all: [DigestCase] {
    [
      DigestCase("budget/blocks") { try look(&$0, eventsPerBlock: 7, records: 0) },
      DigestCase("budget/long-blocks") { try look(&$0, eventsPerBlock: 1_500, records: 0) },
      DigestCase("budget/records") { try look(&$0, eventsPerBlock: 100, records: 30) },
    ]
  }

  private static func recording(eventsPerBlock: Int, records: Int) throws -> [UInt8] {
    var options = ContainerCases.options
    options.eventsPerBlock = eventsPerBlock
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink, options: options)
    for number in 0..<6 {
      var batch = MadeBatch.any.make(300, seed: UInt64(number))
      batch.times = batch.times.indices.map { Int64($0 + 300 * number) }
      for track in 0..<3 as Range<UInt16> {
        batch.track = TrackID(rawValue: track)
        writer.append(batch)
      }
      writer.append(MadeBatch.typing.make(50, seed: UInt64(number)))
    }
    for number in 0..<records {
      writer.append(ExtraRecord(type: 140, payload: Array(repeating: 1, count: 10 * number)))
    }
    try writer.finish()
    return sink.bytes
  }

  private static func look(_ seen: inout Observation, eventsPerBlock: Int, records: Int) throws {
    let source = MemorySource(try recording(eventsPerBlock: eventsPerBlock, records: records))
    for opening in [RecordingReader.Opening.automatic, .scan] {
      func least(_ body: (borrowing RecordingReader) throws -> Void) -> Int {
        var (low, high) = (0, 1 << 22)
        while low < high {
          let middle = (low + high) / 2
          var budget = ReadBudget()
          budget.memoryByteCount = middle
          do {
            try body(
              try RecordingReader(
                source: source, opening: opening, mode: .salvage, budget: budget))
            high = middle
          } catch {
            low = middle + 1
          }
        }
        return low
      }
      seen.add(least { _ in })
      seen.mark("opening")
      seen.add(
        least { reader in
          let runs = reader.runs()
          while try runs.next() != nil {}
          // A section for which there was no room is a loss.
          if let loss = reader.status.losses.first { throw loss.error }
        })
      seen.mark("events")
      seen.add(least { reader in _ = try reader.extraRecords() })
      seen.mark("records")
      seen.add(least { reader in _ = try reader.state(at: 1_000) })
      seen.add(least { reader in try reader.forEachBlock { _ in } })
      seen.mark("\(opening)")
    }
  }
}
