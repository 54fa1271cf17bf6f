// SPDX-License-Identifier: Apache-2.0
//
// A block whose sections are some bytes each and decode to 4 MB each: who holds blocks whole keeps
// 32 MiB of them, and says which are left out (Specs/Format.md, section 8).

import InputTape
import InputTapeTestKit
import Testing

@Suite struct BlockBudgetTests {
  private static let trackCount = 16
  private static let eventCount = 63
  /// So many sections have room.
  private static let keptCount = 8

  /// The same text of 65,000 bytes, 63 times at the time 0, as a plain section.
  private static let section: [UInt8] = [
    0, 1, EventKind.text.rawValue,  // One kind.
    0, 0xD0, 0xF7, 0x07, 5, 0x61,  // Lengths of 65,000; all bytes are `a`.
    0, 1, 2, 0, 5, 0, 0,  // Times without differences.
  ]

  private static let bytes: [UInt8] = {
    let entries = (0..<trackCount).map { track in
      SectionEntry(
        track: TrackID(rawValue: UInt16(track)), trackClass: .text, content: .events, form: .plain,
        storedByteCount: section.count, eventCount: eventCount, firstTime: 0,
        checksum: CRC32C.checksum(section))
    }
    var file = HostileFile()
    file.appendBlock(entries, Array(repeating: section, count: trackCount).flatMap { $0 })
    return file.bytes
  }()

  @Test(arguments: [1, 2]) func blocksAreReadUpToTheBudget(_ threads: Int) throws {
    let reader = try RecordingReader(source: MemorySource(Self.bytes), mode: .salvage)
    var counts: [Int] = []
    try reader.forEachBlock(threads: threads) { batches in counts += batches.map(\.count) }
    #expect(counts == Array(repeating: Self.eventCount, count: Self.keptCount))
    let losses = reader.status.losses
    #expect(losses.count == Self.trackCount - Self.keptCount)
    #expect(losses.allSatisfy { $0.error.code == .limitExceeded && $0.eventCount == 63 })
  }

  @Test func verificationKeepsToItAndTellsOfTheRest() throws {
    let report = try RecordingVerifier.verify(MemorySource(Self.bytes))
    #expect(report.eventCount == UInt64(Self.eventCount * Self.keptCount))
    #expect(report.problems.map(\.error.code) == Array(repeating: .limitExceeded, count: 8))
  }
}
