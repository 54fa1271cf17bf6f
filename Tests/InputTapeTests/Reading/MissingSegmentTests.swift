// SPDX-License-Identifier: Apache-2.0
//
// Recordings whose first segment, or another one, is not there: what is there is read, and what is
// missing is said.

import InputTape
import InputTapeTestKit
import Testing

@Suite struct MissingSegmentTests {
  /// Six segments or more, of 5,000 events.
  private func recording() throws -> LiveRecording {
    var recording = LiveRecording()
    recording.options.segmentAgeNanoseconds = 800_000_000
    let writer = try recording.makeWriter()
    recording.record(writer, 0, 5_000)
    try writer.finish()
    #expect(recording.memory.paths.count >= 6)
    return recording
  }

  private struct Follow {
    var numbers: [Int] = []
    var missing: [UInt64] = []
    var isAtEnd = false
  }

  private func follow(_ recording: LiveRecording) throws -> Follow {
    let follower = RecordingFollower(path: recording.path, storage: recording.memory)
    var result = Follow()
    while true {
      switch try follower.next() {
      case .block(let runs):
        while let run = try runs.next() {
          run.forEachEvent { event in
            if case .motion(let x, _) = event.body { result.numbers.append(Int(x)) }
          }
        }
        continue
      case .end: result.isAtEnd = true
      default: break
      }
      #expect(follower.losses.isEmpty)
      result.missing = follower.missingSegments
      return result
    }
  }

  /// Reads by the first path and by the folder, verifies, recovers and follows.
  private func check(_ recording: LiveRecording, missing: [UInt64], count: Range<Int>) throws {
    let memory = recording.memory
    for path in [recording.path, "/r"] {
      let reader = try RecordingReader(path: path, mode: .salvage, storage: memory)
      var numbers: [Int] = []
      try reader.forEachEvent { event in
        if case .motion(let x, _) = event.body { numbers.append(Int(x)) }
      }
      #expect(count.contains(numbers.count), "\(numbers.count)")
      #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
      #expect(reader.status.missingSegments == missing && !reader.status.isComplete)
      #expect(throws: FileError.self) {
        _ = try RecordingReader(path: path, mode: .strict, storage: memory)
      }
      let report = try RecordingVerifier.verify(path: path, storage: memory)
      #expect(!report.isSound)
      for segment in missing {
        let isSaid = report.problems.contains { $0.expected == "a file of segment \(segment)" }
        #expect(isSaid)
      }
      let recovery = try RecordingRecovery.recover(
        path: path, to: "/o/a.itape", environment: WriterEnvironment(storage: memory))
      #expect(!recovery.isWhole && recovery.status.missingSegments == missing)
      let followed = try follow(recording)
      #expect(followed.numbers == numbers && followed.missing == missing && followed.isAtEnd)
    }
  }

  @Test func theFirstSegmentIsMissing() throws {
    let recording = try recording()
    try recording.memory.remove(recording.path)
    try check(recording, missing: [0], count: 4_000..<4_500)
  }

  @Test func theFirstSegmentIsDestroyed() throws {
    let recording = try recording()
    recording.memory.put([UInt8](repeating: 0xA5, count: 700), at: recording.path)
    try check(recording, missing: [0], count: 4_000..<4_500)
  }

  @Test func severalSegmentsAreMissing() throws {
    let recording = try recording()
    for path in [recording.path, "/r/a.0001.itape", "/r/a.0003.itape"] {
      try recording.memory.remove(path)
    }
    try check(recording, missing: [0, 1, 3], count: 2_000..<3_500)
  }

  @Test func onlyTheLastSegmentIsThere() throws {
    let recording = try recording()
    let last = "/r/a.0006.itape"
    for path in recording.memory.paths where path != last { try recording.memory.remove(path) }
    #expect(recording.memory.paths == [last])
    try check(recording, missing: [0, 1, 2, 3, 4, 5], count: 100..<1_000)
    // By its own name it is a recording by itself.
    let reader = try RecordingReader(path: last, mode: .strict, storage: recording.memory)
    #expect(reader.header.segmentNumber == 6)
  }

  @Test func aFolderOfSeveralRecordingsIsNotChosenFrom() throws {
    let recording = try recording()
    let second = try #require(recording.memory.contents("/r/a.0001.itape"))
    recording.memory.put(second, at: "/r/b.0001.itape")
    let names = "a.itape, b.itape"
    #expect(throws: FileError.system(operation: "choose among \(names) in", path: "/r", code: 21)) {
      _ = try RecordingReader(path: "/r", storage: recording.memory)
    }
    let empty = MemoryStorage()
    empty.put([], at: "/r/notes.txt")
    #expect(throws: FileError.system(operation: "find a recording in", path: "/r", code: 2)) {
      _ = try RecordingReader(path: "/r", storage: empty)
    }
    empty.put([1, 2, 3], at: "/r/a.itape")
    #expect(throws: FileError.format(FormatError(.notARecording, at: 0))) {
      _ = try RecordingReader(path: "/r", storage: empty)
    }
  }

  @Test func whoFollowsWaitsForTheFirstRecord() throws {
    var recording = LiveRecording()
    recording.options.segmentAgeNanoseconds = 800_000_000
    let follower = RecordingFollower(path: recording.path, storage: recording.memory)
    #expect(try isWaiting(follower))
    let writer = try recording.makeWriter()
    #expect(try isWaiting(follower))
    recording.record(writer, 0, 3_000)
    #expect(try !isWaiting(follower))
    #expect(follower.missingSegments.isEmpty)
    try writer.finish()
  }

  private func isWaiting(_ follower: RecordingFollower) throws -> Bool {
    if case .waiting = try follower.next() { return true }
    return false
  }
}
