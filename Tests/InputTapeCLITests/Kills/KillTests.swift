// SPDX-License-Identifier: Apache-2.0
//
// Writers killed at any moment, while they write, while they finish, while they recover: nothing
// that was acknowledged is lost. `ITAPE_KILLS` says how many; `make soak` says 10,000.

import Foundation
import InputTape
import InputTapeTestKit
import Testing

@Suite(.serialized) struct KillTests {
  private struct Counts {
    var kills = 0
    var acknowledged = 0
    var readable = 0
    var torn = 0
    var closed = 0
    var recoveries = 0
    var lost = 0
  }

  private static var killCount: Int {
    ProcessInfo.processInfo.environment["ITAPE_KILLS"].flatMap { Int($0) } ?? 200
  }

  @Test func nothingAcknowledgedIsLostToKills() throws {
    var counts = Counts()
    var seed = UInt64(ProcessInfo.processInfo.environment["ITAPE_SEED"] ?? "1") ?? 1
    while counts.kills < Self.killCount {
      try Self.killWriter(seed: seed, &counts)
      seed += 1
    }
    #expect(counts.lost == 0)
    #expect(counts.torn + counts.closed < counts.kills)
    print(
      """
      kills: \(counts.kills) (\(counts.recoveries) of them while recovering), acknowledged: \
      \(counts.acknowledged) events, readable: \(counts.readable), torn: \(counts.torn), \
      closed: \(counts.closed), acknowledged and lost: \(counts.lost)
      """)
  }

  private static func killWriter(seed: UInt64, _ counts: inout Counts) throws {
    var rng = SeededRandom(seed: seed ^ 0xA5)
    let folder = try TemporaryFolder()
    let path = folder.path("a.itape")
    let victim = try VictimProcess("itape-writer-process", [path, "\(seed)"])
    victim.wait(lineCount: Int.random(in: 0...26, using: &rng))
    usleep(UInt32.random(in: 0...3_000, using: &rng))
    if try victim.kill() { counts.kills += 1 }
    let acknowledged = victim.lines.last.flatMap { Int($0) } ?? 0
    let readable = try check(path, acknowledged, seed: seed, &counts)
    counts.acknowledged += acknowledged
    counts.readable += readable
    counts.lost += max(acknowledged - readable, 0)
    if readable > 0, seed % 4 == 0 { try killRecovery(path, readable, &rng, &counts) }
  }

  /// - Returns: how many events can be read, from number 0 on.
  private static func check(
    _ path: String, _ acknowledged: Int, seed: UInt64, _ counts: inout Counts
  ) throws -> Int {
    let reader: RecordingReader
    do {
      reader = try RecordingReader(path: path, mode: .tolerateTail)
    } catch {
      #expect(acknowledged == 0, "seed \(seed): \(error)")
      return 0
    }
    var count: Int32 = 0
    var isInOrder = true
    try reader.forEachEvent { event in
      isInOrder = isInOrder && event.body == .motion(x: count, y: -count)
      count += 1
    }
    let status = reader.status
    #expect(isInOrder, "seed \(seed)")
    #expect(Int(count) >= acknowledged, "seed \(seed)")
    #expect(status.losses.isEmpty && status.missingSegments.isEmpty, "seed \(seed): \(status)")
    counts.torn += status.tornByteCount > 0 ? 1 : 0
    counts.closed += status.isClosed ? 1 : 0
    return Int(count)
  }

  private static func killRecovery(
    _ path: String, _ readable: Int, _ rng: inout SeededRandom, _ counts: inout Counts
  ) throws {
    let folder = try TemporaryFolder()
    let output = folder.path("b.itape")
    let before = try Data(contentsOf: URL(filePath: path))
    let victim = try VictimProcess("itape", ["recover", path, output])
    usleep(UInt32.random(in: 0...12_000, using: &rng))
    if try victim.kill() {
      counts.kills += 1
      counts.recoveries += 1
    }
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
    if FileManager.default.fileExists(atPath: output) {
      #expect(try RecordingVerifier.verify(path: output).isSound)
    }
    let report = try RecordingRecovery.recover(path: path, to: output)
    #expect(report.eventCount == readable && report.lostEventCount == 0)
  }
}
