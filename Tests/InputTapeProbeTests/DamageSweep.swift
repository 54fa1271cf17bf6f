// SPDX-License-Identifier: Apache-2.0
//
// One recording cut at its bytes and with its bits flipped: what is read is exactly what the
// damage left, by scan and by index, and nothing goes undetected.

import InputTape
import InputTapeCore

/// Sweeps over one recording; gathers what is not as it must be.
struct DamageSweep {
  let name: String
  let recording: SweptRecording
  private(set) var cutCount = 0
  private(set) var flipCount = 0
  private(set) var slowest = Duration.zero
  /// Sentences, one for each case that broke a promise.
  private(set) var faults: [String] = []
  private let isWhole: Bool

  init(_ name: String, _ bytes: [UInt8]) throws {
    self.name = name
    recording = try SweptRecording(bytes)
    isWhole = try RecordingVerifier.verify(MemorySource(bytes)).isSound
  }

  private mutating func expect(_ condition: Bool, _ sentence: @autoclosure () -> String) {
    if !condition { faults.append("\(name): \(sentence())") }
  }

  private mutating func timed(_ body: (inout Self) -> Void) {
    var copy = self
    let time = ContinuousClock().measure { body(&copy) }
    self = copy
    slowest = max(slowest, time)
  }

  /// Events and status by an opening; nil where the bytes are no recording.
  private func read(
    _ bytes: [UInt8], _ opening: RecordingReader.Opening
  ) -> (events: [Event], status: ReadStatus)? {
    guard
      let reader = try? RecordingReader(
        source: MemorySource(bytes), opening: opening, mode: .salvage)
    else { return nil }
    var events: [Event] = []
    do {
      try reader.forEachEvent { event in events.append(event) }
    } catch {
      return nil
    }
    return (events, reader.status)
  }

  // MARK: - Cuts

  mutating func cut(at length: Int) {
    cutCount += 1
    timed { sweep in
      let bytes = Array(sweep.recording.bytes[..<length])
      for opening in [RecordingReader.Opening.scan, .automatic] {
        sweep.checkCut(bytes, opening)
      }
    }
  }

  private mutating func checkCut(_ bytes: [UInt8], _ opening: RecordingReader.Opening) {
    let length = bytes.count
    guard let (events, status) = read(bytes, opening) else {
      expect(length < FileHeader.byteCount, "cut at \(length) is no recording any more")
      return
    }
    let end = recording.endOfRecords(inPrefix: length)
    expect(events == recording.events(inPrefix: length), "cut at \(length): other events")
    expect(status.losses.isEmpty, "cut at \(length): damage is reported")
    expect(status.tornByteCount == UInt64(length - end), "cut at \(length): torn bytes")
    expect(!status.isClosed, "cut at \(length): closed")
    expect(!status.usedIndex, "cut at \(length): an index was believed")
  }

  // MARK: - Flips

  mutating func flip(_ bit: Int, of offset: Int) {
    flipCount += 1
    timed { sweep in
      var bytes = sweep.recording.bytes
      bytes[offset] ^= 1 << UInt8(bit)
      for opening in [RecordingReader.Opening.scan, .automatic] {
        sweep.checkFlip(bytes, at: offset, opening)
      }
      let report = try? RecordingVerifier.verify(MemorySource(bytes))
      sweep.expect(sweep.isFound(report), "bit \(bit) of \(offset): undetected")
    }
  }

  /// Whether a verification tells of something that the recording did not have before.
  private func isFound(_ report: VerifyReport?) -> Bool {
    guard let report else { return true }
    if isWhole { return !report.isSound }
    return !report.problems.isEmpty || report.status.isHeaderRebuilt
      || report.status.tornByteCount > 0
  }

  private mutating func checkFlip(
    _ bytes: [UInt8], at offset: Int, _ opening: RecordingReader.Opening
  ) {
    let place = "byte \(offset), \(opening)"
    guard let (events, status) = read(bytes, opening) else {
      expect(false, "\(place): no recording any more")
      return
    }
    let left = recording.events(withoutByte: offset)
    expect(events == left, "\(place): \(events.count) events, not the \(left.count) left")
    if left.count < recording.events.count {
      expect(!status.isComplete, "\(place): a loss is not reported")
    }
    if let record = recording.record(at: offset) {
      let range = UInt64(record.range.lowerBound)...UInt64(record.range.upperBound)
      let isWithin = status.losses.allSatisfy {
        range.contains($0.range.lowerBound) && range.contains($0.range.upperBound)
      }
      expect(isWithin, "\(place): losses at \(status.losses.map(\.range)), not in \(range)")
    } else if offset < FileHeader.byteCount {
      expect(status.losses.isEmpty, "\(place): a header's loss lost more")
    }
  }
}
