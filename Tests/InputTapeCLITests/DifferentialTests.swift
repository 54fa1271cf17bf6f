// SPDX-License-Identifier: Apache-2.0
//
// By scan, by index, and by the second reader: the same events, whatever the bytes.

import Foundation
import InputTape
import InputTapeCore
import InputTapeInterchange
import InputTapeTestKit
import Testing

@Suite struct DifferentialTests {
  private static let specs = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Specs")

  /// Mutants of each small vector; `make soak` asks for more. Those on which readers differ are
  /// kept in the folder ITAPE_KEEP.
  private static let mutantCount =
    ProcessInfo.processInfo.environment["ITAPE_MUTANTS"].flatMap(Int.init) ?? 12
  private static let byteLimit = 3_000

  /// Verdict, number and hash of events by scan and by index.
  private struct Answer: Equatable {
    var scan: [String]
    var index: [String]
    /// What this reader says of a scan.
    var verdict = ""

    static func == (left: Answer, right: Answer) -> Bool {
      left.scan == right.scan && left.index == right.index
    }

    init(_ bytes: [UInt8]) {
      let scan = VectorSummary(bytes, .scan)
      let index = VectorSummary(bytes, .automatic)
      self.scan = [scan.isComplete ? "complete" : "not"] + scan.events
      self.index = [index.isComplete ? "complete" : "not"] + index.events
      verdict = "\(scan.verdict) at \(scan.position)"
    }

    /// From a line of summaries.py: name, then twice verdict, code, position, events, hash.
    init(line: [String]) {
      scan = [line[1] == "complete" ? "complete" : "not"] + line[4...5]
      index = [line[6] == "complete" ? "complete" : "not"] + line[9...10]
    }
  }

