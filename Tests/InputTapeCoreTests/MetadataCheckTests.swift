// SPDX-License-Identifier: Apache-2.0
//
// Checking metadata and taking it apart agree, whatever the bytes.

import InputTapeCore
import InputTapeTestKit
import Testing

@Suite struct MetadataCheckTests {
  private static let header = FileHeader(recordingID: RecordingID(bytes: Array(1...16)))
  private static let words = [
    "", "a", "track.", "track.0.", "track.7.class", "track.7.name", "track.1023.device",
    "track.1024.name", "track.07.name", "track.7.subpixelBits", "track.7.resolution", "track.7.x",
    "track.7", "pen", "custom", "15", "16", "31", "32", "-1", "é", "e\u{301}", "日本", "z",
  ]

  /// Pairs in any order or in theirs, whole or with a byte changed.
  private func payload(_ rng: inout SeededRandom) -> [UInt8] {
    var pairs: [(String, String)] = []
    for _ in 0..<Int.random(in: 0..<6, using: &rng) {
      let more = rng.next() % 3 == 0 ? Self.words.randomElement(using: &rng) ?? "" : ""
      pairs.append(
        (
          (Self.words.randomElement(using: &rng) ?? "") + more,
          Self.words.randomElement(using: &rng) ?? ""
        ))
    }
    if rng.next() % 8 != 0 {
      pairs.sort { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
    }
    if rng.next() % 16 == 0 {
      for index in 0..<17 {
        pairs.append(("zz\(10 + index)", String(repeating: "v", count: 4_000)))
      }
    }
    var writer = ByteWriter()
    writer.append(Self.header.encode())
    writer.appendVarint(pairs.count)
    for text in pairs.flatMap({ [$0.0, $0.1] }) {
      writer.appendVarint(text.utf8.count)
      writer.append(Array(text.utf8))
    }
    var bytes = writer.bytes
    if rng.next() % 3 == 0, bytes.count > FileHeader.byteCount {
      let offset = Int.random(in: FileHeader.byteCount..<bytes.count, using: &rng)
      bytes[offset] = [bytes[offset] ^ 1, 0xC3, 0, 0x80].randomElement(using: &rng) ?? 0
    }
    return bytes
  }

  @Test func whatIsCheckedIsWhatIsDecoded() {
    var rng = SeededRandom(seed: 5)
    var good = 0
    for _ in 0..<20_000 {
      let bytes = payload(&rng)
      let decoded = Result { () throws(FormatError) in
        try RecordingMetadata.decode(bytes.span, at: 9)
      }
      let checked = Result { () throws(FormatError) in
        try RecordingMetadata.check(bytes.span, at: 9)
      }
      #expect(decoded.map(\.header) == checked)
      if case .success(let found) = decoded {
        good += 1
        #expect(
          found.metadata.values.map(\.name)
            == found.metadata.values.map(\.name).sorted {
              $0.utf8.lexicographicallyPrecedes($1.utf8)
            })
      }
    }
    #expect(good > 4_000 && good < 19_000)
    print("payloads of metadata: 20000, of which good: \(good)")
  }
}
