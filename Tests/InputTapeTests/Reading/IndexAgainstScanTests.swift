// SPDX-License-Identifier: Apache-2.0
//
// Recordings from which bytes are missing, with as many others in another place: the index adds up,
// and what stands between is not what it says (Specs/Format.md, section 10.1).

import InputTape
import InputTapeTestKit
import Testing

@Suite struct IndexAgainstScanTests {
  private static let blockCount = 8
  /// So late that all times take as many bytes.
  private static let start: Int64 = 1_000_000
  private let bytes: [UInt8]

  init() throws { bytes = try Self.made() }

  /// - Parameter change: of the times of the third block.
  private static func made(change: Int64 = 0) throws -> [UInt8] {
    var options = WriterOptions()
    options.eventsPerBlock = 4
    options.recordingID = RecordingID(bytes: Array(1...16))
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink, options: options)
    for index in 0..<(4 * blockCount) {
      let time = start + 1_000 * Int64(index) + (index / 4 == 2 ? change : 0)
      writer.button(at: time, button: Int32(index % 4), state: index % 8 < 4 ? .down : .up)
    }
    try writer.finish()
    return sink.bytes
  }

  private static func blocks(_ bytes: [UInt8]) throws -> [Range<Int>] {
    let blocks = try FoundRecord.all(in: bytes).filter { $0.header.type == .data }.map(\.range)
    #expect(blocks.count == blockCount)
    return blocks
  }

  /// Every recording from which one block is missing, and has other bytes of this length elsewhere.
  private func forEachChanged(_ body: (String, [UInt8]) throws -> Void) throws {
    let blocks = try Self.blocks(bytes)
    for (missing, hole) in blocks.enumerated() {
      let same = blocks.filter { $0.count == hole.count && $0 != hole }.map { Array(bytes[$0]) }
      let fillings = [[UInt8](repeating: 0xAA, count: hole.count)] + same
      for (place, range) in blocks.enumerated() where place != missing {
        for (number, filling) in fillings.enumerated() {
          var changed = bytes
          if range.lowerBound > hole.lowerBound {
            changed.insert(contentsOf: filling, at: range.lowerBound)
            changed.removeSubrange(hole)
          } else {
            changed.removeSubrange(hole)
            changed.insert(contentsOf: filling, at: range.lowerBound)
          }
          try body("\(missing) missing, \(number) before \(place)", changed)
        }
      }
    }
  }

  private func read(
    _ bytes: [UInt8], _ opening: RecordingReader.Opening, _ filter: EventFilter, byBlock: Bool
  ) throws -> (events: [Event], status: ReadStatus) {
    let reader = try RecordingReader(
      source: MemorySource(bytes), opening: opening, mode: .salvage)
    var events: [Event] = []
    if byBlock {
      try reader.forEachBlock(filter) { batches in
        for batch in batches { batch.forEachEvent { events.append($0) } }
      }
    } else {
      try reader.forEachEvent(filter) { events.append($0) }
    }
    return (events, reader.status)
  }

  @Test(arguments: [false, true])
  func theIndexLeadsToWhatAScanFinds(byBlock: Bool) throws {
    var switchCount = 0
    try forEachChanged { name, bytes in
      for from in [0, 2, 4, 5, 7] {
        for to in [nil, Self.blockCount - 2] {
          var filter = EventFilter()
          filter.from = Self.start + 4_000 * Int64(from)
          filter.to = to.map { Self.start + 4_000 * Int64($0) }
          let scanned = try read(bytes, .scan, filter, byBlock: byBlock)
          let indexed = try read(bytes, .automatic, filter, byBlock: byBlock)
          if indexed.status.usedIndex {
            // All blocks that were wanted stand where they must: of others nothing is known, by
            // which a scan believes a copy of a block and not the block itself.
            #expect(scanned.events.allSatisfy(indexed.events.contains), "\(name), from \(from)")
            #expect(from > 0 || to != nil, "\(name)")
          } else {
            #expect(indexed.events == scanned.events, "\(name), from \(from)")
            #expect(indexed.status.losses == scanned.status.losses, "\(name), from \(from)")
            switchCount += 1
          }
        }
      }
    }
    #expect(switchCount > 100, "\(switchCount)")
  }

  /// Blocks by their numbers: what the index hides is told once, and is there from then on.
  @Test func numbersOfBlocksChangeWithAnErrorAlone() throws {
    var (restartCount, lossCount) = (0, 0)
    try forEachChanged { name, bytes in
      let scanned = try read(bytes, .scan, EventFilter(), byBlock: true)
      let reader = try RecordingReader(source: MemorySource(bytes), mode: .salvage)
      let blocks = BlockReader(reader)
      func readAll() throws -> [Event] {
        var events: [Event] = []
        for number in 0..<blocks.count {
          let (batches, count) = try blocks.read(number)
          for batch in batches { batch.forEachEvent { events.append($0) } }
          lossCount += count
        }
        return events
      }
      var events: [Event] = []
      do {
        events = try readAll()
        #expect(blocks.count == Self.blockCount)
      } catch FileError.format(let error) where error.code == .index {
        restartCount += 1
        events = try readAll()
      }
      #expect(events == scanned.events, "\(name)")
      #expect(reader.status.losses == scanned.status.losses, "\(name)")
    }
    #expect(restartCount > 50, "\(restartCount)")
    print("restarts: \(restartCount), blocks lost: \(lossCount)")
  }

  /// Damage to headers of blocks leaves all others their numbers.
  @Test func numbersOfBlocksStayWhereBlocksAreDamaged() throws {
    for damaged in try Self.blocks(bytes).indices {
      var changed = bytes
      changed[try Self.blocks(bytes)[damaged].lowerBound + 2] ^= 1
      for mode in [ReadMode.salvage, .strict] {
        let reader = try RecordingReader(source: MemorySource(changed), mode: mode)
        let blocks = BlockReader(reader)
        for number in [damaged, 7, 0, damaged] where number != damaged || mode == .salvage {
          let (batches, lossCount) = try blocks.read(number)
          #expect(lossCount == (number == damaged ? 1 : 0))
          #expect(
            batches.first?.times.first
              == (number == damaged ? nil : Self.start + 4_000 * Int64(number)))
        }
        if mode == .strict { #expect(throws: FileError.self) { try blocks.read(damaged) } }
        #expect(blocks.count == Self.blockCount)
        #expect(mode == .strict || reader.status.losses.count == 1)
      }
    }
  }

  /// Damage that the index does not speak of is no reason to leave it.
  @Test func theIndexIsBelievedWhereASectionIsDamaged() throws {
    var changed = bytes
    changed[try Self.blocks(bytes)[Self.blockCount - 1].upperBound - 1] ^= 1
    for mode in [ReadMode.salvage, .strict] {
      let reader = try RecordingReader(source: MemorySource(changed), mode: mode)
      let state = try? reader.state(at: .max)
      #expect((state == nil) == (mode == .strict))
      #expect(reader.status.usedIndex && reader.status.losses.count == 1)
    }
  }

  @Test func theStateIsWhatAScanFinds() throws {
    try forEachChanged { name, bytes in
      for time in stride(from: 0, to: 4_000 * Int64(Self.blockCount), by: 3_500) {
        let scanned = try RecordingReader(
          source: MemorySource(bytes), opening: .scan, mode: .salvage)
        let indexed = try RecordingReader(source: MemorySource(bytes), mode: .salvage)
        #expect(
          try indexed.state(at: Self.start + time) == scanned.state(at: Self.start + time),
          "\(name), \(time)")
      }
    }
  }

  /// Two walks of one reader, both begun while the index was believed.
  @Test func eachOfTwoWalksFindsWhatAScanFinds() throws {
    func rest(_ runs: OrderedRuns) throws -> [Event] {
      var events: [Event] = []
      while let run = try runs.next() { run.forEachEvent { events.append($0) } }
      return events
    }
    try forEachChanged { name, bytes in
      let scanned = try read(bytes, .scan, EventFilter(), byBlock: false)
      let reader = try RecordingReader(source: MemorySource(bytes), mode: .salvage)
      let (first, second) = (reader.runs(), reader.runs())
      #expect(try rest(first) == scanned.events, "\(name)")
      #expect(try rest(second) == scanned.events, "\(name)")
      #expect(Set(reader.status.losses) == Set(scanned.status.losses), "\(name)")
    }
  }

  /// Of several segments only the last is opened by its index.
  @Test func theIndexOfTheLastSegmentLeadsToWhatAScanFinds() throws {
    var recording = LiveRecording()
    recording.options.segmentAgeNanoseconds = 1_500_000_000
    recording.options.reblocksAtEnd = false
    let writer = try recording.makeWriter()
    recording.record(writer, 0, 4_000)
    try writer.finish()
    let paths = recording.memory.paths.filter { $0 != recording.path }.sorted()
    let last = try #require(paths.last)
    let whole = try #require(recording.memory.contents(last))
    let blocks = try FoundRecord.all(in: whole).filter { $0.header.type == .data }.map(\.range)
    #expect(paths.count > 1 && blocks.count > 2, "\(paths), \(blocks)")
    for missing in blocks.indices {
      for place in blocks.indices.dropFirst(missing + 1) {
        var changed = whole
        changed.insert(
          contentsOf: [UInt8](repeating: 0xAA, count: blocks[missing].count),
          at: blocks[place].lowerBound)
        changed.removeSubrange(blocks[missing])
        recording.memory.put(changed, at: last)
        var found: [[Event]] = []
        for opening in [RecordingReader.Opening.scan, .automatic] {
          let reader = try RecordingReader(
            path: recording.path, opening: opening, mode: .salvage, storage: recording.memory)
          found.append([])
          // By the index nothing is missing yet.
          #expect(reader.status.losses.isEmpty == (opening == .automatic))
          try reader.forEachEvent { found[found.count - 1].append($0) }
        }
        #expect(found[0] == found[1], "\(missing) missing, before \(place)")
        #expect(found[0].count > 3_000)
      }
    }
  }

  /// A block that the index puts outside the times that are wanted, and that belongs within.
  @Test(arguments: [false, true])
  func aBlockWhoseTurnHasPassedIsALoss(byBlock: Bool) throws {
    let blocks = try Self.blocks(bytes)
    let other = try Self.made(change: 14_000)
    var changed = bytes
    changed.replaceSubrange(blocks[2], with: other[try Self.blocks(other)[2]])
    #expect(changed.count == bytes.count && changed != bytes)
    changed[blocks[6].lowerBound] ^= 1
    var filter = EventFilter()
    filter.from = Self.start + 16_000
    let (events, status) = try read(changed, .automatic, filter, byBlock: byBlock)
    #expect(events.map { ($0.time - Self.start) / 1_000 } == Array(16...23) + Array(28...31))
    let late = try #require(status.losses.first { $0.error.code == .index })
    #expect(late.range == UInt64(blocks[2].lowerBound)..<UInt64(blocks[2].upperBound))
    #expect(
      late.eventCount == 4 && late.earliestTime == Self.start + 22_000 && status.losses.count == 2)
    // A scan has it from the beginning.
    let scanned = try read(changed, .scan, filter, byBlock: byBlock)
    #expect(scanned.events.count == 16 && scanned.status.losses.count == 1)
  }
}
