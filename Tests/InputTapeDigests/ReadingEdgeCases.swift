// SPDX-License-Identifier: Apache-2.0
//
// Readers and followers of recordings that are odd in one respect, all checksums right.

import InputTape
import InputTapeCore
import InputTapeProbes
import InputTapeTestKit

/// Indexes, headers, sections and segments that no writer makes.
enum ReadingEdgeCases {
  static var all: [DigestCase] {
    [
      DigestCase("odd/indexes", indexes), DigestCase("odd/headers", headers),
      DigestCase("odd/empty-sections", emptySections), DigestCase("odd/layouts", layouts),
      DigestCase("odd/adaptive-limit", adaptiveLimit), DigestCase("odd/old-records", oldRecords),
      DigestCase("odd/segments", segments),
    ]
  }

  private static func batch(_ time: Int64, _ count: Int, _ track: UInt16 = 0) -> EventBatch {
    var batch = EventBatch(track: TrackID(rawValue: track))
    for number in 0..<Int32(count) {
      batch.append(
        Event(time: time + Int64(number), track: batch.track, body: .motion(x: number, y: 1)))
    }
    return batch
  }

  /// Chains of indexes that go back to themselves, forward, to what is no index, or past one.
  private static func indexes(_ seen: inout Observation) throws {
    var ahead: UInt64 = 0
    for change in 0..<9 {
      var file = MadeFile()
      for number in 0..<9 as Range<Int64> {
        file.append([batch(number * 10, 2)])
        guard number % 3 == 2 else { continue }
        switch (change, number) {
        case (6, 5): file.appendIndex(.final)
        case (7, 5): file.appendIndex(previous: file.position)
        case (8, 2): file.appendIndex(previous: ahead)
        default: file.appendIndex()
        }
      }
      ahead = file.indexes[1]
      file.append([batch(200, 1)])
      let places: [UInt64?] = [
        nil, file.position, file.position + 64, file.indexes[1], file.indexes[0], 64, nil, nil,
        nil,
      ]
      file.close(previous: places[change])
      let storage = MemoryStorage()
      storage.put(file.bytes, at: "/a.itape")
      seen.add(recording: storage, at: "/a.itape", isWide: change == 0)
      seen.mark("change \(change)")
    }
  }

  /// Each byte of each record's header changed.
  private static func headers(_ seen: inout Observation) throws {
    var file = MadeFile()
    file.append([batch(0, 3), batch(1, 2, 5)])
    file.append(RecordType(rawValue: 200), [1, 2, 3])
    file.appendIndex()
    file.append([batch(10, 1)])
    file.close()
    for record in try FoundRecord.all(in: file.bytes) {
      let start = record.start
      for offset in 8..<record.header.checkedByteCount {
        for change in [1, 0x20, 0x80] as [UInt8] {
          var bytes = file.bytes
          bytes[start + offset] ^= change
          Mender.mend(&bytes)
          seen.attempt("\(start) \(offset)") { seen in
            seen.add(try RecordingVerifier.verify(MemorySource(bytes)))
          }
        }
      }
    }
  }

  /// Sections without an event, alone and beside others.
  private static func emptySections(_ seen: inout Observation) throws {
    for counts in [[0], [0, 3], [3, 0], [1, 0, 1]] {
      var file = MadeFile()
      for start in [0, 100] as [Int64] {
        file.append(counts.indices.map { batch(start, counts[$0], UInt16($0)) })
      }
      file.close()
      let storage = MemoryStorage()
      storage.put(file.bytes, at: "/a.itape")
      seen.add(recording: storage, at: "/a.itape")
      let follower = RecordingFollower(path: "/a.itape", storage: storage)
      seen.add(follower)
      seen.mark("\(counts)")
    }
  }

  /// As many columns as an unknown kind may have, and one more.
  private static func layouts(_ seen: inout Observation) throws {
    for count in [16, 17] {
      for layout in [
        KindLayout(int32: count), KindLayout(int64: count), KindLayout(strings: count),
      ] {
        let body = Event.Body.unknown(
          UnknownEvent(
            kind: EventKind(rawValue: 99), int32: Array(repeating: 1, count: layout.int32),
            int64: Array(repeating: 2, count: layout.int64),
            strings: Array(repeating: [3], count: layout.strings)))
        var batch = EventBatch(track: MadeBatch.track)
        for time in 0..<20 as Range<Int64> {
          batch.append(Event(time: time, track: batch.track, body: body))
        }
        try seen.add(encoding: batch, EncodingSettings(compression: .none), isDamaged: false)
        // The adaptive coder has no room for more.
        if count == 16 {
          try seen.add(encoding: batch, EncodingSettings(preset: .compact), isDamaged: false)
        }
      }
    }
  }

