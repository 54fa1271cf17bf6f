// SPDX-License-Identifier: Apache-2.0
//
// Readers of a growing recording see prefixes only, each longer than the one before, and no damage.

import InputTape
import InputTapeTestKit
import Testing

@Suite struct FollowTests {
  /// Takes all that is there; the numbers must go on where they were.
  ///
  /// - Returns: whether the recording is closed.
  private func take(_ follower: RecordingFollower, _ numbers: inout [Int]) throws -> Bool {
    while true {
      switch try follower.next() {
      case .block(let runs):
        while let run = try runs.next() {
          try run.forEachEvent { event throws(FileError) in
            if case .motion(let x, _) = event.body { numbers.append(Int(x)) }
          }
        }
      case .end: return true
      default: return false
      }
    }
  }

  private func follow(_ recording: LiveRecording, steps: Int = 40) throws {
    let writer = try recording.makeWriter()
    let follower = RecordingFollower(path: recording.path, storage: recording.memory)
    var numbers: [Int] = []
    for step in 0..<steps {
      recording.record(writer, 100 * step, 100)
      let before = numbers.count
      #expect(try !take(follower, &numbers))
      #expect(numbers.count >= before)
      #expect(numbers == Array(0..<numbers.count), "step \(step)")
    }
    #expect(numbers.count >= 100 * steps - 300)
    _ = try? writer.finish()
    #expect(try take(follower, &numbers))
    #expect(numbers == Array(0..<(100 * steps)))
    #expect(follower.losses.isEmpty)
  }

  @Test func aHealthyRecordingIsFollowedToItsEnd() throws {
    try follow(LiveRecording())
    var recording = LiveRecording()
    recording.options.reblocksAtEnd = false
    try follow(recording)
  }

  @Test func segmentsAreFollowed() throws {
    for isByAge in [false, true] {
      var recording = LiveRecording()
      recording.options.segmentAgeNanoseconds = isByAge ? 700_000_000 : nil
      recording.options.segmentByteLimit = isByAge ? nil : 1_200
      try follow(recording)
      #expect(recording.memory.paths.count > 1)
    }
  }

  @Test func segmentsThatRepeatBlocksGiveThemOnce() throws {
    for call in 1...4 {
      let recording = LiveRecording()
      recording.plan.add(Fault([.sync], call: call, repeats: 2, effect: .error(EIO)))
      try follow(recording, steps: 60)
      // Where nothing of the first file was known to be on the disk, another took its name.
      #expect(recording.memory.paths.count > 1 || call == 1)
    }
  }

  @Test func everyPieceIsTakenWhenItIsWhole() throws {
    let sink = MemorySink()
    var options = WriterOptions()
    options.eventsPerBlock = 20
    let writer = RecordingWriter(sink: sink, options: options)
    for number in 0..<400 { writer.motion(at: Int64(number), x: Int32(number), y: 0) }
    try writer.finish()
    for seed in 1...20 as ClosedRange<UInt64> {
      var rng = SeededRandom(seed: seed)
      let memory = MemoryStorage()
      let follower = RecordingFollower(path: "/a.itape", storage: memory)
      var numbers: [Int] = []
      #expect(try !take(follower, &numbers))
      let file = FileSink(try memory.create("/a.itape", replacing: false))
      var offset = 0
      while offset < sink.bytes.count {
        let end = min(offset + Int.random(in: 1...90, using: &rng), sink.bytes.count)
        try file.write(Array(sink.bytes[offset..<end]).span)
        offset = end
        _ = try take(follower, &numbers)
        #expect(numbers == Array(0..<numbers.count), "seed \(seed)")
        #expect(follower.losses.isEmpty)
      }
      #expect(numbers.count == 400)
    }
  }

  @Test func damageWithRecordsBehindItIsALoss() throws {
    let recording = LiveRecording()
    let writer = try recording.makeWriter()
    recording.record(writer, 0, 2_000)
    var bytes = try #require(recording.memory.contents(recording.path))
    bytes[bytes.count / 2] ^= 0xFF
    recording.memory.put(bytes, at: "/x/a.itape")
    let follower = RecordingFollower(path: "/x/a.itape", storage: recording.memory)
    var numbers: [Int] = []
    #expect(try !take(follower, &numbers))
    #expect(follower.losses.count == 1 && numbers.count > 1_500)
    #expect(Set(numbers).count == numbers.count && numbers == numbers.sorted())
    _ = try? writer.finish()
  }
}
