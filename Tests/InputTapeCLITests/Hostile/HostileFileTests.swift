// SPDX-License-Identifier: Apache-2.0
//
// All kinds of hostile files, to the real command: each command's memory and processor time is
// bounded by the file's bytes, whatever is in them.

import Foundation
import InputTape
import Testing

@Suite(.serialized) struct HostileFileTests {
  /// What a command may take of a file of so many mebibytes.
  private struct Bounds {
    var secondsPerMebibyte: Double
    var mebibytes: Double
    /// Memory for each mebibyte of the file.
    var growth = 0.0
  }

  private static let bounds: [(command: String, bounds: Bounds)] = [
    // Ten bytes are kept of each block, and the smallest has 14 in the file.
    ("info", Bounds(secondsPerMebibyte: 0.03, mebibytes: 32, growth: 0.7)),
    ("verify", Bounds(secondsPerMebibyte: 0.08, mebibytes: 40, growth: 0.7)),
    ("cat", Bounds(secondsPerMebibyte: 0.25, mebibytes: 40, growth: 2)),
    // It reads, writes, and reads what it has written; the dearest are a gap for each 11 bytes.
    ("recover", Bounds(secondsPerMebibyte: 0.6, mebibytes: 56, growth: 0.7)),
  ]

  /// Files are as large as ITAPE_HOSTILE_MIB says; in a short run, small.
  private static let mebibytes =
    ProcessInfo.processInfo.environment["ITAPE_HOSTILE_MIB"].flatMap { Int($0) } ?? 1

  @Test func nothingTakesMoreThanItsBytesAllow() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("hostile.itape")
    var counts = (files: 0, runs: 0)
    for kind in HostileKind.all {
      let file = kind.file(byteCount: Self.mebibytes << 20)
      try file.write(to: path)
      let commands = Self.bounds.map { command, _ in
        [command, path] + (command == "recover" ? [folder.path("recovered.itape")] : [])
      }
      guard let runs = try MeasuredRun.runs(commands) else {
        print("skipped: python3 is not there to measure memory")
        return
      }
      #expect(runs.count == commands.count)
      for (run, (command, bounds)) in zip(runs, Self.bounds) {
        check(run, "\(command) of \(kind.name)", bounds, Double(file.byteCount) / 1_048_576)
      }
      let costs = zip(runs, Self.bounds).map { run, bound in
        let memory = Double(run.memoryByteCount) / 1_048_576
        return String(format: "\(bound.command) %.3f s %.0f MiB", run.seconds, memory)
      }
      print("\(kind.name), \(file.byteCount) bytes: \(costs.joined(separator: ", "))")
      counts.files += 1
      counts.runs += runs.count
    }
    #expect(counts.files >= 40)
    print("hostile files: \(counts.files) kinds of \(Self.mebibytes) MiB, \(counts.runs) runs")
  }

  private func check(_ run: MeasuredRun, _ name: String, _ bounds: Bounds, _ mebibytes: Double) {
    // A recording without its header is none: 65.
    let isKnown = (0...1).contains(run.code) || run.code == 65
    #expect(isKnown, "\(name): ended with \(run.code): \(run.text.suffix(300))")
    let memory = Double(run.memoryByteCount) / 1_048_576
    #expect(memory < bounds.mebibytes + bounds.growth * mebibytes, "\(name)")
    if MeasuredRun.executable.isOptimised {
      #expect(run.seconds < 0.1 + bounds.secondsPerMebibyte * mebibytes, "\(name)")
    }
  }
}
