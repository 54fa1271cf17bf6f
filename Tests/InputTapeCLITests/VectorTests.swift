// SPDX-License-Identifier: Apache-2.0
//
// The vectors (Specs/Vectors/v1), by index and by scan, and the second reader beside this one.

import Foundation
import InputTape
import InputTapeInterchange
import Testing

@Suite struct VectorTests {
  private static let specs = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Specs")
  private static let vectors = specs.appending(path: "Vectors/v1")

  private static func files(_ folder: String) throws -> [URL] {
    try FileManager.default
      .contentsOfDirectory(at: vectors.appending(path: folder), includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "itape" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }

  @Test func validVectorsGiveTheirEventsByIndexAndByScan() throws {
    let files = try Self.files("valid")
    #expect(files.count >= 30)
    for file in files {
      let bytes = try [UInt8](Data(contentsOf: file))
      let text = try Data(contentsOf: file.deletingPathExtension().appendingPathExtension("jsonl"))
      for opening in [RecordingReader.Opening.automatic, .scan] {
        let found = VectorSummary(bytes, opening)
        #expect(found.verdict == "complete", "\(file.lastPathComponent)")
        #expect(Data(found.text) == text, "\(file.lastPathComponent)")
      }
      #expect(
        try RecordingVerifier.verify(MemorySource(bytes)).isSound, "\(file.lastPathComponent)")
    }
  }

  @Test func brokenVectorsGiveWhatIsLeftAndSayWhatIsWrong() throws {
    let table = try String(
      contentsOf: Self.vectors.appending(path: "invalid/EXPECT.tsv"), encoding: .utf8)
    let rows = table.split(separator: "\n").dropFirst().map {
      $0.split(separator: "\t").map(String.init)
    }
    #expect(rows.count >= 100)
    for row in rows {
      let file = Self.vectors.appending(path: "invalid/\(row[0])")
      let bytes = try [UInt8](Data(contentsOf: file))
      let scan = VectorSummary(bytes, .scan)
      let (tens, position) = (try #require(Int(row[2])), try #require(UInt64(row[3])))
      #expect(
        scan.matches(row[1], tens / 10, at: position), "\(row): \(scan.verdict) \(scan.position)")
      #expect(scan.events == Array(row[4...]), "\(row[0])")
      if row[1] == "complete" {
        let report = try RecordingVerifier.verify(MemorySource(bytes))
        #expect(!report.isSound, "\(row[0])")
      }
      let index = VectorSummary(bytes, .automatic)
      #expect(index.events == Array(row[4...]), "\(row[0])")
    }
  }

  @Test func theSecondReaderAgreesOnDamage() throws {
    let folder = URL.temporaryDirectory.appending(
      path: "itape-vectors-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var expected: [String: [String]] = [:]
    for name in ["extremes-none", "one-event-a-block", "all-kinds-deflate"] {
      let file = Self.vectors.appending(path: "valid/\(name).itape")
      let bytes = try [UInt8](Data(contentsOf: file))
      for (number, mutant) in Self.mutants(of: bytes).enumerated() {
        let mutantName = "\(name)-\(number).itape"
        try Data(mutant).write(to: folder.appending(path: mutantName))
        let found = VectorSummary(mutant, .scan)
        expected[mutantName] = [found.isComplete ? "complete" : "not"] + found.events
      }
    }
    guard let lines = try Self.python(folder) else {
      print("skipped: python3 with the package zstandard is not installed")
      return
    }
    #expect(lines.count == expected.count)
    for line in lines {
      let row = line.split(separator: "\t").map(String.init)
      let found = [row[1] == "complete" ? "complete" : "not"] + row[4...]
      #expect(expected[row[0]] == Array(found), "\(line)")
    }
  }

  /// Truncations and changed bytes at places all over the file.
  private static func mutants(of bytes: [UInt8]) -> [[UInt8]] {
    let step = max(1, bytes.count / 150)
    return stride(from: 0, to: bytes.count, by: step).flatMap { place in
      var changed = bytes
      changed[place] ^= 1 << UInt8(place % 8)
      return [changed, Array(bytes[..<place])]
    }
  }

  /// What the second reader says of the files in a folder; nil where it cannot run.
  private static func python(_ folder: URL) throws -> [Substring]? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", specs.appending(path: "Reference/summaries.py").path, "--scan", folder.path,
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
