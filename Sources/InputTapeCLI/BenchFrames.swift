// SPDX-License-Identifier: Apache-2.0
//
// Zstandard alone, on the sections of a recording before anything else than it compresses them.

import InputTape

/// A recording's sections as columns of tokens (form plain), and Zstandard frames of them.
final class BenchFrames {
  private var packed: [[UInt8]] = []
  private var raw: [[UInt8]] = []
  private let compressor = Compressor()
  private let decompressor = Decompressor()
  private var output: [UInt8] = []
  /// The level at which `compress` works.
  let level: Int

  init(blocks: [[EventBatch]], settings: EncodingSettings) {
    var level = 1
    if case .zstd(let chosen?) = settings.compression { level = chosen }
    self.level = level
    let encoder = SectionEncoder()
    // The adaptive coder has no tokens: what `balanced` makes of the events stands for them.
    let preset: Preset = settings.preset == .compact ? .balanced : settings.preset
    let plain = EncodingSettings(preset: preset, compression: .none)
    for batch in blocks.joined() {
      var section: [UInt8] = []
      _ = encoder.encode(batch, settings: plain, into: &section)
      raw.append(section)
      var frame: [UInt8] = []
      _ = compressor.appendZstd(section.span, level: level, to: &frame)
      packed.append(frame)
    }
  }

  func compress() {
    for bytes in raw {
      output.removeAll(keepingCapacity: true)
      _ = compressor.appendZstd(bytes.span, level: level, to: &output)
    }
  }

  func decompress() {
    for (index, bytes) in packed.enumerated() {
      // Into the memory that holds the very same bytes.
      _ = decompressor.decompressZstd(bytes.span, into: &raw[index])
    }
  }
}
