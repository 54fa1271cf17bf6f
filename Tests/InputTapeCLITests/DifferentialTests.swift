// SPDX-License-Identifier: Apache-2.0
//
// By scan, by index, and by the second reader: the same events, whatever the bytes.

import Foundation
import InputTape
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
    guard let lines = try Self.python(folder.url) else {
      print("skipped: python3 with the package zstandard is not installed")
      return
    }
    #expect(lines.count == answers.count)
    let kept = ProcessInfo.processInfo.environment["ITAPE_KEEP"].map { URL(filePath: $0) }
    var whole = 0
    for line in lines {
      let fields = line.split(separator: "\t").map(String.init)
      let second = Answer(line: fields)
      let first = try #require(answers[fields[0]])
      #expect(first.scan == second.scan, "\(line); this reader: \(first.verdict)")
      if first.index[0] == "complete", second.index[0] == "complete" {
        #expect(first.index == second.index, "\(line)")
      }
      if let kept, first.scan != second.scan {
        try FileManager.default.copyItem(
          at: folder.url.appending(path: fields[0]), to: kept.appending(path: fields[0]))
      }
      if second.scan[0] == "complete" { whole += 1 }
    }
    print("mutants on which three readers agree: \(lines.count), of which whole: \(whole)")
  }

  /// What the second reader says of the files in a folder; nil where it cannot run.
  private static func python(_ folder: URL) throws -> [Substring]? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", specs.appending(path: "Reference/summaries.py").path, "--both", folder.path,
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return String(decoding: text, as: UTF8.self).split(separator: "\n")
  }
}
