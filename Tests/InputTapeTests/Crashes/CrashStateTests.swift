// SPDX-License-Identifier: Apache-2.0
//
// Losses of power at any call: what `sync()` acknowledged can be read from any disk that there may
// be then, and nothing is read that was not written. `ITAPE_CRASH_STATES` says how many disks.

import Foundation
import InputTape
import InputTapeTestKit
import Testing

@Suite struct CrashStateTests {
  private static var stateCount: Int {
    ProcessInfo.processInfo.environment["ITAPE_CRASH_STATES"].flatMap { Int($0) } ?? 500
  }

  /// A recording with syncs, segments and its end, as calls; marks say what is acknowledged.
  private static func calls(_ rng: inout SeededRandom) throws -> [StorageCall] {
    let plan = FaultPlan()
    let storage = RecordingStorage(FaultingStorage(MemoryStorage(), plan: plan))
    let clock = ManualClock()
    var options = WriterOptions()
    options.recordingID = RecordingID(bytes: Array(1...16))
    options.flushIntervalNanoseconds = 50_000_000
    options.syncIntervalNanoseconds = Int64.random(in: 100_000_000...600_000_000, using: &rng)
    options.eventsPerBlock = Int.random(in: 20...300, using: &rng)
    if Bool.random(using: &rng) {
      options.segmentByteLimit = UInt64.random(in: 600...3_000, using: &rng)
    }
    if Int.random(in: 0..<3, using: &rng) == 0 {
      plan.add(Fault([.sync], call: Int.random(in: 1...4, using: &rng), effect: .error(EIO)))
    }
    var environment = WriterEnvironment(storage: storage, clock: clock)
    environment.runsInBackground = false
    let writer = try RecordingWriter(path: "/r/a.itape", options: options, environment: environment)
    for number in 0..<Int.random(in: 100...900, using: &rng) {
      writer.motion(at: Int64(number) * 1_000_000, x: Int32(number), y: -Int32(number))
      clock.advance(nanoseconds: 1_000_000)
      if number % 25 == 24 { writer.tick() }
      if Int.random(in: 0..<120, using: &rng) == 0, (try? writer.sync()) != nil {
        storage.mark(number + 1)
      }
    }
    _ = try? writer.finish()
    return storage.calls
  }

  /// - Returns: how many events of those acknowledged are missing; nil where what is read is wrong.
  private static func missing(_ disk: MemoryStorage, _ acknowledged: Int) -> Int? {
    guard
      let reader = try? RecordingReader(path: "/r/a.itape", mode: .salvage, storage: disk)
    else { return acknowledged }
    var found: [Int32] = []
    var isRight = true
    do {
      try reader.forEachEvent { event in
        switch event.body {
        case .motion(let x, let y):
          isRight = isRight && y == -x && event.time == Int64(x) * 1_000_000
          isRight = isRight && x > found.last ?? -1
          found.append(x)
        case .gap: break
        default: isRight = false
        }
      }
    } catch {
      return nil
    }
    guard isRight else { return nil }
    return acknowledged - found.count { $0 < Int32(acknowledged) }
  }

  @Test func whatWasSyncedSurvivesLossesOfPower() throws {
    var rng = SeededRandom(
      seed: UInt64(ProcessInfo.processInfo.environment["ITAPE_SEED"] ?? "1") ?? 1)
    var (states, violations, acknowledged) = (0, 0, 0)
    while states < Self.stateCount {
      let before = rng
      let calls = try Self.calls(&rng)
      for _ in 0..<min(400, Self.stateCount - states) {
        let disk = CrashedDisk(calls[..<Int.random(in: 0...calls.count, using: &rng)])
        let missing = Self.missing(disk.state(&rng), disk.acknowledged)
        states += 1
        acknowledged += disk.acknowledged
        if missing != 0 {
          violations += 1
          Issue.record("\(missing ?? -1) of \(disk.acknowledged) missing, \(before)")
        }
      }
    }
    #expect(violations == 0)
    print("crash states: \(states), acknowledged: \(acknowledged), violations: \(violations)")
  }
}
