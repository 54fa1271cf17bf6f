// SPDX-License-Identifier: Apache-2.0
//
// What a reader says of a file, in the columns of Specs/Vectors/v1/invalid/EXPECT.tsv.

import InputTape
import InputTapeInterchange

/// Verdict, position and events of a recording.
struct VectorSummary {
  private(set) var verdict = ""
  private(set) var position: UInt64 = 0
  /// The tens of the error's code, and where what is lost ends.
  private(set) var tens = 0
  private(set) var end = UInt64.max
  private(set) var count = 0
  private(set) var text: [UInt8] = []
  private(set) var missing: [UInt64] = []
  /// Segment and error of each loss, of a recording in several files.
  private(set) var losses: [String] = []

  init(_ bytes: [UInt8], _ opening: RecordingReader.Opening) {
    do {
      let reader = try RecordingReader(
        source: MemorySource(bytes), opening: opening, mode: .salvage)
      try read(reader)
      set(reader.status, byteCount: UInt64(bytes.count))
    } catch FileError.format(let error) {
      (verdict, position) = ("\(error.code)", error.position)
      tens = Int(error.code.rawValue) / 10
    } catch {
      verdict = "\(error)"
    }
  }

  /// Of a recording in several files, by the path of the first.
  init(path: String, _ opening: RecordingReader.Opening) {
    do {
      let reader = try RecordingReader(path: path, opening: opening, mode: .salvage)
      try read(reader)
      let status = reader.status
      verdict = status.name
      missing = status.missingSegments
      losses = status.losses.map { "\($0.segment):\($0.error.code)" }
    } catch FileError.format(let error) {
      verdict = "\(error.code)"
    } catch {
      verdict = "\(error)"
    }
  }

  private mutating func read(_ reader: borrowing RecordingReader) throws(FileError) {
    var groups: [EventGroup] = []
    let runs = reader.runs()
    while let run = try runs.next() {
      var group = EventGroup()
      _ = group.append(run.batch, run.range, places: run.stretches, kinds: run.kinds)
      groups.append(group)
    }
    var writer = JSONLWriter()
    for group in groups {
      count += group.count
      writer.write(group) { span in for index in span.indices { text.append(span[index]) } }
    }
  }

  private mutating func set(_ status: ReadStatus, byteCount: UInt64) {
    position = byteCount
    if let loss = status.losses.min(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      (verdict, position) = ("\(loss.error.code)", loss.error.position)
      (tens, end) = (Int(loss.error.code.rawValue) / 10, loss.range.upperBound)
    } else if status.tornByteCount > 0 {
      (verdict, position) = ("torn", byteCount - status.tornByteCount)
    } else if status.isHeaderRebuilt {
      verdict = "headerRebuilt"
    } else {
      verdict = status.isClosed ? "complete" : "notClosed"
    }
  }

  var isComplete: Bool { verdict == "complete" }

  /// The number of events and their FNV-1a hash.
  var events: [String] {
    let hash = text.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    return ["\(count)", String(repeating: "0", count: 16 - digits.count) + digits]
  }

  /// Whether this is the verdict of a row: the name or another error of the same tens, at the
  /// position or further within what is lost.
  func matches(_ name: String, _ tens: Int, at position: UInt64) -> Bool {
    (verdict == name || (tens > 0 && tens == self.tens))
      && position <= self.position && self.position <= max(end, position)
  }
}
