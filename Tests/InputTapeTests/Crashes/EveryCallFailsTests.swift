// SPDX-License-Identifier: Apache-2.0
//
// Each call of the system fails once, and from then on for ever: while recording, finishing and
// recovering.

import Foundation
import InputTape
import InputTapeTestKit
import Testing

@Suite struct EveryCallFailsTests {
  private static let effects: [Fault.Effect] = [
    .error(ENOSPC), .error(EIO), .error(EROFS), .error(EINTR), .short(1),
  ]

  /// Each call with each effect; otherwise with some of them.
  private static let isLong = ProcessInfo.processInfo.environment["ITAPE_CRASH_STATES"] != nil

  private struct Outcome {
    /// Numbers of events whose flush reported no error.
    var acknowledged: [Range<Int>] = []
    var offered = 0
    var isBegun = false
  }

  /// Records, syncs, goes over into other segments, and finishes.
  private static func run(_ recording: LiveRecording) -> Outcome {
    var outcome = Outcome()
    guard let writer = try? recording.makeWriter() else { return outcome }
    outcome.isBegun = true
    for step in 0..<6 {
      recording.record(writer, 120 * step, 120)
      outcome.offered += 120
      if (try? writer.flush()) != nil {
        outcome.acknowledged.append((120 * step)..<outcome.offered)
      }
      if step == 3 { _ = try? writer.sync() }
    }
    _ = try? writer.finish()
    return outcome
  }

  private static func recording() -> LiveRecording {
    var recording = LiveRecording()
    recording.options.segmentByteLimit = 500
    recording.options.syncIntervalNanoseconds = 300_000_000
    return recording
  }

  private static func check(
    _ recording: LiveRecording, _ outcome: Outcome, isOnce: Bool, _ comment: Comment
  ) {
    guard outcome.isBegun else { return }
    guard let (numbers, gaps, status) = try? recording.read(.salvage, .scan) else {
      #expect(!isOnce && outcome.acknowledged.isEmpty, comment)
      return
    }
    let readable = Set(numbers)
    #expect(outcome.acknowledged.allSatisfy { $0.allSatisfy(readable.contains) }, comment)
    #expect(numbers == readable.sorted(), comment)
    #expect(status.losses.isEmpty, "\(comment) \(status.losses)")
    guard isOnce else { return }
    let counted = gaps.reduce(0) { $0 + Int($1.count) }
    #expect(numbers.count + counted == outcome.offered, comment)
  }

  @Test func eachCallOfAWriterFails() {
    let plain = Self.recording()
    _ = Self.run(plain)
    let calls = plain.plan.callCount
    var runs = 0
    for call in 1...calls {
      for (index, effect) in Self.effects.enumerated()
      where Self.isLong || (call + index) % 4 == 0 {
        for isOnce in [true, false] where isOnce || effect != .error(EINTR) {
          let recording = Self.recording()
          recording.plan.add(Fault(call: call, repeats: isOnce ? 1 : .max, effect: effect))
          let outcome = Self.run(recording)
          Self.check(recording, outcome, isOnce: isOnce, "call \(call), \(effect), \(isOnce)")
          runs += 1
        }
      }
    }
    print("writer: \(calls) calls, \(runs) runs with faults")
    #expect(calls > 40)
  }

  @Test func eachCallOfARecoveryFails() throws {
    let recording = Self.recording()
    _ = Self.run(recording)
    try recording.memory.remove("/r/a.0001.itape")
    func recover(_ plan: FaultPlan) -> RecoveryReport? {
      let storage = FaultingStorage(recording.memory, plan: plan)
      return try? RecordingRecovery.recover(
        path: recording.path, to: "/o/b.itape", environment: WriterEnvironment(storage: storage))
    }
    let plain = FaultPlan()
    let expected = try #require(recover(plain))
    let good = try #require(recording.memory.contents("/o/b.itape"))
    let input = recording.memory.contents(recording.path)
    var (runs, failures) = (0, 0)
    for call in 1...plain.callCount {
      for (index, effect) in Self.effects.enumerated()
      where Self.isLong || (call + index) % 2 == 0 {
        for isOnce in [true, false] where isOnce || effect != .error(EINTR) {
          try? recording.memory.remove("/o/b.itape")
          let report = recover(
            FaultPlan([Fault(call: call, repeats: isOnce ? 1 : .max, effect: effect)]))
          runs += 1
          if report == nil { failures += 1 }
          // What has the name is whole, even where the folder could not be synced.
          let output = recording.memory.contents("/o/b.itape")
          #expect(output == nil || output == good || report != expected, "\(call) \(effect)")
          if report == expected { #expect(output == good, "\(call) \(effect)") }
          #expect(recording.memory.contents(recording.path) == input)
        }
      }
    }
    print("recovery: \(plain.callCount) calls, \(runs) runs with faults, \(failures) refused")
    #expect(failures > 0)
  }
}
