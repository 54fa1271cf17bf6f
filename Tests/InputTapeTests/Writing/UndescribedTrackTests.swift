// SPDX-License-Identifier: Apache-2.0
//
// Tracks that nobody has described: their class stands in their blocks, and METADATA names them
// when it comes next (Specs/Format.md, section 5).

import InputTape
import InputTapeTestKit
import Testing

@Suite struct UndescribedTrackTests {
  private static let count = 30

  private static func metadataCount(_ bytes: [UInt8]) throws -> Int {
    try FoundRecord.all(in: bytes).count { $0.header.type == .metadata }
  }

  @Test func aTrackThatOnlyHasAClassWaitsForTheNextMetadata() throws {
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink)
    for number in 0..<Self.count {
      let track = TrackID(rawValue: UInt16(number))
      let body = Event.Body.touch(contact: 0, phase: .began, x: 1, y: 2, pressure: 0)
      writer.append(Event(time: Int64(number), track: track, body: body))
      try writer.flush()
    }
    #expect(try Self.metadataCount(sink.bytes) == 1)
    // Not closed: what the blocks say is known.
    let open = try RecordingReader(source: MemorySource(sink.bytes))
    #expect(open.metadata.tracks.count == 1 && open.trackFacts.count == Self.count)
    #expect(open.trackFacts.values.allSatisfy { $0.trackClass == .touch })
    #expect(open.tracks.map(\.id.rawValue) == Array(0..<UInt16(Self.count)))
    #expect(open.tracks.allSatisfy { $0.trackClass == .touch })
    // One that is described is so at once, and all others with it.
    writer.setTrack(Track(id: TrackID(rawValue: 40), class: .keyboard, name: "keys"))
    writer.key(at: 50, code: 3, state: .down, track: TrackID(rawValue: 40))
    try writer.flush()
    #expect(try Self.metadataCount(sink.bytes) == 2)
    let described = try RecordingReader(source: MemorySource(sink.bytes))
    #expect(described.metadata.tracks.count == Self.count + 1)
    try writer.finish()
    #expect(try Self.metadataCount(sink.bytes) == 3)
    let closed = try RecordingReader(source: MemorySource(sink.bytes))
    #expect(closed.metadata.tracks.map(\.trackClass).count { $0 == .touch } == Self.count)
    #expect(closed.metadata.track(TrackID(rawValue: 40))?.name == "keys")
  }
}
