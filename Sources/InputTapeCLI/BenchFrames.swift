// SPDX-License-Identifier: Apache-2.0
//
// Zstandard alone, on the very streams that a recording's sections hold as frames.

import InputTape

/// The frames of a recording's sections, and what they hold.
final class BenchFrames {
  private var packed: [[UInt8]] = []
  private var raw: [[UInt8]] = []
  private let compressor = Compressor()
  private let decompressor = Decompressor()
  private var output: [UInt8] = []
  /// The level at which `compress` works.
  let level: Int

  var isEmpty: Bool { packed.isEmpty }

  init(blocks: [[EventBatch]], settings: EncodingSettings) throws {
    var level = 1
    if case .zstd(let chosen?) = settings.compression { level = chosen }
    self.level = level
    let encoder = BlockEncoder()
    let decoder = SectionDecoder()
    var found: [(bytes: [UInt8], count: Int)] = []
    decoder.observeFrames { bytes, count in
      var copy: [UInt8] = []
      copy.append(bytes)
      found.append((copy, count))
    }
    var block = EncodedBlock()
    for batches in blocks {
      var draft = BlockDraft()
      draft.batches = batches
      encoder.encode(draft, settings: settings, classes: [:], into: &block)
      var start = RecordHeader.byteCount + Int(block.header.directoryByteCount)
      for section in block.sections {
        var batch = EventBatch(track: section.track)
        let bytes = block.bytes.span.extracting(start..<(start + section.storedByteCount))
        try decoder.decode(
          bytes, form: section.form, eventCount: section.eventCount, kinds: .all, at: 0,
          into: &batch)
        start += section.storedByteCount
      }
    }
    for frame in found {
      var bytes = [UInt8](repeating: 0, count: frame.count)
      if decompressor.decompressZstd(frame.bytes.span, into: &bytes) {
        packed.append(frame.bytes)
        raw.append(bytes)
      }
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
