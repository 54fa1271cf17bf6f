// SPDX-License-Identifier: Apache-2.0
//
// Small files whose tracks are all under way at once, or that leave the memory of large sections to
// small ones: what a reader holds does not depend on how many there are.

import Foundation
import InputTape
import InputTapeTestKit
import Testing

@Suite(.serialized) struct TrackBombTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A section that may stand on any track.
  private struct Piece {
    var bytes: [UInt8]
    var form: SectionForm
    var eventCount: Int
    var firstTime: Int64

    /// Texts of so many bytes, at some times.
    init(times: [Int64], textByteCount: Int) {
      self.init(times: times, .text(String(repeating: "a", count: textByteCount)))
    }

    init(times: [Int64], _ body: Event.Body) {
      var batch = EventBatch(track: .first)
      for time in times { batch.append(Event(time: time, track: .first, body: body)) }
      bytes = []
      let settings = EncodingSettings(preset: .fast, compression: .zstd(level: nil))
      form = SectionEncoder().encode(batch, settings: settings, into: &bytes)
      eventCount = times.count
      firstTime = times[0]
    }

    func entry(track: Int) -> SectionEntry {
      SectionEntry(
        track: TrackID(rawValue: UInt16(track)), trackClass: .text, content: .events, form: form,
        storedByteCount: bytes.count, eventCount: eventCount, firstTime: firstTime,
        checksum: CRC32C.checksum(bytes))
    }
  }

  private func append(_ pieces: [(track: Int, piece: Piece)], to file: inout HostileFile) {
    let entries = pieces.map { $0.piece.entry(track: $0.track) }
    file.appendBlock(
      entries, pieces.flatMap(\.piece.bytes), firstTime: pieces.map(\.piece.firstTime).min() ?? 0,
      span: 1 << 40)
  }

  /// Runs a command on a file, which must take no more memory than `mebibytes`.
  @discardableResult
  private func run(
    _ command: String, on file: HostileFile, _ name: String, mebibytes: Int
  ) throws -> MeasuredRun? {
    let path = folder.path("hostile.itape")
    try file.write(to: path)
    let output = command == "recover" ? [folder.path("recovered.itape")] : []
    guard let run = try MeasuredRun.runs([[command, path] + output])?.first else {
      print("skipped: python3 is not there to measure memory")
      return nil
    }
    let memory = run.memoryByteCount >> 20
    print("\(name), \(file.byteCount) bytes, \(command): \(run.seconds) s, \(memory) MiB")
    #expect(memory < mebibytes, "\(command) of \(name)")
    #expect(run.code == 1, "\(run.text.suffix(300))")
    return run
  }

  /// Each track has 4 MB of text, of which an event comes each microsecond.
  private static let manyTracks: HostileFile = {
    let piece = Piece(times: (0..<63).map { 1_000 * $0 }, textByteCount: 65_000)
    var file = HostileFile()
    for track in 0..<120 {
      TrackBombTests.append(track, piece, to: &file)
    }
    return file
  }()

  private static func append(_ track: Int, _ piece: Piece, to file: inout HostileFile) {
    file.appendBlock([piece.entry(track: track)], piece.bytes, span: 62_000)
  }

  @Test func tracksThatAreAllUnderWayHaveAShare() throws {
    try run("cat", on: Self.manyTracks, "120 tracks of 4 MB", mebibytes: 144)
    let reader = try RecordingReader(source: MemorySource(Self.manyTracks.bytes), mode: .salvage)
    var counts: [TrackID: Int] = [:]
    try reader.forEachEvent { counts[$0.track, default: 0] += 1 }
    // What fits is given whole, in order; of the rest it is said how much there was.
    let losses = reader.status.losses
    #expect((16...24).contains(counts.count) && counts.values.allSatisfy { $0 == 63 })
    #expect(losses.allSatisfy { $0.error.code == .limitExceeded })
    let lost = losses.reduce(0) { $0 + ($1.eventCount ?? 0) }
    print("\(counts.count) of 120 tracks given, \(lost) events told of")
    #expect(63 * counts.count + lost == 63 * 120)
  }

  @Test func recoveryWritesLongTextsAsFastAsItReadsThem() throws {
    let run = try run("recover", on: Self.manyTracks, "120 tracks of 4 MB", mebibytes: 144)
    if let run, MeasuredRun.executable.isOptimised { #expect(run.seconds < 8) }
  }

  @Test func longTextsAreGatheredAFewAtATime() throws {
    let piece = Piece(times: Array(repeating: 0, count: 63), textByteCount: 65_000)
    var file = HostileFile()
    for _ in 0..<40 { Self.append(0, piece, to: &file) }
    try run("cat", on: file, "160 MB of text on one track", mebibytes: 64)
  }

  /// In each block another section is the large one; the memory of it goes to a small one.
  @Test(arguments: [true, false])
  func theRoomOfLargeSectionsDoesNotStayWithSmallOnes(grows: Bool) throws {
    let large = Piece(
      times: Array(repeating: 0, count: 65_000), .pen(Pen(x: 1, y: 2, pressure: 3, tiltX: 4)))
    let small = Piece(times: [0, 1 << 30], .pen(Pen(x: 1, y: 2)))
    var file = HostileFile()
    let count = 80
    for number in 0..<count {
      let place = grows ? number : count - 1 - number
      append((0...place).map { ($0, $0 == place ? large : small) }, to: &file)
    }
    for command in ["verify", "cat", "recover"] {
      try run(command, on: file, "80 large sections, each elsewhere", mebibytes: 100)
    }
  }
}
