// SPDX-License-Identifier: Apache-2.0
//
// Whoever follows a recording with records out of their place is given what a scan gives, and no
// more; and looks for the next record in time that is linear in the bytes.

import InputTape
import InputTapeTestKit
import Testing

@Suite struct FollowDamageTests {
  private static let path = "/r/a.itape"

  /// A recording of small blocks, cut at its records.
  private func records(_ count: Int, seed: UInt8) throws -> [[UInt8]] {
    let sink = MemorySink()
    var options = WriterOptions()
    options.eventsPerBlock = 7
    options.recordingID = RecordingID(bytes: [UInt8](repeating: seed, count: 16))
    let writer = RecordingWriter(sink: sink, options: options)
    for number in 0..<(7 * count) {
      let track = TrackID(rawValue: UInt16(number % 2))
      writer.append(Event(time: Int64(number), track: track, body: .motion(x: Int32(number), y: 0)))
    }
    try writer.finish()
    let bytes = sink.bytes
    var pieces = [Array(bytes[..<FileHeader.byteCount])]
    let found = try FoundRecord.all(in: bytes)
    for record in found { pieces.append(Array(bytes[record.range])) }
    return pieces + [Array(bytes[(found.last?.end ?? bytes.count)...])]
  }

  private func follow(_ memory: MemoryStorage) throws -> (follower: RecordingFollower, [Int32]) {
    let follower = RecordingFollower(path: Self.path, storage: memory)
    var numbers: [Int32] = []
    while true {
      guard case .block(let runs) = try follower.next() else { return (follower, numbers) }
      while let run = try runs.next() {
        run.forEachEvent { if case .motion(let x, _) = $0.body { numbers.append(x) } }
      }
    }
  }

  private func scan(_ memory: MemoryStorage) throws -> (numbers: [Int32], isSound: Bool) {
    let reader = try RecordingReader(
      path: Self.path, opening: .scan, mode: .salvage, storage: memory)
    var numbers: [Int32] = []
    try reader.forEachEvent { if case .motion(let x, _) = $0.body { numbers.append(x) } }
    return (numbers, reader.status.losses.isEmpty)
  }

  /// Repeats a record, leaves one out, exchanges two, or brings one of another place.
  private func disorder(_ records: inout [[UInt8]], _ rng: inout SeededRandom) {
    let last = records.count - 3
    let one = Int.random(in: 1...last, using: &rng)
    let other = Int.random(in: 1...last, using: &rng)
    switch Int.random(in: 0..<4, using: &rng) {
    case 0: records.insert(records[one], at: other)
    case 1: records.remove(at: one)
    case 2: records.swapAt(one, other)
    default: records[one] = records[other]
    }
  }

  @Test func recordsOutOfTheirPlaceAreLostToFollowersAndScansAlike() throws {
    let whole = try records(24, seed: 3)
    var (sound, lossy) = (0, 0)
    for seed in 1...200 as ClosedRange<UInt64> {
      var rng = SeededRandom(seed: seed)
      var records = whole
      for _ in 0..<Int.random(in: 1...3, using: &rng) { disorder(&records, &rng) }
      let memory = MemoryStorage()
      memory.put(Array(records.joined()), at: Self.path)
      let (follower, followed) = try follow(memory)
      let scanned = try scan(memory)
      let isSame = followed.sorted() == scanned.numbers.sorted()
      #expect(isSame, "seed \(seed)")
      #expect(Set(followed).count == followed.count, "seed \(seed): given twice")
      #expect(scanned.isSound || !follower.losses.isEmpty, "seed \(seed)")
      if scanned.isSound { sound += 1 } else { lossy += 1 }
    }
    print("recordings with records out of their place: \(lossy), of which none was: \(sound)")
    #expect(lossy > 150)
  }

  /// All of it at once, or byte by byte: its first bytes are looked at before the others are there.
  @Test(arguments: 1...3, [true, false])
  func aRecordBehindStrayBytesIsFoundAsSoonAsItIsWhole(stray: Int, isAtOnce: Bool) throws {
    let records = try records(4, seed: 6)
    // A record that is a header, as short as one can be; and a block.
    let short = RecordHeader(type: RecordType(rawValue: 200), sequence: 2, storedByteCount: 0)
    let id = RecordingID(bytes: [UInt8](repeating: 6, count: 16))
    for next in [short.encode(id: id), records[3]] {
      let memory = MemoryStorage()
      let file = FileSink(try memory.create(Self.path, replacing: false))
      for record in records[..<3] { try file.write(record.span) }
      let start = UInt64(records[..<3].joined().count)
      let follower = RecordingFollower(path: Self.path, storage: memory)
      var blocks = 0
      while case .block = try follower.next() { blocks += 1 }
      #expect(blocks == 1)
      let bytes = [UInt8](repeating: 0xA7, count: stray) + next
      for piece in isAtOnce ? [bytes] : bytes.map({ [$0] }) {
        #expect(blocks == 1 && follower.losses.isEmpty)
        try file.write(piece.span)
        while case .block = try follower.next() { blocks += 1 }
      }
      #expect(blocks == (next == records[3] ? 2 : 1))
      #expect(follower.losses.map(\.range) == [start..<(start + UInt64(stray))])
    }
  }

  @Test func theNextRecordIsLookedForInLinearTime() throws {
    let records = try records(4, seed: 5)
    let plan = FaultPlan()
    let memory = MemoryStorage()
    let file = FileSink(try memory.create(Self.path, replacing: false))
    let follower = RecordingFollower(
      path: Self.path, storage: FaultingStorage(memory, plan: plan))
    for record in records[..<3] { try file.write(record.span) }
    let garbage = [UInt8](repeating: 0xA7, count: 32 << 10)
    for _ in 0..<64 {
      try file.write(garbage.span)
      while case .block = try follower.next() {}
    }
    let count = plan.count(.read)
    print("reads of 2 MiB of garbage in 64 pieces: \(count)")
    // 4,096 bytes at the least each; from the start each time it would be 15 times as much.
    #expect(count < 2_000)
    for record in records[3...] { try file.write(record.span) }
    var blocks = 0
    while case .block = try follower.next() { blocks += 1 }
    #expect(blocks == 3 && follower.losses.count == 1)
  }

  @Test func aMillionLossesTakeLittleMemory() throws {
    let records = try records(1, seed: 9)
    let memory = MemoryStorage()
    let id = RecordingID(bytes: [UInt8](repeating: 9, count: 16))
    var bytes = records[0]
    // Records without a payload, and eight bytes before each that are none.
    for sequence in 0..<20_000 as Range<UInt32> {
      let header = RecordHeader(
        type: RecordType(rawValue: 200), sequence: sequence, storedByteCount: 0)
      bytes += [UInt8](repeating: 1, count: 8) + header.encode(id: id)
    }
    memory.put(bytes, at: Self.path)
    let (follower, numbers) = try follow(memory)
    #expect(numbers.isEmpty && !follower.losses.isEmpty && follower.losses.count <= 4_096)
  }
}