  private static func vectors() throws -> [(name: String, bytes: [UInt8])] {
    try FileManager.default
      .contentsOfDirectory(
        at: specs.appending(path: "Vectors/v1/valid"), includingPropertiesForKeys: nil
      )
      .filter { $0.pathExtension == "itape" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
      .map { ($0.deletingPathExtension().lastPathComponent, try [UInt8](Data(contentsOf: $0))) }
  }

  @Test func scanAndIndexAndTheSecondReaderAgreeOnMutants() throws {
    let folder = try TemporaryFolder()
    var answers: [String: Answer] = [:]
    for (name, bytes) in try Self.vectors() where bytes.count <= Self.byteLimit {
      var mutant = Mutant(seed: name.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
      for number in 0..<Self.mutantCount {
        let file = "\(name)-\(number).itape"
        let changed = mutant.make(bytes)
        try Data(changed).write(to: folder.url.appending(path: file))
        let answer = Answer(changed)
        if answer.index[0] == "complete", answer.scan[0] == "complete" {
          #expect(answer.index == answer.scan, "\(file): the index tells other events than a scan")
        }
        answers[file] = answer
      }
    }
    guard let lines = try Self.python("summaries.py", "--both", folder.url.path) else {
      print("skipped: python3 is not installed")
      return
    }
    #expect(lines.count == answers.count)
    let other = try TemporaryFolder()
    var whole = 0
    var differing: [String: String] = [:]
    for fields in lines {
      let second = Answer(line: fields)
      let first = try #require(answers[fields[0]])
      let isDone = first.index[0] == "complete" && second.index[0] == "complete"
      if first.scan != second.scan || (isDone && first.index != second.index) {
        differing[fields[0]] = "\(fields); this reader: \(first.verdict)"
        try Self.copy(fields[0], from: folder.url, to: other.url)
      }
      if second.scan[0] == "complete" { whole += 1 }
    }
    let excused = try Self.excused(differing, other.url)
    print(
      "mutants on which three readers agree: \(lines.count - differing.count), of which whole: "
        + "\(whole); \(excused) with frames on which libraries may differ")
  }

  /// As a vector this would be two megabytes of text: a mouse whose sensor looks at every third
  /// report, long enough for a beat in quarters.
  @Test func theSecondReaderAgreesOnABeatInQuarters() throws {
    var batch = EventBatch(track: .first)
    var rng = SeededRandom(seed: 12)
    for index in 0..<32_779 {
      let speed = Int32(index / 64 % 40) + Int32(rng.next() % 2)
      batch.append(
        Event(
          time: Int64(index) * 125_000, track: .first,
          body: .rawMotion(dx: speed + (index % 3 == 0 ? 9 : 0), dy: -speed / 2)))
    }
    try compare([batch], EncodingSettings())
  }

  /// Sections of as many events as the adaptive coder's smaller tables are for, and of one more
  /// (Specs/Adaptive.md, sections 3 and 4).
  @Test func theSecondReaderAgreesWhereTablesGrow() throws {
    var rng = SeededRandom(seed: 13)
    let batches = [1_024, 1_025, 8_192, 8_193].enumerated().map { track, count in
      var batch = EventBatch(track: TrackID(rawValue: UInt16(track)))
      for index in 0..<count {
        let time = Int64(index) * 1_000_000 + Int64(rng.next() % 8) * 100_000
        let body: Event.Body =
          index % 7 == 0
          ? .button(button: Int32(rng.next() % 4), state: index % 2 == 0 ? .down : .up)
          : .scroll(dx: 0, dy: Int32(rng.next() % 5) - 2, phase: nil)
        batch.append(Event(time: time, track: batch.track, body: body))
      }
      return batch
    }
    try compare(batches, EncodingSettings(preset: .compact))
  }

  /// Records batches as one block, of which both readers must say the same.
  private func compare(_ batches: [EventBatch], _ settings: EncodingSettings) throws {
    let bytes = try SampleFiles.record(
      EventGroup(merging: batches), settings, eventsPerBlock: Limits.eventsPerBlock)
    let folder = try TemporaryFolder()
    try Data(bytes).write(to: folder.url.appending(path: "one.itape"))
    guard let lines = try Self.python("summaries.py", "--scan", folder.url.path) else {
      print("skipped: python3 is not installed")
      return
    }
    let found = VectorSummary(bytes, .scan)
    let count = batches.reduce(0) { $0 + $1.count }
    #expect(found.isComplete && found.events[0] == "\(count)")
    #expect(lines.map { [$0[1]] + $0[4...5] } == [["complete"] + found.events])
  }

  /// How many of the mutants hold a frame of which the spec says that libraries may differ; any
  /// other is a failure.
  private static func excused(_ differing: [String: String], _ folder: URL) throws -> Int {
    guard !differing.isEmpty else { return 0 }
    var excused = 0
    for fields in try #require(try python("frames.py", folder.path)) {
      if fields[1] != "0" {
        excused += 1
        continue
      }
      Issue.record("\(differing[fields[0]] ?? fields[0])")
      if let kept = ProcessInfo.processInfo.environment["ITAPE_KEEP"] {
        try copy(fields[0], from: folder, to: URL(filePath: kept))
      }
    }
    return excused
  }

  private static func copy(_ name: String, from folder: URL, to other: URL) throws {
    try FileManager.default.copyItem(
      at: folder.appending(path: name), to: other.appending(path: name))
  }

  @Test func whatTheStrictDecoderOfFramesTakesTheLibraryTakes() throws {
    let folder = Self.specs.appending(path: "Vectors/v1/valid").path
    guard let lines = try Self.python("frames.py", "--changed", "\(Self.frameCount)", folder) else {
      print("skipped: python3 is not installed")
      return
    }
    let decompressor = Decompressor()
    var counts: [String: Int] = [:]
    for fields in lines {
      let length = try #require(Int(fields[1]))
      let frame = try Self.bytes(hex: fields[0])
      let answer = fields[2]
      var content = [UInt8](repeating: 0, count: length)
      let isTaken = decompressor.decompressZstd(frame.span, into: &content)
      let sort = answer == "refused" || answer == "wrong" ? answer : "good"
      counts[sort, default: 0] += 1
      if sort == "good" {
        let expected = try Self.bytes(hex: answer)
        #expect(isTaken && content == expected, "\(fields[0]) of \(length)")
      } else if sort == "refused" {
        #expect(!isTaken, "\(fields[0]) of \(length)")
      } else if isTaken {
        counts["taken though wrong", default: 0] += 1
      }
    }
    #expect(lines.count == Self.frameCount)
    #expect(counts["good", default: 0] > Self.frameCount / 10)
    print("changed frames: \(counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" })")
  }

  private static let frameCount = 150 * mutantCount

  private static func bytes(hex: String) throws -> [UInt8] {
    let digits = Array(hex)
    return try stride(from: 0, to: digits.count, by: 2).map {
      try #require(UInt8(String(digits[$0...$0 + 1]), radix: 16))
    }
  }

  /// The fields of each line that a program of the second reader prints; nil where it cannot run.
  private static func python(_ program: String, _ arguments: String...) throws -> [[String]]? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["python3", specs.appending(path: "Reference/\(program)").path] + arguments
    let output = Pipe()
    process.standardOutput = output
    guard (try? process.run()) != nil else { return nil }
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    // 127: env has found no python3.
    guard process.terminationStatus != 127 else { return nil }
    #expect(process.terminationStatus == 0, "\(program)")
    return String(decoding: text, as: UTF8.self).split(separator: "\n")
      .map { $0.split(separator: "\t").map(String.init) }
  }
}
