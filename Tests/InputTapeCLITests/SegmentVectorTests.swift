// SPDX-License-Identifier: Apache-2.0
//
// Recordings of several files (Specs/Vectors/v1/segments), whole and broken: what the second reader
// found in them is what this one finds, by index and by scan.

import Foundation
import InputTape
import Testing

@Suite struct SegmentVectorTests {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Specs/Vectors/v1/segments")

  @Test func segmentsGiveWhatTheSecondReaderFindsInThem() throws {
    let table = try String(contentsOf: Self.folder.appending(path: "EXPECT.tsv"), encoding: .utf8)
    let rows = table.split(separator: "\n").dropFirst().map {
      $0.split(separator: "\t").map(String.init)
    }
    #expect(rows.count >= 60)
    var soundCount = 0
    for row in rows {
      let path = Self.folder.appending(path: "\(row[0])/rec.itape").path
      for opening in [RecordingReader.Opening.automatic, .scan] {
        let found = VectorSummary(path: path, opening)
        let missing = found.missing.map(String.init).joined(separator: ",")
        #expect(missing == (row[2] == "-" ? "" : row[2]), "\(row[0]), \(opening)")
        #expect(found.events == Array(row[4...]), "\(row[0]), \(opening)")
        // Who has an index reads nothing that loses no event.
        guard opening == .scan else { continue }
        #expect(found.verdict == row[1], "\(row[0])")
        let losses = found.losses.map { tens(of: $0) }
        let expected =
          row[3] == "-" ? [] : row[3].split(separator: ",").map { tens(of: String($0)) }
        #expect(losses == expected, "\(row[0]): \(found.losses)")
      }
      let report = try? RecordingVerifier.verify(path: path)
      if row[1] != "complete" {
        #expect(report.map { !$0.isSound } ?? true, "\(row[0]) is not sound")
      } else if report?.isSound == true {
        soundCount += 1
      }
    }
    print("recordings of several files: \(rows.count), of which sound: \(soundCount)")
    #expect(soundCount >= 10)
  }

  /// Segment and error, of which those that say where the bytes end count as one.
  private func tens(of loss: String) -> String {
    loss.replacing("truncatedRecord", with: "truncated")
  }
}
