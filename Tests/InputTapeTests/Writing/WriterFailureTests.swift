// SPDX-License-Identifier: Apache-2.0
//
// A writer on a system that fails: nothing acknowledged is lost, what is lost is counted, the
// recording goes on, and the caller hears of it.

import InputTape
import InputTapeTestKit
import Testing

@Suite struct WriterFailureTests {
  /// Events offered are events readable and gap counts.
  private func expectAll(_ count: Int, _ recording: LiveRecording) throws -> [Gap] {
    for opening in [RecordingReader.Opening.automatic, .scan] {
      let (numbers, gaps, status) = try recording.read(.salvage, opening)
      let missing = gaps.reduce(0) { $0 + Int($1.count) }
      #expect(numbers.count + missing == count)
      #expect(Set(numbers).count == numbers.count)
      #expect(numbers == numbers.sorted())
      #expect(status.isComplete, "\(status)")
    }
    return try recording.read().gaps
  }

  @Test(arguments: [ENOSPC, EIO, EROFS]) func aBlockThatIsRefusedBecomesAGap(code: Int32) throws {
    for call in 1...12 {
      let recording = LiveRecording()
      let writer = try recording.makeWriter()
      recording.plan.add(Fault([.write], call: call, effect: .error(code)))
      recording.record(writer, 0, 1_000)
      let statistics = try? writer.finish()
      let gaps = try expectAll(1_000, recording)
      #expect(recording.plan.hitCount == 1)
      #expect(statistics == nil, "An error of a block is thrown once")
      let cause = code == ENOSPC ? GapCause.diskFull : .ioError
      #expect(gaps.allSatisfy { $0.cause == cause && !$0.isLowerBound })
      if !gaps.isEmpty {
        let lost = recording.notices.all.contains {
          if case .lost(let count, cause, _) = $0 { return count == Int(gaps[0].count) }
          return false
        }
        #expect(lost)
        #expect(recording.notices.all.contains(.recovered))
      }
    }
  }

  @Test func aFullDiskThatIsFreeAgainLosesExactlyWhatItSays() throws {
    let recording = LiveRecording()
    let writer = try recording.makeWriter()
    recording.record(writer, 0, 500)
    try writer.flush()
    let acknowledged = try recording.read().numbers
    #expect(acknowledged == Array(0..<500))
    recording.memory.capacity = 0
    recording.record(writer, 500, 500)
    #expect(try recording.read().numbers == acknowledged)
    recording.memory.capacity = .max
    recording.record(writer, 1_000, 500)
    _ = try? writer.finish()
    let gaps = try expectAll(1_500, recording)
    #expect(gaps.count == 1 && gaps[0].cause == .diskFull)
    #expect((430...580).contains(gaps[0].count))
  }

