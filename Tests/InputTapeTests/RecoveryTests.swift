// SPDX-License-Identifier: Apache-2.0
//
// Recovery: what is readable comes out, the input stays, a second recovery changes nothing.

import InputTape
import InputTapeTestKit
import Testing

@Suite struct RecoveryTests {
  /// Two tracks, some blocks, and a record of an unknown type.
  private static func sample(blocks: Int = 6) throws -> [UInt8] {
    let sink = MemorySink()
    var options = WriterOptions()
    options.eventsPerBlock = 40
    options.recordingID = RecordingID(bytes: Array(1...16))
    let writer = RecordingWriter(sink: sink, options: options)
    for number in 0..<(20 * blocks) {
      let time = Int64(number) * 1_000_000
      writer.motion(at: time, x: Int32(number), y: 1)
      writer.key(
        at: time, code: 30, state: number % 2 == 0 ? .down : .up, track: TrackID(rawValue: 1))
      if number == 50 { writer.append(ExtraRecord(type: 200, payload: [1, 2, 3])) }
    }
    try writer.finish()
    return sink.bytes
  }

  private struct Outcome {
    var report: RecoveryReport
    var bytes: [UInt8]
  }

  private static func recover(_ bytes: [UInt8]) throws -> Outcome {
    let memory = MemoryStorage()
    memory.put(bytes, at: "/r/in.itape")
    let environment = WriterEnvironment(storage: memory)
    var options = WriterOptions()
    options.eventsPerBlock = 40
    let report = try RecordingRecovery.recover(
      path: "/r/in.itape", to: "/o/out.itape", options: options, environment: environment)
    #expect(memory.contents("/r/in.itape") == bytes)
    #expect(memory.paths == ["/o/out.itape", "/r/in.itape"])
    return Outcome(report: report, bytes: try #require(memory.contents("/o/out.itape")))
  }

  private static func events(_ bytes: [UInt8]) throws -> (events: [Event], status: ReadStatus) {
    let reader = try RecordingReader(source: MemorySource(bytes), opening: .scan, mode: .salvage)
    var events: [Event] = []
    try reader.forEachEvent { events.append($0) }
    _ = try reader.extraRecords()
    return (events, reader.status)
  }

  /// Recovers, and compares with what a salvaging reader finds.
  ///
  /// - Returns: false where nothing is readable.
  private func check(_ bytes: [UInt8], _ comment: Comment) throws -> Bool {
    guard let (found, status) = try? Self.events(bytes) else {
      #expect(throws: FileError.self) { try Self.recover(bytes) }
      return false
    }
    let outcome = try Self.recover(bytes)
    let (written, newStatus) = try Self.events(outcome.bytes)
    #expect(newStatus.isComplete, comment)
    #expect(written.filter { $0.kind != .gap } == found, comment)
    #expect(outcome.report.isWhole == status.isComplete, comment)
    #expect(written.count == found.count + outcome.report.addedGapCount, comment)
    if let loss = status.losses.first, loss.eventCount ?? 1 > 0, newStatus.isComplete {
      let isLast = found.isEmpty || outcome.report.addedGapCount == 0
      #expect(isLast || written.contains { $0.kind == .gap }, comment)
    }
    let again = try Self.recover(outcome.bytes)
    let isSame = again.bytes == outcome.bytes
    #expect(isSame, comment)
    #expect(again.report.isWhole && again.report.addedGapCount == 0, comment)
    return true
  }

  @Test func everyCutIsRecovered() throws {
    let bytes = try Self.sample(blocks: 3)
    var counts = (recovered: 0, refused: 0)
    for length in stride(from: 0, through: bytes.count, by: 6) {
      if try check(Array(bytes[..<length]), "cut at \(length)") {
        counts.recovered += 1
      } else {
        counts.refused += 1
      }
    }
    #expect(counts.refused == 11, "Without the file header there is nothing to go by")
    print("cuts recovered: \(counts.recovered), refused: \(counts.refused)")
  }

  @Test func everyDamagedByteIsRecovered() throws {
    let bytes = try Self.sample(blocks: 3)
    var count = 0
    for position in stride(from: 0, to: bytes.count, by: 9) {
      var damaged = bytes
      damaged[position] ^= 0x41
      count += try check(damaged, "byte \(position)") ? 1 : 0
    }
    #expect(count == (bytes.count + 8) / 9)
    print("damaged bytes recovered: \(count)")
  }

  @Test func aWholeRecordingStaysAsItIs() throws {
    let bytes = try Self.sample()
    let outcome = try Self.recover(bytes)
    #expect(outcome.report.isWhole)
    #expect(outcome.bytes == bytes)
    let reader = try RecordingReader(source: MemorySource(outcome.bytes))
    #expect(
      try reader.extraRecords().map(\.record) == [ExtraRecord(type: 200, payload: [1, 2, 3])])
  }

