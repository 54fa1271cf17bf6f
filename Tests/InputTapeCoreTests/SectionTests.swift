// SPDX-License-Identifier: Apache-2.0
//
// Sections: round trips, projection, determinism.

import InputTapeCore
import Testing

/// Every preset with every compression.
let everySettings: [EncodingSettings] = Preset.allCases.flatMap { preset in
  [Compression.none, .zstd(level: nil), .zstd(level: 19), .deflate(level: nil)].map {
    EncodingSettings(preset: preset, compression: $0)
  }
}

/// The kinds of a random batch: one known, several, unknown ones.
private let kindChoices: [[EventKind]] =
  EventKind.known.map { [$0] } + [
    [.motion, .button, .scroll], EventKind.known, [EventKind(rawValue: 16)],
    [.key, EventKind(rawValue: 254), EventKind(rawValue: 255)],
  ]

/// A section and what its reader is told.
struct EncodedSection {
  var bytes: [UInt8] = []
  var form: SectionForm = .plain

  init(_ batch: EventBatch, _ settings: EncodingSettings, by encoder: SectionEncoder = .init()) {
    form = encoder.encode(batch, settings: settings, into: &bytes)
  }
}

/// Whether two batches hold the same events; columns without events do not count.
func holdSameEvents(_ left: EventBatch, _ right: EventBatch) -> Bool {
  left.times == right.times && left.kinds == right.kinds
    && left.columns.filter { $0.count > 0 } == right.columns.filter { $0.count > 0 }
}

/// The bytes of a section, from which the batch must come back.
func byteCount(of batch: EventBatch, _ settings: EncodingSettings) throws -> Int {
  let section = EncodedSection(batch, settings)
  var decoded = EventBatch(track: batch.track)
  try SectionDecoder().decode(
    section.bytes.span, form: section.form, eventCount: batch.count, firstTime: batch.times[0],
    kinds: .all, at: 0, into: &decoded)
  #expect(holdSameEvents(decoded, batch), "\(settings)")
  return section.bytes.count
}

/// The same, of equal events at some times.
func byteCount(ofTimes times: [Int64], _ preset: Preset) throws -> Int {
  var batch = EventBatch(track: .first)
  for time in times {
    batch.append(Event(time: time, track: .first, body: .scroll(dx: 0, dy: 1, phase: nil)))
  }
  return try byteCount(of: batch, EncodingSettings(preset: preset))
}

@Suite struct SectionTests {
  @Test func givesBackRandomBatches() throws {
    let encoder = SectionEncoder()
    let decoder = SectionDecoder()
    var decoded = EventBatch(track: TrackID(rawValue: 3))
    for seed in UInt64(0)..<150 {
      var rng = SeededGenerator(seed: seed)
      let kinds = kindChoices[Int(seed) % kindChoices.count]
      // Few are long: what is not optimised takes its time, and the digests have more of them.
      let count = seed % 25 == 0 ? 5_000 : [0, 1, 2, 3, 17, 300].randomElement(using: &rng) ?? 0
      let batch = randomBatch(count: count, kinds: kinds, using: &rng)
      for settings in everySettings where count < 1_000 || settings.compression != .zstd(level: 19)
      {
        let section = EncodedSection(batch, settings, by: encoder)
        try decoder.decode(
          section.bytes.span, form: section.form, eventCount: count,
          firstTime: batch.times.first ?? 0, kinds: .all, at: 0, into: &decoded)
        #expect(holdSameEvents(decoded, batch), "seed \(seed), \(settings)")
      }
    }
  }

  @Test func givesTheSameBytesWhateverWasEncodedBefore() {
    var rng = SeededGenerator(seed: 7)
    let encoder = SectionEncoder()
    let batches = (0..<6).map {
      randomBatch(count: 400 * $0 + 3, kinds: [.motion, .key], using: &rng)
    }
    for settings in everySettings {
      let first = batches.map { EncodedSection($0, settings, by: encoder).bytes }
      let second = batches.reversed().map { EncodedSection($0, settings).bytes }
      #expect(first == second.reversed())
    }
  }

