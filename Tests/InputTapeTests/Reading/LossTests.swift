// SPDX-License-Identifier: Apache-2.0
//
// What lists of losses and of problems keep where there are very many, and where a file becomes
// shorter while it is read.

import InputTapeTestKit
import Testing

@testable import InputTape

@Suite struct LossTests {
  private func loss(_ range: Range<UInt64>, _ times: ClosedRange<Int64>?, events: Int?) -> Loss {
    var loss = Loss(range: range, error: FormatError(.sequence, at: range.lowerBound))
    loss.eventCount = events
    loss.sequences = range.lowerBound / 10..<range.upperBound / 10
    loss.earliestTime = times?.lowerBound
    loss.latestTime = times?.upperBound
    return loss
  }

  @Test func whatIsMissingBehindALossIsTakenOver() {
    var all = loss(100..<200, 50...60, events: 3)
    all.track = .first
    var other = loss(200..<310, 40...70, events: 4)
    other.track = .first
    all.extend(by: other)
    #expect(all.range == 100..<310 && all.sequences == 10..<31)
    #expect(all.eventCount == 7 && all.earliestTime == 40 && all.latestTime == 70)
    #expect(all.track == .first)
    // A later one within the times of the first changes neither; one before it comes first.
    all.extend(by: loss(40..<60, 45...65, events: 1))
    #expect(all.range == 40..<310 && all.sequences == 4..<31)
    #expect(all.eventCount == 8 && all.earliestTime == 40 && all.latestTime == 70)
    #expect(all.track == nil)
    // What is not known of one is not known of both.
    other = loss(310..<320, nil, events: nil)
    other.sequences = nil
    all.extend(by: other)
    #expect(all.eventCount == nil && all.earliestTime == nil && all.latestTime == nil)
    #expect(all.sequences == 4..<31)
    other.extend(by: all)
    #expect(other.sequences == 4..<31 && other.eventCount == nil && other.earliestTime == nil)
  }

  @Test func lossesThatTouchAreOneWhereThereAreMany() {
    for count in [63, 64, 65, 70] {
      var list = LossList()
      for number in 0..<UInt64(count) {
        list.append(loss(10 * number..<10 * (number + 1), nil, events: 1))
      }
      #expect(list.losses.count == min(count, 64))
      #expect(list.losses.last?.range.upperBound == UInt64(10 * count))
      // One of another cause, of another segment, apart, or without bytes is one more.
      for change in 0..<4 {
        var more = list
        var next = loss(UInt64(10 * count)..<UInt64(10 * count + 10), nil, events: 1)
        switch change {
        case 0: next.error = FormatError(.payloadChecksum, at: 0)
        case 1: next.segment = 1
        case 2: next.range = UInt64(10 * count + 1)..<UInt64(10 * count + 10)
        default: next.range = UInt64(10 * count)..<UInt64(10 * count)
        }
        more.append(next)
        #expect(more.losses.count == min(count, 64) + 1)
      }
    }
    var list = LossList()
    for number in 0..<5_000 as Range<UInt64> {
      list.append(loss(20 * number..<20 * number + 10, nil, events: 1))
      #expect(list.losses.count == Int(min(number + 1, 4_096)))
    }
    #expect(list.losses[4_095].range == 81_900..<99_990 && list.losses[4_095].eventCount == 905)
    list.updateLast { $0.eventCount = 1 }
    #expect(list.losses[4_095].eventCount == 1)
  }

  @Test func aLogKeepsEachLossOnceAsLongAsItKnowsThem() {
    let log = LossLog()
    #expect(log.isEmpty)
    // None of them touch.
    for number in (0..<4_096 as Range<UInt64>).reversed() {
      for _ in 0..<2 { log.note(loss(20 * number..<20 * number + 10, nil, events: 1)) }
    }
    #expect(log.all.count == 4_096 && log.all[0].range == 0..<10 && !log.isEmpty)
    #expect(log.all.allSatisfy { $0.eventCount == 1 })
    // More than it knows are added up.
    for _ in 0..<2 { log.note(loss(90_000..<90_010, nil, events: 1)) }
    #expect(log.all.count == 4_096 && log.all[0].range == 0..<90_010)
    #expect(log.all[0].eventCount == 3)
  }

  @Test func reportsKeepTheFirstProblemsAndCountAll() {
    var report = VerifyReport()
    for number in 1...4_100 {
      report.add(
        Problem(FormatError(.sequence, at: UInt64(number)), expected: "a", found: "b"))
      #expect(report.problemCount == number && report.problems.count == min(number, 4_096))
    }
    #expect(report.problems.last?.error.position == 4_096)
  }

  @Test func aFileThatBecomesShorterIsTruncatedWhereItEnds() throws {
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink)
    for number in 0..<40 as Range<Int64> {
      writer.motion(at: number, x: 1, y: 2)
      writer.key(at: number, code: 3, state: .down, track: TrackID(rawValue: 2))
    }
    try writer.finish()
    let header = try FileHeader.decode(sink.bytes.span, at: 0)
    let reader = try RecordingReader(source: MemorySource(sink.bytes))
    let list = reader.contents.list
    let record = try #require(list.block(0))
    let places = try SectionLoader(source: MemorySource(sink.bytes), id: header.recordingID)
      .sections(of: record)
    #expect(places.count >= 2)
    var cuts = 0
    let directory = Int(record.position) + Int(record.headByteCount)
    for end in [directory, directory + 1, directory + Int(record.directoryByteCount) - 1] {
      let source = MemorySource(Array(sink.bytes[..<end]))
      let loader = SectionLoader(source: source, id: header.recordingID)
      #expect(throws: FileError.format(FormatError(.truncated, at: UInt64(end)))) {
        _ = try loader.sections(of: record)
      }
      cuts += 1
    }
    for place in places {
      let (start, count) = (Int(place.position), place.entry.storedByteCount)
      for end in [start, start + 1, start + count - 1] {
        let source = MemorySource(Array(sink.bytes[..<end]))
        let loader = SectionLoader(source: source, id: header.recordingID)
        var batch = EventBatch(track: .first)
        #expect(throws: FileError.format(FormatError(.truncated, at: UInt64(end)))) {
          try loader.load(place, kinds: .all, into: &batch)
        }
        cuts += 1
      }
    }
    print("cuts within a block that is known: \(cuts)")
  }

  @Test func aSectionBeginsWhenItsDirectorySays() throws {
    for count in [0, 1, 2] {
      var batch = EventBatch(track: .first)
      for number in 0..<count {
        batch.append(Event(time: 50 + Int64(number), track: .first, body: .marker("a")))
      }
      var bytes: [UInt8] = []
      let form = SectionEncoder().encode(
        batch, settings: EncodingSettings(compression: .none), into: &bytes)
      for time in [49, 50] as [Int64] {
        let entry = SectionEntry(
          track: .first, trackClass: .custom, content: .events, form: form,
          storedByteCount: bytes.count, eventCount: count, firstTime: time,
          checksum: CRC32C.checksum(bytes))
        let header = RecordHeader(type: .data, sequence: 0, storedByteCount: 0)
        let place = SectionPlace(
          entry: entry, position: 0, record: RecordEntry(header, position: 0))
        let loader = SectionLoader(
          source: MemorySource(bytes), id: RecordingID(bytes: Array(1...16)))
        var found = EventBatch(track: .first)
        let result = Result { () throws(FileError) in
          try loader.load(place, kinds: .all, into: &found)
        }
        let isRight = time == 50 || count == 0
        #expect(((try? result.get()) != nil) == isRight)
      }
    }
  }
}
