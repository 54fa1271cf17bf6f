// SPDX-License-Identifier: Apache-2.0
//
// Sections: their bytes, what comes back of them, and what comes of them damaged.

import InputTape
import InputTapeCore
import InputTapeTestKit

/// A case for each sort of batch, number of events, preset and compression.
enum SectionCases {
  private static let counts = [0, 1, 2, 3, 40, 700, 5_000]

  static var all: [DigestCase] {
    MadeBatch.allCases.flatMap { batch in
      counts.flatMap { count in
        Preset.allCases.flatMap { preset in
          compressions(batch, count).map { make(batch, count, preset, $0) }
        }
      }
    } + [whole]
  }

  /// Every compression where it is quick.
  private static func compressions(_ batch: MadeBatch, _ count: Int) -> [Compression] {
    switch (batch, count) {
    case (_, ..<700): [.none]
    case (.typing, 700), (.touching, 700), (.mouse1kHz, 700):
      [.none, .zstd(level: nil), .deflate(level: nil), .zstd(level: 19), .deflate(level: 1)]
    case (.any, _), (.unknown, _), (.drawing, _), (_, 5_000): [.none]
    default: [.none, .zstd(level: nil), .deflate(level: nil)]
    }
  }

  private static func make(
    _ made: MadeBatch, _ count: Int, _ preset: Preset, _ compression: Compression
  ) -> DigestCase {
    let settings = EncodingSettings(preset: preset, compression: compression)
    return DigestCase(
      "sections/\(made)-\(count)-\(preset)-\(name(compression))",
      dependence: compression == .none ? .nothing : .libraries
    ) { seen in
      // Small batches cost little: several of each.
      for seed in 0..<UInt64(count < 700 ? 4 : 1) {
        let batch = made.make(count, seed: seed &+ UInt64(count))
        try seen.add(encoding: batch, settings)
      }
    }
  }

  private static func name(_ compression: Compression) -> String {
    switch compression {
    case .none: "none"
    case .zstd(let level): "zstd\(level.map(String.init) ?? "")"
    case .deflate(let level): "deflate\(level.map(String.init) ?? "")"
    }
  }

  /// As many events as a block holds.
  private static var whole: DigestCase {
    DigestCase("sections/whole-blocks") { seen in
      for preset in [Preset.fast, .balanced] {
        for made in [MadeBatch.mouse1kHz, .pointing] {
          let batch = made.make(Limits.eventsPerBlock, seed: 5)
          try seen.add(
            encoding: batch, EncodingSettings(preset: preset, compression: .none), isDamaged: false)
        }
      }
    }
  }
}

extension Observation {
  /// Adds a section's bytes, what it gives back, and what it gives when it is not as it was.
  mutating func add(
    encoding batch: EventBatch, _ settings: EncodingSettings, isDamaged: Bool = true
  ) throws {
    var bytes: [UInt8] = []
    let form = SectionEncoder().encode(batch, settings: settings, into: &bytes)
    add(form.rawValue)
    add(bytes)
    mark("bytes: \(bytes.count)")
    let decoder = SectionDecoder()
    add(decoding: bytes, form, batch.count, decoder)
    mark("whole")
    for kinds in [KindSet([.motion, .touch]), KindSet([.key, .text]), KindSet([])] {
      add(decoding: bytes, form, batch.count, decoder, kinds)
    }
    for count in [batch.count + 1, batch.count - 1, Limits.eventsPerBlock + 1] {
      add(decoding: bytes, form, count, decoder)
    }
    mark("parts")
    if isDamaged { add(damaging: bytes, form, batch.count, decoder) }
  }

  /// Adds what comes of a section that was cut, or of which a byte has changed.
  private mutating func add(
    damaging bytes: [UInt8], _ form: SectionForm, _ count: Int, _ decoder: SectionDecoder
  ) {
    let budget = count > 1_000 ? 6 : 40
    for step in 0..<budget where bytes.count > 0 {
      // The beginning has what the rest hangs on.
      let offset =
        step < budget / 2 ? min(step, bytes.count - 1) : step * (bytes.count - 1) / budget
      add(decoding: Array(bytes[..<offset]), form, count, decoder)
      var changed = bytes
      changed[offset] ^= [1, 0x80, 0xFF, 4][step & 3]
      add(decoding: changed, form, count, decoder)
      mark("damage at \(offset)")
    }
    add(decoding: bytes + [0], form, count, decoder)
    for other in [SectionForm.plain, .zstd, .deflate, .adaptive] where other != form {
      add(decoding: bytes, other, count, decoder)
    }
    mark("other forms")
  }

  private mutating func add(
    decoding bytes: [UInt8], _ form: SectionForm, _ count: Int, _ decoder: SectionDecoder,
    _ kinds: KindSet = .all
  ) {
    var batch = EventBatch(track: MadeBatch.track)
    do throws(FormatError) {
      try decoder.decode(
        bytes.span, form: form, eventCount: count, firstTime: 1_000, kinds: kinds, at: 1_000,
        into: &batch)
      add(batch)
    } catch {
      add(error)
    }
    add(batch.count)
  }
}