  @Test func aSyncThatFailsBeginsASegmentThatHasEverythingAgain() throws {
    for call in 1...4 {
      let recording = LiveRecording()
      let writer = try recording.makeWriter()
      recording.plan.add(Fault([.sync], call: call, effect: .error(EIO)))
      recording.record(writer, 0, 5_000)
      #expect(throws: FileError.system(operation: "sync", code: EIO)) { try writer.flush() }
      let statistics = try writer.finish()
      // A file of which nothing is known to be on the disk is written anew under its name.
      let number = call == 1 ? 0 : 1
      let path = SegmentFiles.path(recording.path, segment: UInt64(number))
      #expect(statistics.segmentCount == number + 1)
      let gaps = try expectAll(5_000, recording)
      #expect(gaps.map(\.cause) == [.syncFailed] && gaps[0].count == 0)
      #expect(
        recording.notices.all == [
          .syncFailed(.system(operation: "sync", code: EIO)),
          .segment(number: UInt64(number), path: path),
        ])
      // What was synced stays in the first file, all else is in the second.
      let last = try #require(recording.memory.contents(path))
      let reader = try RecordingReader(source: MemorySource(last))
      #expect(reader.header.segmentNumber == UInt64(number))
      #expect(reader.header.predecessorRecordCount > 0)
      #expect(recording.memory.paths.count == number + 1)
    }
  }

  @Test func aFirstSegmentThatNeverReachedTheDiskIsNotNeeded() throws {
    let recording = LiveRecording()
    let writer = try recording.makeWriter()
    recording.record(writer, 0, 3_000)
    try writer.finish()
    // The second says that none of the first one's records count.
    var bytes = try #require(recording.memory.contents(recording.path))
    let header = FileHeader(
      recordingID: RecordingID(bytes: Array(1...16)), segmentNumber: 1, predecessorRecordCount: 0)
    bytes.replaceSubrange(0..<FileHeader.byteCount, with: header.encode())
    recording.memory.put(bytes, at: "/r/a.0001.itape")
    recording.memory.put([UInt8](repeating: 0, count: 500), at: recording.path)
    for _ in 0..<2 {
      let (numbers, _, status) = try recording.read()
      #expect(numbers == Array(0..<3_000) && status.isComplete, "\(status)")
      try? recording.memory.remove(recording.path)
    }
    // A name with a number beyond all others costs nothing.
    recording.memory.put([1], at: "/r/a.18446744073709551614.itape")
    #expect(try recording.read().status.isComplete)
  }

  @Test func aDiskThatNeverSyncsStillRecords() throws {
    let recording = LiveRecording()
    let writer = try recording.makeWriter()
    recording.plan.add(Fault([.sync], call: 1, repeats: .max, effect: .error(EIO)))
    recording.record(writer, 0, 20_000)
    _ = try? writer.finish()
    let (numbers, gaps, _) = try recording.read()
    #expect(numbers == Array(0..<20_000))
    #expect(gaps.allSatisfy { $0.cause == .syncFailed && $0.count == 0 })
    // Each failure costs a file, so that they come less and less often.
    let count = recording.notices.all.count { if case .segment = $0 { true } else { false } }
    #expect((2...10).contains(count), "\(recording.notices.all)")
    #expect(recording.memory.paths == [recording.path])
  }

  @Test func aSegmentThatCannotBeBegunIsTriedAgain() throws {
    let recording = LiveRecording()
    let writer = try recording.makeWriter()
    recording.record(writer, 0, 800)
    recording.plan.add(Fault([.sync], call: 1, effect: .error(EIO)))
    recording.plan.add(Fault([.create], call: 1, repeats: 3, effect: .error(ENOSPC)))
    recording.record(writer, 800, 3_000)
    _ = try? writer.finish()
    let gaps = try expectAll(3_800, recording)
    #expect(Set(gaps.map(\.cause)) == [.syncFailed, .diskFull])
    #expect(recording.plan.count(.sync) < 10)
  }

  @Test func segmentsFollowOneAnotherBySizeAndAge() throws {
    for isByAge in [false, true] {
      var recording = LiveRecording()
      if isByAge {
        recording.options.segmentAgeNanoseconds = 1_000_000_000
      } else {
        recording.options.segmentByteLimit = 1_200
      }
      recording.options.reblocksAtEnd = isByAge
      let writer = try recording.makeWriter()
      recording.record(writer, 0, 10_000)
      let statistics = try writer.finish()
      #expect(statistics.segmentCount == recording.memory.paths.count)
      #expect(recording.memory.paths.count >= 5, "\(recording.memory.paths)")
      #expect(try expectAll(10_000, recording).isEmpty)
      let report = try RecordingVerifier.verify(path: recording.path, storage: recording.memory)
      #expect(report.isSound, "\(report.problems)")
      #expect(report.segmentCount == statistics.segmentCount && report.comparedIndex)
      let folder = try RecordingReader(path: "/r", storage: recording.memory)
      #expect(folder.eventCount == 10_000)
      #expect(try folder.state(at: 5_000_000_000)[.first].position?.x == 5_000)
    }
  }

  @Test func aMissingSegmentIsSaid() throws {
    var recording = LiveRecording()
    recording.options.segmentAgeNanoseconds = 1_000_000_000
    let writer = try recording.makeWriter()
    recording.record(writer, 0, 5_000)
    try writer.finish()
    try recording.memory.remove("/r/a.0002.itape")
    let (numbers, _, status) = try recording.read()
    #expect(numbers.count < 5_000 && numbers.count > 3_000)
    #expect(status.missingSegments == [2] && !status.isComplete)
    try recording.memory.put(
      #require(recording.memory.contents("/r/a.0001.itape")), at: "/r/a.0002.itape")
    let last = try #require(recording.memory.paths.dropLast().last)
    try recording.memory.remove(last)
    #expect(try !recording.read().status.isClosed)
  }

  @Test func aFolderThatVanishesAndComesBackLosesNothing() throws {
    let recording = LiveRecording()
    let writer = try recording.makeWriter()
    recording.record(writer, 0, 2_500)
    recording.memory.removeFolder("/r")
    recording.record(writer, 2_500, 2_500)
    #expect(recording.notices.all.contains(.vanished(path: recording.path)))
    recording.memory.makeFolder("/r")
    recording.record(writer, 5_000, 20_000)
    #expect(recording.notices.all.contains(.restored(path: recording.path)))
    _ = try? writer.finish()
    #expect(try expectAll(25_000, recording).isEmpty)
  }

  /// What the system holds of a file without a name may be less than was written.
  @Test func aFileThatBecameShorterIsNotGivenItsNameBack() throws {
    let recording = LiveRecording()
    let writer = try recording.makeWriter()
    recording.record(writer, 0, 2_500)
    recording.plan.add(Fault([.read], call: 1, repeats: .max, effect: .short(0)))
    try recording.memory.remove(recording.path)
    recording.record(writer, 2_500, 2_500)
    #expect(recording.notices.all.contains(.vanished(path: recording.path)))
    #expect(!recording.notices.all.contains(.restored(path: recording.path)))
    #expect(recording.memory.paths.isEmpty)
    recording.plan.clear()
    recording.record(writer, 5_000, 2_500)
    #expect(recording.notices.all.contains(.restored(path: recording.path)))
    _ = try? writer.finish()
    #expect(try expectAll(7_500, recording).isEmpty)
  }

  /// Writes that fail a few times, of blocks that several threads encode: then others are on their
  /// way already when one is lost.
  @Test(arguments: [1, 2, 3]) func aLostBlockIsToldOfBeforeTheNextOne(threads: Int) throws {
    var (told, lost) = (0, 0)
    // The first call writes the file header.
    for call in 2...25 {
      for repeats in [1, 2, 5] {
        var recording = LiveRecording()
        recording.options.threads = threads
        recording.options.eventsPerBlock = 3
        recording.options.reblocksAtEnd = call % 2 == 0
        recording.plan.add(Fault([.write], call: call, repeats: repeats, effect: .error(EIO)))
        let writer = try recording.makeWriter()
        for number in 0..<90 {
          let code = UInt32(number / 2 % 7)
          writer.append(
            Event(
              time: Int64(number), track: TrackID(rawValue: UInt16(number % 2)),
              body: .key(code: code, state: number % 3 == 0 ? .up : .down)))
          if number % 40 == 39 { _ = try? writer.flush() }
        }
        let statistics = try? writer.finish()
        lost += statistics?.lostEventCount ?? 0
        told += try expectTold(recording, "call \(call), \(repeats) times, \(threads) threads")
      }
    }
    print("\(threads) threads: \(told) events told of in gaps")
    #expect(told > 100 && lost <= told)
  }

  /// Behind each gap stands a keyframe with the state that all events led to, lost ones too.
  ///
  /// - Returns: how many events gaps count.
  private func expectTold(_ recording: LiveRecording, _ comment: Comment) throws -> Int {
    let report = try RecordingVerifier.verify(path: recording.path, storage: recording.memory)
    #expect(report.isSound, "\(comment): \(report.problems)")
    let reader = try RecordingReader(path: recording.path, storage: recording.memory)
    var (events, missing) = (0, 0)
    try reader.forEachEvent { event in
      if case .gap(let gap) = event.body { missing += Int(gap.count) } else { events += 1 }
    }
    #expect(events + missing == 90, comment)
    var model: [TrackID: Set<UInt32>] = [:]
    for number in 0..<90 {
      let track = TrackID(rawValue: UInt16(number % 2))
      let code = UInt32(number / 2 % 7)
      if number % 3 == 0 {
        model[track]?.remove(code)
      } else {
        model[track, default: []].insert(code)
      }
    }
    let state = try reader.state(at: .max)
    for (track, keys) in model { #expect(state[track].keys == keys.sorted(), comment) }
    return missing
  }

  @Test func metadataDoesNotPileUpWhileNothingCanBeWritten() throws {
    let recording = LiveRecording()
    let writer = try recording.makeWriter()
    recording.record(writer, 0, 200)
    recording.memory.capacity = 0
    let before = try #require(recording.memory.contents(recording.path)).count
    let value = String(repeating: "v", count: 4_000)
    for step in 0..<300 {
      writer.setMetadata("step", value + "\(step)")
      recording.record(writer, 200 + 100 * step, 100)
    }
    recording.memory.capacity = .max
    recording.record(writer, 30_200, 200)
    try? writer.flush()
    let after = try #require(recording.memory.contents(recording.path)).count
    #expect(after - before < 3 * value.count, "\(after - before)")
    _ = try? writer.finish()
    let reader = try RecordingReader(path: recording.path, storage: recording.memory)
    #expect(reader.metadata["step"] == value + "299")
    _ = try expectAll(30_400, recording)
  }

  @Test func aCopyKeepsWhatLostBlocksDid() throws {
    var recording = LiveRecording()
    recording.options.reblocksAtEnd = false
    recording.plan.add(Fault([.write], call: 6, effect: .error(EIO)))
    let writer = try recording.makeWriter()
    for number in 1...12 as ClosedRange<UInt32> {
      // Nine are pressed, three of them released.
      let body = Event.Body.key(code: (number - 1) % 9 + 1, state: number > 9 ? .up : .down)
      writer.append(Event(time: Int64(number), track: .first, body: body))
      _ = try? writer.flush()
    }
    _ = try? writer.finish()
    let reader = try RecordingReader(path: recording.path, storage: recording.memory)
    let expected = try reader.state(at: .max)
    #expect(expected[.first].keys == Array(4...9))
    #expect(try recording.read().gaps.map(\.count) == [1])
    for threads in [1, 2] {
      let copy = try RecordingWriter(
        path: "/c/\(threads).itape", metadata: reader.metadata,
        environment: WriterEnvironment(storage: recording.memory))
      try RecordingCopy.run(reader, to: copy, threads: threads)
      try copy.finish()
      let again = try RecordingReader(path: "/c/\(threads).itape", storage: recording.memory)
      #expect(try again.state(at: .max) == expected && again.eventCount == reader.eventCount)
    }
  }

  @Test func aFileThatMayNotGrowIsFollowedByAnotherSegment() throws {
    for (isLive, first) in [(true, 9), (true, 14), (false, 9)] {
      var recording = LiveRecording()
      if !isLive {
        recording.options.flushIntervalNanoseconds = nil
        recording.options.eventsPerBlock = 50
      }
      recording.options.reblocksAtEnd = false
      recording.plan.add(Fault([.write], call: first, effect: .error(EFBIG)))
      // Behind the next file's header: the end of the file that is left, which nobody needs.
      recording.plan.add(Fault([.write], call: first + 2, effect: .error(EFBIG)))
      let writer = try recording.makeWriter()
      recording.record(writer, 0, 2_000)
      let statistics = try? writer.finish()
      let (numbers, gaps, status) = try recording.read()
      if isLive {
        #expect(statistics?.lostEventCount == 0 && statistics?.segmentCount == 2)
        #expect(numbers == Array(0..<2_000) && gaps.isEmpty && status.isComplete, "\(status)")
      } else {
        // Who asked for one file gets one.
        #expect(recording.memory.paths == [recording.path] && !gaps.isEmpty)
        #expect(numbers.count + gaps.reduce(0) { $0 + Int($1.count) } == 2_000)
      }
    }
  }

  @Test func aSegmentThatWasTakenAwayIsNotWrittenAnew() throws {
    var recording = LiveRecording()
    recording.options.segmentAgeNanoseconds = 1_000_000_000
    let writer = try recording.makeWriter()
    recording.record(writer, 0, 3_500)
    try recording.memory.remove(recording.path)
    try writer.finish()
    let (numbers, _, status) = try recording.read()
    #expect(numbers.count > 2_000 && status.missingSegments == [0])
  }

  @Test func nothingIsBegunBesideSegmentsOfItsNames() throws {
    let recording = LiveRecording()
    let other = "/r/a.0003.itape"
    recording.memory.put([1, 2, 3], at: other)
    #expect(
      throws: FileError.system(operation: "begin /r/a.itape beside", path: other, code: EEXIST)
    ) {
      _ = try recording.makeWriter()
    }
    #expect(recording.memory.paths == [other])
    // Who replaces files has others' beside his, but none that would be taken for his own.
    func begin() throws -> RecordingWriter {
      try RecordingWriter(
        path: recording.path, options: recording.options, replacing: true,
        environment: WriterEnvironment(storage: recording.memory))
    }
    _ = try begin()
    let id = try #require(recording.options.recordingID)
    recording.memory.put(FileHeader(recordingID: id, segmentNumber: 3).encode(), at: other)
    #expect(throws: FileError.self) { _ = try begin() }
  }

  @Test func anIntervalThatNeverEndsIsNoTrap() throws {
    var recording = LiveRecording()
    recording.options.syncIntervalNanoseconds = .max
    recording.options.flushIntervalNanoseconds = .max
    recording.clock.advance(nanoseconds: 1 << 60)
    recording.plan.add(Fault([.sync], call: 1, repeats: 3, effect: .error(EIO)))
    let writer = try recording.makeWriter()
    recording.record(writer, 0, 100)
    _ = try? writer.sync()
    recording.clock.advance(nanoseconds: .max - recording.clock.now() - 1_000_000_000)
    recording.record(writer, 100, 100)
    _ = try? writer.finish()
    #expect(try recording.read().numbers == Array(0..<200))
  }

  @Test func whatWasDroppedStaysCountedWhenBlocksAreWrittenAnew() throws {
    var recording = LiveRecording()
    recording.options.overload = .drop
    let writer = try recording.makeWriter()
    recording.record(writer, 0, 2_000)
    recording.plan.add(Fault([.write], call: 1, effect: .error(EIO)))
    recording.record(writer, 2_000, 2_000)
    let isTaken = writer.append(
      Event(
        time: 4_000_000_000, track: .first,
        body: .marker(String(repeating: "x", count: Limits.textByteCount + 1))))
    #expect(!isTaken)
    #expect(throws: FileError.self) { try writer.flush() }
    let statistics = try writer.finish()
    // What the lost block did to the state is in the keyframe behind it, which stays.
    #expect(statistics.blockCount == 2)
    #expect(statistics.lostEventCount > 0 && statistics.refusedEventCount == 1)
    let gaps = try expectAll(4_001, recording)
    #expect(Set(gaps.map(\.cause)) == [.ioError, .limit])
  }
}
