// SPDX-License-Identifier: Apache-2.0
//
// Small files that would be large, and large ones that would take long: each is read in memory that
// does not depend on it, and in time that grows with its bytes and the events that it really has.

import Foundation
import InputTape
import InputTapeTestKit
import Testing

@Suite(.serialized) struct BombTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The memory of a command that reads nothing worth speaking of.
  private static let baseline: Int = {
    let path = SampleFiles.folder + "/../Specs/Vectors/v1/valid/empty.itape"
    return (try? MeasuredRun("verify", path))?.memoryByteCount ?? 0
  }()

  /// Runs commands on a file; checks their memory, and prints what they cost.
  ///
  /// - Parameters:
  ///   - mebibytes: of memory beyond what any run takes.
  ///   - seconds: of processor time; not looked at where the command is not optimised.
  /// - Returns: the last one's run.
  @discardableResult
  private func run(
    _ commands: String..., on file: HostileFile, _ name: String, mebibytes: Int = 10,
    seconds: Double
  ) throws -> MeasuredRun? {
    let path = folder.path("hostile.itape")
    try file.write(to: path)
    var last: MeasuredRun?
    for command in commands {
      guard let run = try MeasuredRun(command, path) else {
        print("skipped: python3 is not there to measure memory")
        return nil
      }
      let more = (run.memoryByteCount - Self.baseline) / 1_024
      let cost = String(format: "%.3f", run.seconds)
      print("\(name), \(file.byteCount) bytes, \(command): \(cost) s, \(more) KiB more")
      #expect(more <= mebibytes << 10, "\(name)")
      #expect(run.memoryByteCount < 32 << 20, "\(name)")
      if MeasuredRun.executable.isOptimised { #expect(run.seconds < seconds, "\(name)") }
      #expect((0...3).contains(run.code), "\(name): \(run.text.prefix(500))")
      last = run
    }
    return last
  }

  private static let zeros: (bytes: [UInt8], rawByteCount: Int) = {
    let raw = [UInt8](repeating: 0, count: Limits.rawByteCount)
    var frame: [UInt8] = []
    _ = Compressor().appendZstd(raw.span, level: 19, to: &frame)
    return (frame, raw.count)
  }()

  @Test func fourMebibytesOfZerosInEachBlock() throws {
    var section = ByteWriter()
    section.append(UInt8(1))
    section.appendVarint(Self.zeros.rawByteCount)
    section.append(Self.zeros.bytes)
    #expect(section.bytes.count < 400)
    for count in [50, 100] {
      var file = HostileFile()
      for _ in 0..<count { file.appendBlock(section.bytes, form: .zstd, eventCount: 65_536) }
      let run = try run("verify", on: file, "\(count) blocks of zeros", seconds: 2)
      #expect(run?.code != 0)
    }
  }

  @Test func columnsOfOneNumber() throws {
    var batch = EventBatch(track: .first)
    for _ in 0..<Limits.eventsPerBlock {
      batch.append(Event(time: 0, track: .first, body: .motion(x: 5, y: 5)))
    }
    var section: [UInt8] = []
    let settings = EncodingSettings(preset: .fast, compression: .zstd(level: nil))
    let form = SectionEncoder().encode(batch, settings: settings, into: &section)
    #expect(section.count < 100)
    for count in [50, 100] {
      var file = HostileFile()
      for _ in 0..<count {
        file.appendBlock(section, form: form, eventCount: Limits.eventsPerBlock)
      }
      let events = count * Limits.eventsPerBlock
      let run = try run("verify", on: file, "\(events) events of one value", seconds: 4)
      #expect(run?.text.contains("\(events)") ?? true, "\(run?.text ?? "")")
    }
  }

  @Test func aMillionEmptyBlocks() throws {
    // The same numbers again and again: from the second time on they are losses.
    var repeated = HostileFile()
    for _ in 0..<4_096 { repeated.appendBlock([], form: .plain, eventCount: 0) }
    repeated.fill(to: 1_000_000 * 15)
    try run("info", "verify", on: repeated, "a million empty blocks, numbered wrongly", seconds: 2)
    var counted = HostileFile()
    for _ in 0..<20_000 { counted.appendBlock([], form: .plain, eventCount: 0) }
    try run("info", "verify", on: counted, "20,000 empty blocks", seconds: 1)
  }

  @Test func numbersAsGreatAsTheyGo() throws {
    var file = HostileFile()
    for field in 0..<5 {
      for value: UInt32 in [.max, 1 << 31, 1 << 22 + 1] {
        var header = RecordHeader(
          type: .data, sectionCount: 5, sequence: 0, storedByteCount: 0)
        switch field {
        case 0: header.storedByteCount = value
        case 1:
          (header.type, header.flags, header.rawByteCount) = (.index, .zstd, value)
        case 2: header.eventCount = value
        case 3: header.sequence = value
        default: header.span = .max
        }
        file.append(header)
      }
    }
    let run = try run("verify", on: file, "counts of 2^32 - 1", seconds: 0.2)
    #expect(run?.code != 0)
  }

  @Test func fourGibibytesInFourKibibytes() throws {
    for stored in [UInt32.max, UInt32(Limits.storedByteCount)] {
      var file = HostileFile()
      file.append(
        RecordHeader(
          type: .data, sectionCount: 5, directoryByteCount: 100, sequence: 0,
          storedByteCount: stored, eventCount: 65_536, payloadChecksum: 7))
      file.pad(to: 4_096)
      let name = "4 KiB that claims \(stored) bytes"
      let run = try run("info", "cat", "verify", on: file, name, mebibytes: 2, seconds: 0.05)
      #expect(run?.code != 0)
    }
  }

  @Test func indexesOfWhatIsNotThere() throws {
    // A payload of 4 MiB of zeros: an index of nothing, as often as it may say so.
    for flags in [RecordFlags.zstd, []] {
      var file = HostileFile()
      for _ in 0..<500 { file.appendBlock([], form: .plain, eventCount: 0) }
      for _ in 0..<64 {
        file.append(.index, flags: .zstd, Self.zeros.bytes, rawByteCount: Self.zeros.rawByteCount)
      }
      var claim = ByteWriter()
      claim.append(UInt8(0))
      claim.appendVarint(flags.isEmpty ? UInt64.max : 564)
      claim.append(repeatElement(UInt8(0xFF), count: 2_000))
      if flags.isEmpty {
        file.appendEnd(index: claim.bytes, flags: [], rawByteCount: claim.bytes.count)
      } else {
        file.appendEnd(
          index: Self.zeros.bytes, flags: .zstd, rawByteCount: Self.zeros.rawByteCount)
      }
      let run = try run("info", "verify", on: file, "indexes of 4 MiB of zeros", seconds: 1)
      #expect(run?.code != 0)
    }
  }

  /// 64 MiB of headers whose checksums are right.
  private func headers(_ change: (Int, inout RecordHeader) -> Void) -> HostileFile {
    var file = HostileFile()
    for number in 0..<4_096 {
      var header = RecordHeader(type: .data, sequence: UInt32(number), storedByteCount: 0)
      change(number, &header)
      file.append(header)
    }
    file.fill(to: 64 << 20)
    return file
  }

  private static let full = UInt32(Limits.storedByteCount)

  @Test func headersOfTheLargestRecord() throws {
    let file = headers { _, header in
      header.sectionCount = 5
      header.storedByteCount = Self.full
      header.sequence = 0
    }
    try run("info", "verify", on: file, "64 MiB of headers of the largest record", seconds: 2)
  }

  @Test func headersOfAnyNumberAndSize() throws {
    var random = SeededRandom(seed: 1)
    let file = headers { _, header in
      header.sequence = UInt32.random(in: 0 ... .max, using: &random)
      header.sectionCount = 5
      header.storedByteCount = UInt32.random(in: 0...Self.full, using: &random)
    }
    try run("info", "verify", on: file, "64 MiB of headers of any number and size", seconds: 2)
  }

  @Test func headersOfRecordsWithoutPayloads() throws {
    let unknown = headers { _, header in header.type = RecordType(rawValue: 200) }
    try run("info", on: unknown, "64 MiB of unknown records without payloads", seconds: 2)
    let blocks = headers { _, _ in }
    try run("info", "verify", on: blocks, "64 MiB of blocks without directories", seconds: 2)
  }

  @Test func headersWithinOneAnother() throws {
    let file = headers { number, header in
      header.sectionCount = 5
      header.storedByteCount = 24 * UInt32(number % 5)
      header.directoryByteCount = UInt16(min(number % 5, 1))
    }
    try run("info", "verify", on: file, "64 MiB of headers within one another", seconds: 2)
  }

  /// Metadata of as many pairs as there may be, again and again; only the last one rules.
  @Test func metadataOfManyPairs() throws {
    let header = FileHeader(recordingID: HostileFile.id)
    let ofTracks = (0..<1_000).flatMap { track in
      ["class", "codeSpace", "name"].map { ("track.\(1_000 + track % 24).\($0)\(track)", "") }
    }
    let others = (0..<13_000).map { (String($0 + 10_000), "") }
    for (name, pairs) in [("other", others), ("tracks'", ofTracks.sorted { $0.0 < $1.0 })] {
      var writer = ByteWriter()
      writer.append(header.encode())
      writer.appendVarint(pairs.count)
      for text in pairs.flatMap({ [$0.0, $0.1] }) {
        writer.appendVarint(text.utf8.count)
        writer.append(Array(text.utf8))
      }
      var file = HostileFile()
      for _ in 0..<80 { file.append(.metadata, writer.bytes) }
      try run("info", "verify", on: file, "metadata of many \(name) pairs", seconds: 0.5)
    }
  }
}
