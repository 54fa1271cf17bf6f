// SPDX-License-Identifier: Apache-2.0
//
// A writer that is killed as soon as it is there leaves a recording without events, which says what
// it is for.

import InputTape
import InputTapeTestKit
import Testing

@Suite struct BeginningTests {
  private var metadata: RecordingMetadata {
    var metadata = RecordingMetadata()
    metadata["purpose"] = "test"
    metadata.setTrack(Track(id: .first, class: .pointer, name: "mouse"))
    return metadata
  }

  /// A recording without events, closed or not, from its bytes.
  private func checkEmpty(_ bytes: [UInt8], purpose: String?) throws {
    let reader = try RecordingReader(source: MemorySource(bytes))
    #expect(reader.metadata["purpose"] == purpose && reader.eventCount == 0)
    try reader.forEachEvent { _ in Issue.record("an event that nobody wrote") }
    #expect(reader.status.name == "notClosed" && reader.status.losses.isEmpty)
    let report = try RecordingVerifier.verify(MemorySource(bytes))
    #expect(!report.isSound && report.problemCount == 0 && report.eventCount == 0)
    let memory = MemoryStorage()
    memory.put(bytes, at: "/r/in.itape")
    let recovery = try RecordingRecovery.recover(
      path: "/r/in.itape", to: "/r/out.itape", environment: WriterEnvironment(storage: memory))
    #expect(recovery.eventCount == 0 && recovery.lostEventCount == 0 && !recovery.isWhole)
    let recovered = try RecordingReader(path: "/r/out.itape", storage: memory)
    #expect(recovered.status.isComplete && recovered.metadata["purpose"] == purpose)
    let follower = RecordingFollower(path: "/r/in.itape", storage: memory)
    guard case .waiting = try follower.next() else {
      Issue.record("a block that nobody wrote")
      return
    }
    #expect(follower.losses.isEmpty)
  }

  @Test func aLiveRecordingSaysWhatItIsAtOnce() throws {
    let recording = LiveRecording()
    let writer = try recording.makeWriter(metadata)
    let bytes = try #require(recording.memory.contents(recording.path))
    try checkEmpty(bytes, purpose: "test")
    let tracks = try RecordingReader(source: MemorySource(bytes)).metadata.tracks
    #expect(tracks.map(\.name) == ["mouse"])
    // One write for the header, one for what it says; and none for an event.
    #expect(recording.plan.count(.write) == 2)
    let calls = recording.plan.callCount
    for time in 0..<1_000 { writer.motion(at: Int64(time), x: 1, y: 2) }
    #expect(recording.plan.callCount == calls)
    try writer.finish()
    #expect(try recording.read().numbers.count == 1_000)
  }

  @Test func whatIsSaidLaterComesWithTheNextFlush() throws {
    let recording = LiveRecording()
    let writer = try recording.makeWriter()
    try checkEmpty(try #require(recording.memory.contents(recording.path)), purpose: nil)
    writer.setMetadata("purpose", "test")
    try writer.flush()
    let bytes = try #require(recording.memory.contents(recording.path))
    try checkEmpty(bytes, purpose: "test")
    // Said again, it is not written again.
    writer.setMetadata("purpose", "test")
    recording.clock.advance(nanoseconds: 200_000_000)
    writer.tick()
    #expect(recording.memory.contents(recording.path) == bytes)
    writer.setMetadata("subject", "p7")
    recording.clock.advance(nanoseconds: 200_000_000)
    writer.tick()
    let reader = try RecordingReader(path: recording.path, storage: recording.memory)
    #expect(reader.metadata["subject"] == "p7")
    try writer.finish()
  }

  @Test func aFileThatIsWrittenAsAWholeBeginsWithItsHeaderAlone() throws {
    let memory = MemoryStorage()
    let environment = WriterEnvironment(storage: memory)
    let writer = try RecordingWriter(
      path: "/r/a.itape", metadata: metadata, environment: environment)
    #expect(memory.contents("/r/a.itape")?.count == FileHeader.byteCount)
    try checkEmpty(try #require(memory.contents("/r/a.itape")), purpose: nil)
    try writer.finish()
  }

  @Test func aSinkHasTheBeginningToo() throws {
    let sink = MemorySink()
    var options = WriterOptions()
    options.flushIntervalNanoseconds = 3_600_000_000_000
    let writer = RecordingWriter(sink: sink, metadata: metadata, options: options)
    try checkEmpty(sink.bytes, purpose: "test")
    try writer.finish()
  }

  @Test(arguments: [1, 2]) func aDiskThatIsFullIsToldAtOnce(_ call: Int) throws {
    let recording = LiveRecording()
    recording.plan.add(Fault([.write], call: call, repeats: .max, effect: .error(ENOSPC)))
    #expect(throws: FileError.self) { _ = try recording.makeWriter(metadata) }
    #expect(recording.memory.paths.isEmpty)
  }

  @Test func whatASinkRefusedComesWithTheFirstBlock() throws {
    let memory = MemorySink()
    let plan = FaultPlan([Fault([.write], call: 1, repeats: 2, effect: .error(EIO))])
    var options = WriterOptions()
    options.flushIntervalNanoseconds = 3_600_000_000_000
    let writer = RecordingWriter(
      sink: FaultingSink(memory, plan: plan), metadata: metadata, options: options)
    #expect(memory.bytes.isEmpty)
    writer.motion(at: 1, x: 2, y: 3)
    #expect(throws: FileError.self) { try writer.flush() }
    try writer.finish()
    let reader = try RecordingReader(source: MemorySource(memory.bytes))
    #expect(reader.status.isComplete && reader.metadata["purpose"] == "test")
    #expect(reader.eventCount == 1)
  }
}