  @Test func leavesOutColumnsThatNobodyWants() throws {
    var rng = SeededGenerator(seed: 11)
    for settings in everySettings {
      let batch = randomBatch(count: 3_000, kinds: [.motion, .key, .text], using: &rng)
      let section = EncodedSection(batch, settings)
      var decoded = EventBatch(track: batch.track)
      try SectionDecoder().decode(
        section.bytes.span, form: section.form, eventCount: batch.count,
        firstTime: batch.times.first ?? 0, kinds: KindSet([.key]), at: 0, into: &decoded)
      #expect(decoded.times == batch.times)
      #expect(decoded.kinds == batch.kinds)
      let offset = try #require(batch.columnOffset(of: .key))
      #expect(decoded.columns[offset] == batch.columns[offset])
    }
  }

  /// The adaptive coder takes 3 MB of text a second, and makes it larger than tokens are.
  @Test(arguments: [Preset.balanced, .compact])
  func leavesLongTextsToTokens(preset: Preset) throws {
    func section(_ text: String, count: Int) throws -> EncodedSection {
      var batch = EventBatch(track: .first)
      for time in 0..<count {
        batch.append(Event(time: Int64(time), track: .first, body: .text(text)))
      }
      let section = EncodedSection(batch, EncodingSettings(preset: preset))
      var decoded = EventBatch(track: .first)
      try SectionDecoder().decode(
        section.bytes.span, form: section.form, eventCount: count, firstTime: 0, kinds: .all,
        at: 0, into: &decoded)
      #expect(holdSameEvents(decoded, batch))
      return section
    }
    let long = String(repeating: "a", count: 1_024)
    #expect(try section("a", count: 8_000).form == .adaptive)
    #expect(try section(long, count: 64).form == .adaptive)
    #expect(try section(long, count: 65).form == .zstd)
  }

  /// Among many events, a small section of the adaptive coder would take most of the time.
  @Test func smallSectionsAmongManyEventsAreTokens() {
    var keys = EventBatch(track: .first)
    for time in 0..<600 as Range<Int64> {
      let body = Event.Body.key(code: UInt32(4 + time % 7), state: time % 2 == 0 ? .down : .up)
      keys.append(Event(time: time, track: .first, body: body))
    }
    for (preset, count, form) in [
      (Preset.balanced, 0, SectionForm.adaptive), (.balanced, 8_191, .adaptive),
      (.balanced, 8_192, .zstd), (.compact, 65_536, .adaptive), (.fast, 0, .zstd),
    ] {
      var sections = EncodedSections()
      sections.append(
        [keys], content: .events, with: SectionEncoder(),
        settings: EncodingSettings(preset: preset), classes: [:], neighbourCount: count)
      #expect(sections.entries.map(\.form) == [form], "\(preset), \(count)")
    }
    var draft = BlockDraft()
    draft.batches = [keys]
    #expect(draft.neighbourCount == 600)
    draft.eventCountBefore = 9_000
    #expect(draft.neighbourCount == 9_000)
  }

  @Test func bitsDoNotCountAmongTheStreamsOfASection() throws {
    // Kind 16: six Int64 columns of 63 bits an entry in 3 MiB, and texts of 20 bytes in a constant
    // stream: with the bits more than the 4 MiB that other streams may have.
    let count = Limits.eventsPerBlock
    var bytes = ByteWriter()
    bytes.append([UInt8](arrayLiteral: 0, 1, 16, 0, 6, 1))
    for _ in 0..<6 {
      bytes.append([UInt8](arrayLiteral: 0x81, 0, 5, 64))
      bytes.appendVarint((count * 63 / 8) << 2)
      bytes.append([UInt8](repeating: 0, count: count * 63 / 8))
    }
    bytes.append([UInt8](arrayLiteral: 0, 40, 5, 0x61))
    // Times from 0 with unit 1 and differences of 0.
    bytes.append([UInt8](arrayLiteral: 0, 1, 2, 0, 5, 0, 0))
    var decoded = EventBatch(track: .first)
    try SectionDecoder().decode(
      bytes.bytes.span, form: .plain, eventCount: count, firstTime: 0, kinds: .all, at: 0,
      into: &decoded)
    #expect(decoded.count == count && decoded.columns[0].int64.allSatisfy { $0.last == .min })
  }
}
