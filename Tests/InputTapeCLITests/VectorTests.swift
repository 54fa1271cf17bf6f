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
    #expect(rows.count >= 300)
    for row in rows {
      let file = Self.vectors.appending(path: "invalid/\(row[0])")
      let bytes = try [UInt8](Data(contentsOf: file))
      let scan = VectorSummary(bytes, .scan)
      let (tens, position) = (try #require(Int(row[2])), try #require(UInt64(row[3])))
      let isExpected = scan.matches(row[1], tens / 10, at: position)
      #expect(isExpected, "\(row): \(scan.verdict) \(scan.position)")
      #expect(scan.events == Array(row[4...]), "\(row[0])")
      if row[1] == "complete" {
        let report = try RecordingVerifier.verify(MemorySource(bytes))
        #expect(!report.isSound, "\(row[0])")
      }
      let index = VectorSummary(bytes, .automatic)
      #expect(index.events == Array(row[4...]), "\(row[0]) by index")
    }
  }
}
