// SPDX-License-Identifier: Apache-2.0
//
// Sections whose streams are coded by statistics of their own, and streams of every length at which
// the encoder or the decoder does something else.

import InputTape
import InputTapeCore
import InputTapeTestKit

/// Long sections, whose tokens are modelled where the preset is `balanced`, and columns of many
/// lengths.
enum ModelCases {
  static var all: [DigestCase] {
    var found: [DigestCase] = [rare, DigestCase("models/held", held)]
    for made in MadeBatch.allCases {
      for count in [1_499, 1_500, 2_700, 6_200] { found.append(sections(made, count, .fast)) }
      for count in [8_191, 8_192, 12_000] { found.append(sections(made, count, .balanced)) }
    }
    for made in [MadeBatch.pointing, .touching, .mouse8kHz, .drawing] {
      found.append(sections(made, 25_000, .balanced))
    }
    for shape in NumberShape.allCases { found.append(columns(shape)) }
    return found
  }

  private static let zstd = Compression.zstd(level: nil)

  /// Damage reaches the tables and the lanes of each stream.
  private static func sections(_ made: MadeBatch, _ count: Int, _ preset: Preset) -> DigestCase {
    DigestCase("models/\(made)-\(count)-\(preset)", dependence: .libraries) { seen in
      try seen.add(
        encoding: made.make(count, seed: UInt64(count)),
        EncodingSettings(preset: preset, compression: zstd), isDamaged: count < 3_000)
    }
  }

  /// Lengths on both sides of every one that matters.
  private static let lengths =
    Array(1...70) + [
      127, 128, 129, 255, 256, 257, 258, 384, 512, 1_023, 1_024, 1_025, 2_047, 2_048, 2_049, 2_559,
      2_560, 2_561, 4_095, 4_096, 4_097,
    ]

  /// Columns of both widths and times of one shape.
  private static func columns(_ shape: NumberShape) -> DigestCase {
    DigestCase("models/columns-\(shape)") { seen in
      let kind = EventKind(rawValue: 250)
      let decoder = SectionDecoder()
      for count in lengths {
        var rng = SeededRandom(seed: UInt64(count))
        var columns = KindColumns(kind: kind, layout: KindLayout(int32: 1, int64: 1, strings: 0))
        columns.count = count
        columns.int32[0] = shape.column(count, using: &rng)
        columns.int64[0] = shape.column(count, using: &rng)
        var batch = EventBatch(track: MadeBatch.track)
        batch.times = shape.column(count, using: &rng)
        batch.kinds = Array(repeating: kind, count: count)
        batch.columns = [columns]
        try seen.add(encoding: batch, by: decoder)
        seen.mark("\(count)")
      }
    }
  }

  /// A few events of a kind among many: their streams are too short for statistics, or just not.
  private static var rare: DigestCase {
    DigestCase("models/rare", dependence: .libraries) { seen in
      let decoder = SectionDecoder()
      for count in [1, 8, 9, 10, 32, 63, 64, 65, 66, 80, 128, 255, 256, 257, 300] {
        var rng = SeededRandom(seed: UInt64(count))
        var batch = EventBatch(track: MadeBatch.track)
        let step = 8_200 / count
        for number in 0..<8_200 {
          let (x, y) = (Int32(rng.number(below: 9)), Int32(min(number, rng.number(below: 40))))
          let isRare = number % step == 0 && number / step < count
          let body: Event.Body = isRare ? .scroll(dx: x, dy: y, phase: nil) : .motion(x: x, y: y)
          batch.append(Event(time: Int64(number) * 1_000, track: batch.track, body: body))
        }
        try seen.add(encoding: batch, by: decoder, EncodingSettings())
        seen.mark("\(count)")
      }
    }
  }

  /// As many keys held as are remembered, one more, and releases of each, of others, and twice.
  private static func held(_ seen: inout Observation) throws {
    let decoder = SectionDecoder()
    for (count, compression) in [31, 32, 33, 40].flatMap({ [($0, Compression.none), ($0, zstd)] }) {
      var batch = EventBatch(track: MadeBatch.track)
      func add(_ code: Int, _ state: KeyState) {
        let time = Int64(batch.count) * 1_000_000
        batch.append(
          Event(time: time, track: batch.track, body: .key(code: UInt32(code), state: state)))
      }
      for code in 0..<count { add(code, .down) }
      for code in 0..<count where code % 3 == 0 { add(code, .repeat) }
      for code in 0..<count where code % 5 == 0 { add(code, .down) }
      for code in (0..<(count + 3)).reversed() { add(code, .up) }
      for code in 0..<3 { add(code, .up) }
      try seen.add(encoding: batch, by: decoder, EncodingSettings(compression: compression))
      seen.mark("\(count)")
    }
  }
}

extension Observation {
  /// Adds a section's bytes, and what it gives back whole.
  fileprivate mutating func add(
    encoding batch: EventBatch, by decoder: SectionDecoder,
    _ settings: EncodingSettings = EncodingSettings(compression: .none)
  ) throws {
    var bytes: [UInt8] = []
    let form = SectionEncoder().encode(batch, settings: settings, into: &bytes)
    add(form.rawValue)
    add(bytes)
    var found = EventBatch(track: MadeBatch.track)
    try decoder.decode(
      bytes.span, form: form, eventCount: batch.count, firstTime: batch.times.first ?? 0,
      kinds: .all, at: 1_000, into: &found)
    add(found)
  }
}