  /// Adaptive sections that decode to as much as a section may, and to one event more.
  private static func adaptiveLimit(_ seen: inout Observation) throws {
    let body = Event.Body.unknown(
      UnknownEvent(
        kind: EventKind(rawValue: 99), int32: Array(repeating: 1, count: 16),
        int64: Array(repeating: 2, count: 16), strings: Array(repeating: [], count: 16)))
    var batch = EventBatch(track: MadeBatch.track)
    for time in 0..<(Limits.rawByteCount / 256) {
      batch.append(Event(time: Int64(time), track: batch.track, body: body))
    }
    for _ in 0..<2 {
      try seen.add(encoding: batch, EncodingSettings(preset: .compact), isDamaged: false)
      batch.append(Event(time: .max, track: batch.track, body: body))
    }
  }

  /// Behind what is destroyed, a record whose number is older, far too high, or the next.
  private static func oldRecords(_ seen: inout Observation) throws {
    let bytes = try FollowCases.recording(60)
    let bounds = try FollowRecordCases.bounds(of: bytes)
    let file = try FileHeader.decode(bytes.span, at: 0)
    for sequence in [0, 1, 2, 3, 4, 5, 7, 8, 9, 60, 5_000, .max] as [UInt32] {
      let (start, end) = (bounds[3], bounds[4])
      var changed = Array(bytes[..<end])
      for offset in start..<(start + 9) { changed[offset] ^= 0x55 }
      guard let found = FoundRecord(bytes, at: end, id: file.recordingID) else { return }
      var header = found.header
      header.sequence = sequence
      let directory = found.payload + Int(header.directoryByteCount)
      changed += header.encode(
        id: file.recordingID, directory: Array(bytes[found.payload..<directory]))
      changed += bytes[directory..<bounds[5]]
      changed += bytes[bounds[5]..<bounds[7]]
      let storage = MemoryStorage()
      let follower = RecordingFollower(path: "/a.itape", storage: storage)
      for end in stride(from: start, to: changed.count, by: 40) + [changed.count] {
        storage.put(Array(changed[..<end]), at: "/a.itape")
        seen.add(follower)
      }
      seen.add(reading: changed)
      seen.mark("\(sequence)")
    }
  }

  /// Followers of segments of which one is not closed, missing, another's, or has another number.
  private static func segments(_ seen: inout Observation) throws {
    var story = WriterStory(seed: 21)
    story.options.flushIntervalNanoseconds = 100_000_000
    story.options.segmentByteLimit = 400
    story.options.reblocksAtEnd = false
    story.options.queueWordCount = 1 << 14
    story.write(into: &seen, steps: 12) { story, _, writer in story.positions(writer, 70) }
    let paths = (0..<3 as Range<UInt64>).map { SegmentFiles.path(story.path, segment: $0) }
    let files = paths.map { story.memory.contents($0) ?? [] }
    seen.add(files.allSatisfy { $0.count > 600 })
    let own = files[1]
    var header = try FileHeader.decode(own.span, at: 0)
    header.recordingID = RecordingID(bytes: Array(2...17))
    let other = header.encode() + own[FileHeader.byteCount...]
    let cuts = [files[0].count, files[0].count - 16, files[0].count / 2, 300, 64]
    for cut in cuts {
      for second in [nil, files[1], other, files[2], Array(files[1][..<40]), []] as [[UInt8]?] {
        for hasThird in [true, false] {
          let storage = MemoryStorage()
          storage.put(Array(files[0][..<cut]), at: paths[0])
          if let second { storage.put(second, at: paths[1]) }
          if hasThird { storage.put(files[2], at: paths[2]) }
          let follower = RecordingFollower(path: paths[0], storage: storage)
          seen.add(follower)
          storage.put(files[0], at: paths[0])
          seen.add(follower)
          storage.put(files[1], at: paths[1])
          seen.add(follower)
        }
      }
      seen.mark("\(cut)")
    }
  }
}
