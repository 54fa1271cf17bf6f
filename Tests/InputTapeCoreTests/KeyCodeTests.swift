// SPDX-License-Identifier: Apache-2.0
//
// Codes of keys beyond a byte, as HID, evdev and others have them.

import InputTapeCore
import Testing

@Suite struct KeyCodeTests {
  private static let settings = [
    EncodingSettings(preset: .balanced, compression: .none),
    EncodingSettings(preset: .fast, compression: .zstd(level: nil)),
    EncodingSettings(preset: .balanced, compression: .zstd(level: nil)),
    EncodingSettings(preset: .compact, compression: .zstd(level: nil)),
  ]

  /// The batch with other codes.
  private func recoded(_ batch: EventBatch, _ code: (Int32) -> Int32) -> EventBatch {
    var batch = batch
    batch.columns[0].int32[0] = batch.columns[0].int32[0].map(code)
    return batch
  }

  @Test(arguments: [256, 9_000])
  func takeNoMoreThanTheirBytesWould(count: Int) throws {
    let batch = typing(count: count)
    for settings in Self.settings {
      let small = try byteCount(of: batch, settings)
      for page: Int32 in [0x1_00, 0x7_0000, -0x100] {
        let wide = try byteCount(of: recoded(batch) { page + $0 }, settings)
        #expect(wide <= small + small / 20 + 40, "page \(page), \(settings): \(wide), not \(small)")
      }
    }
  }

  @Test func areGivenBackWhateverTheyAre() throws {
    var rng = SeededGenerator(seed: 31)
    let batch = typing(count: 2_000)
    let extremes: [Int32] = [.min, -1, 0, 127, 128, 255, 256, .max]
    for settings in Self.settings {
      _ = try byteCount(of: recoded(batch) { extremes[Int($0) & 7] }, settings)
      _ = try byteCount(of: recoded(batch) { $0 & 1 == 0 ? $0 : 0x110 + $0 }, settings)
      // More of them than a table holds; releases of what was never pressed among them.
      let random = recoded(batch) { _ in Int32.random(in: .min ... .max, using: &rng) }
      _ = try byteCount(of: random, settings)
      _ = try byteCount(of: recoded(batch) { _ in 0x7_0000 + Int32.random(in: 0...255) }, settings)
    }
  }
}
