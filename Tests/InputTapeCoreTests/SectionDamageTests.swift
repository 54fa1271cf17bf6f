// SPDX-License-Identifier: Apache-2.0
//
// Sections: every truncation and every changed byte gives events or a typed error.

import InputTapeCore
import Testing

@Suite struct SectionDamageTests {
  private let decoder = SectionDecoder()

  /// Decodes bytes that may be anything; whether they were accepted.
  private func accepts(_ bytes: [UInt8], form: SectionForm, eventCount: Int) -> Bool {
    var batch = EventBatch(track: TrackID(rawValue: 0))
    do throws(FormatError) {
      try decoder.decode(
        bytes.span, form: form, eventCount: eventCount, firstTime: .max, kinds: .all, at: 0,
        into: &batch)
      #expect(batch.times.count == eventCount)
      #expect(batch.kinds.count == eventCount)
      #expect(batch.columns.reduce(0) { $0 + $1.count } == eventCount)
      return true
    } catch {
      return false
    }
  }

  private func sections() -> [(EncodedSection, Int)] {
    var rng = SeededGenerator(seed: 5)
    return everySettings.flatMap { settings in
      [[EventKind.motion], [.motion, .key, .button], EventKind.known].map { kinds in
        let batch = randomBatch(count: 24, kinds: kinds, using: &rng)
        return (EncodedSection(batch, settings), batch.count)
      }
    }
  }

  @Test func refusesEveryTruncation() {
    var cuts = 0
    // The last bytes of an arithmetic code may be missing without harm; the section's checksum
    // is what tells then (Specs/Adaptive.md).
    for (section, count) in sections() where section.form != .adaptive {
      for length in section.bytes.indices {
        #expect(!accepts(Array(section.bytes[..<length]), form: section.form, eventCount: count))
        cuts += 1
      }
    }
    print("section cuts refused: \(cuts)")
  }

  @Test func survivesEveryTruncationOfAnAdaptiveSection() {
    for (section, count) in sections() where section.form == .adaptive {
      for length in section.bytes.indices {
        _ = accepts(Array(section.bytes[..<length]), form: section.form, eventCount: count)
      }
      #expect(!accepts([], form: section.form, eventCount: count))
    }
  }

  @Test func survivesEveryChangedByte() {
    var changes = 0
    for (section, count) in sections() {
      for index in section.bytes.indices {
        // Every bit in turn, byte by byte; the fuzz targets change the others.
        for change: UInt8 in [1 << UInt8(index & 7), 255] {
          var bytes = section.bytes
          bytes[index] ^= change
          _ = accepts(bytes, form: section.form, eventCount: count)
          changes += 1
        }
      }
    }
    print("changed section bytes survived: \(changes)")
  }

  @Test func survivesAnyBytes() {
    var rng = SeededGenerator(seed: 9)
    for _ in 0..<3_000 {
      let bytes = (0..<Int.random(in: 0...60, using: &rng)).map { _ in
        UInt8.random(in: 0...(Bool.random(using: &rng) ? 255 : 7), using: &rng)
      }
      for form in [SectionForm.plain, .zstd, .deflate] {
        _ = accepts(bytes, form: form, eventCount: Int.random(in: 0...70_000, using: &rng))
      }
    }
  }
}