  @Test func whatWasHeldInALostBlockIsUncertain() throws {
    var bytes = try Self.sample()
    bytes[bytes.count / 2] ^= 0xFF
    let outcome = try Self.recover(bytes)
    #expect(outcome.report.addedGapCount > 0)
    #expect(try RecordingVerifier.verify(MemorySource(outcome.bytes)).isSound)
    let reader = try RecordingReader(source: MemorySource(outcome.bytes))
    #expect(reader.metadata["recovered"]?.hasPrefix("1 part lost, ") ?? false)
    #expect(throws: Never.self) { _ = try reader.state(at: .max) }
  }

  /// Of a header that is destroyed the first bytes may be left, and stand in other places too.
  @Test func whatOnlyBeginsLikeAHeaderIsNotItsCopy() throws {
    let bytes = try Self.sample()
    var changed = bytes
    for offset in 8..<FileHeader.byteCount { changed[offset] = 0 }
    for place in [9, 40, 60] { changed.replaceSubrange(place..<(place + 4), with: bytes[..<4]) }
    let outcome = try Self.recover(changed)
    #expect(outcome.report.status.isHeaderRebuilt)
    #expect(outcome.report.eventCount == 240 && outcome.report.status.losses.isEmpty)
  }

  @Test func whatIsTornIsCountedByTheByte() throws {
    let bytes = try Self.sample()
    let end = try FoundRecord.all(in: bytes)[3].end
    for (count, words) in [(0, ""), (1, "1 byte torn, "), (2, "2 bytes torn, ")] {
      let outcome = try Self.recover(Array(bytes[..<(end + count)]))
      let reader = try RecordingReader(source: MemorySource(outcome.bytes))
      #expect(reader.metadata["recovered"] == words + "not closed")
    }
  }

  @Test func whatWasHeldBeforeTheFirstSegmentThatIsThereStaysHeld() throws {
    var recording = LiveRecording()
    recording.options.segmentAgeNanoseconds = 1_000_000_000
    let writer = try recording.makeWriter()
    writer.key(at: 0, code: 30, state: .down)
    recording.record(writer, 0, 3_000)
    try writer.finish()
    try recording.memory.remove(recording.path)
    _ = try RecordingRecovery.recover(
      path: "/r", to: "/o/one.itape", environment: WriterEnvironment(storage: recording.memory))
    for path in ["/r", "/o/one.itape"] {
      let reader = try RecordingReader(path: path, mode: .salvage, storage: recording.memory)
      let state = try reader.state(at: .max)[.first]
      // In the new file the gap that tells of the first segment makes it uncertain.
      #expect(state.keys + state.uncertain.keys == [30], "\(path)")
    }
  }

  @Test func segmentsBecomeOneFile() throws {
    var recording = LiveRecording()
    recording.options.segmentAgeNanoseconds = 1_000_000_000
    let writer = try recording.makeWriter()
    recording.record(writer, 0, 5_000)
    try writer.finish()
    let environment = WriterEnvironment(storage: recording.memory)
    let report = try RecordingRecovery.recover(
      path: recording.path, to: "/o/one.itape", environment: environment)
    #expect(report.isWhole && report.eventCount == 5_000 && report.addedGapCount == 0)
    try recording.memory.remove("/r/a.0002.itape")
    let second = try RecordingRecovery.recover(
      path: recording.path, to: "/o/two.itape", environment: environment)
    #expect(!second.isWhole && second.addedGapCount == 1)
    #expect(second.status.missingSegments == [2])
  }
}
