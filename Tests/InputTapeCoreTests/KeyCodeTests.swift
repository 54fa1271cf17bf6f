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

  /// Places of many keys stand four in a token, which is seen where no other code makes them less.
  @Test func placesOfManyKeysArePacked() throws {
    for settings in Self.settings {
      let (few, many) = (
        try byteCount(of: keys(8_191), settings), try byteCount(of: keys(8_193), settings)
      )
      #expect(many < (settings.compression == .none ? few - 6_000 : few + 20), "\(settings)")
    }
  }

  /// So many keys, of which every hundredth is let go behind the next one.
  private func keys(_ count: Int) -> EventBatch {
    var batch = EventBatch(track: .first)
    for index in 0..<count {
      let (code, time) = (UInt32(4 + index % 20), Int64(index) * 100)
      append(code, .down, time, to: &batch)
      let isLate = index % 100 == 99 && index < count - 1
      if !isLate { append(code, .up, time + 30, to: &batch) }
      if index % 100 == 0, index > 0 {
        append(UInt32(4 + (index - 1) % 20), .up, time + 60, to: &batch)
      }
    }
    return batch
  }

  private func append(
    _ code: UInt32, _ state: KeyState, _ time: Int64, to batch: inout EventBatch
  ) {
    batch.append(Event(time: time, track: .first, body: .key(code: code, state: state)))
  }
}
