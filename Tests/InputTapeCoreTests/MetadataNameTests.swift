// SPDX-License-Identifier: Apache-2.0
//
// Names of metadata are their bytes: what looks alike is not the same.

import InputTapeCore
import Testing

@Suite struct MetadataNameTests {
  /// Pairs of texts that Swift calls equal.
  private static let alike = [
    ("é", "e\u{301}"), ("Å", "\u{212B}"), ("Ω", "\u{2126}"), ("각", "\u{1100}\u{1161}\u{11A8}"),
    (";", "\u{37E}"),
  ]

  private func decode(_ bytes: [UInt8]) throws -> RecordingMetadata {
    try RecordingMetadata.decode(bytes.span, at: 0).metadata
  }

  @Test func namesThatLookAlikeAreTwo() throws {
    let header = FileHeader(recordingID: RecordingID(bytes: Array(1...16)))
    for (first, second) in Self.alike {
      #expect(first == second)
      var metadata = RecordingMetadata()
      metadata[first] = "1"
      metadata[second] = "two"
      #expect(metadata.values.count == 2 && metadata[first] == "1" && metadata[second] == "two")
      let bytes = metadata.encode(header: header)
      let again = try decode(bytes)
      #expect(again == metadata && again.encode(header: header) == bytes)
      metadata[first] = nil
      #expect(metadata.values.map(\.value) == ["two"])
      #expect(metadata != again)
      metadata[second] = nil
      #expect(metadata == RecordingMetadata(), "Bytes are counted by name")
    }
  }

  @Test func valuesThatLookAlikeAreNotEqual() {
    for (first, second) in Self.alike {
      var one = RecordingMetadata()
      one["a"] = first
      var other = RecordingMetadata()
      other["a"] = second
      #expect(one != other)
    }
  }

  @Test func aNameOfATracksIsToldByItsBytes() {
    // The accent is one character with the dot before it.
    #expect(!RecordingMetadata().accepts("track.\u{301}x", "1"))
    #expect(RecordingMetadata().accepts("track", "1"))
  }

  @Test func aTracksPairHasItsNumberInTheShortestWay() throws {
    // Whether the pair is a track's; any other is a value like all.
    let names = [
      ("track.0.name", true), ("track.1023.name", true), ("track.1024.name", false),
      ("track.07.name", false), ("track.+7.name", false), ("track.7.nam", false),
      ("track.65536.name", false), ("track..name", false), ("track.7", false),
    ]
    for (name, isTrack) in names {
      var writer = ByteWriter()
      writer.append(FileHeader(recordingID: RecordingID(bytes: Array(1...16))).encode())
      writer.appendVarint(1)
      for text in [name, "mouse"] {
        writer.appendVarint(text.utf8.count)
        writer.append(Array(text.utf8))
      }
      let found = try decode(writer.bytes)
      #expect(found.tracks.map(\.name) == (isTrack ? ["mouse"] : []), "\(name)")
      #expect(found.values.map(\.name) == (isTrack ? [] : [name]))
    }
  }

  @Test func namesStandInTheOrderOfTheirBytes() throws {
    var metadata = RecordingMetadata()
    let names = ["Z", "a", "e\u{301}", "z", "é", "\u{FFFD}", "\u{10000}"]
    for name in names.shuffled() { metadata[name] = name }
    #expect(metadata.values.map { Array($0.name.utf8) } == names.map { Array($0.utf8) })
  }
}
