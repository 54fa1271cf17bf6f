// SPDX-License-Identifier: Apache-2.0
//
// The gates of Benchmarks/Thresholds: bytes per event, and allocations per append.

import Foundation
import InputTape
import InputTapeInterchange
import InputTapeTestKit
import Testing

@Suite struct ThresholdTests {
  private static let folder = SampleFiles.folder + "/../Benchmarks/Thresholds/"

  @Test(arguments: ["desktop", "mouse-1khz", "mouse-8khz"])
  func recordingsDoNotGrow(_ name: String) throws {
    let group = try Self.recording(name)
    let rows = try Self.rows("bytes-per-event.tsv").filter { $0[0] == name }
    #expect(rows.count >= 6)
    for row in rows {
      let preset = try #require(Preset(rawValue: row[1]))
      let recording = try SampleFiles.record(
        group, EncodingSettings(preset: preset), eventsPerBlock: try #require(Int(row[2])))
      let share = Double(recording.count) / Double(group.count)
      print("\(name) \(row[1]) \(row[2]): \(share) bytes an event, limit \(row[3])")
      #expect(share <= (try #require(Double(row[3]))), "\(row)")
    }
  }

  /// Allocations are the optimised build's, which `make test` makes before the tests.
  @Test func appendsDoNotAllocate() throws {
    let executable = URL(filePath: SampleFiles.folder + "/../.build/release/itape")
    guard FileManager.default.isExecutableFile(atPath: executable.path) else {
      return print("skipped: there is no optimised build (make build)")
    }
    let row = try #require(try Self.rows("allocations.tsv").first { $0[0] == "append" })
    let limit = try #require(Double(row[1]))
    let run = try CommandRun(executable, arguments: ["bench", "--json"])
    #expect(run.code == 0, "\(run.errors)")
    let report = try JSONSerialization.jsonObject(with: run.output) as? [String: Any]
    let append = try #require(report?["append"] as? [String: Any])
    guard let allocations = append["allocations"] as? Double else {
      return print("skipped: the allocator's calls cannot be counted in this build")
    }
    print("append: \(allocations) allocations an event, limit \(limit)")
    #expect(allocations <= limit)
  }

  private static func rows(_ name: String) throws -> [[String]] {
    let text = try String(contentsOfFile: folder + name, encoding: .utf8)
    return text.split(separator: "\n").dropFirst().map { line in
      line.split(separator: "\t").map(String.init)
    }
  }

  private static func recording(_ name: String) throws -> EventGroup {
    if name == "desktop" { return try SampleFiles.desktop() }
    var batch = EventBatch(track: .first)
    var mouse = MadeMouse(period: name == "mouse-1khz" ? 1_000_000 : 125_000)
    for _ in 0..<32_768 { batch.append(mouse.next()) }
    return EventGroup(merging: [batch])
  }
}

/// A hand on a mouse that reports at a steady rate: speeds come and go, stamps are late a little.
private struct MadeMouse {
  let period: Int64
  private var state: UInt64 = 42
  private var ideal: Int64 = 0
  private var velocity = (x: 0, y: 0)
  private var position = (x: 0, y: 0)

  init(period: Int64) { self.period = period }

  private mutating func random(_ limit: UInt64) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % limit)
  }

  mutating func next() -> Event {
    // In 1/256ths of a count a report.
    let push = Int(period / 4_000)
    velocity.x += random(UInt64(push)) - push / 2 - velocity.x / 64
    velocity.y += random(UInt64(push)) - push / 2 - velocity.y / 64
    let before = position
    position.x += velocity.x
    position.y += velocity.y
    ideal += period * Int64(random(50) == 0 ? 3 : 1)
    return Event(
      time: ideal / 1_000 * 1_000 + Int64(random(8)) * 1_000, track: .first,
      body: .rawMotion(
        dx: Int32((position.x >> 8) - (before.x >> 8)),
        dy: Int32((position.y >> 8) - (before.y >> 8))))
  }
}
