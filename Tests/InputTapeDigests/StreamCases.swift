// SPDX-License-Identifier: Apache-2.0
//
// Compressed text, piece by piece: what comes back of it whole, cut, changed, and put together.

import InputTape
import InputTapeCore
import InputTapeTestKit

/// Streams in both formats.
enum StreamCases {
  static var all: [DigestCase] {
    [("zstd", StreamFormat.zstd), ("gzip", .gzip)].flatMap { name, format in
      [
        DigestCase("streams/\(name)") { seen in look(&seen, format, addsBytes: false) },
        DigestCase("streams/\(name)-bytes", dependence: .libraries) { seen in
          look(&seen, format, addsBytes: true)
        },
      ]
    }
  }

  private static var text: [UInt8] {
    var rng = SeededRandom(seed: 3)
    return (0..<9_000).map { index in index % 50 < 40 ? 97 : UInt8(rng.number(below: 256)) }
  }

  private static func look(_ seen: inout Observation, _ format: StreamFormat, addsBytes: Bool) {
    let whole = compress(text, format, level: nil, piece: 4_096, room: 10_000)
    if addsBytes {
      for (level, piece, room) in [(nil, 7, 9), (1, 700, 100), (9, 9_000, 40)] as [(Int?, Int, Int)]
      {
        seen.add(compress(text, format, level: level, piece: piece, room: room))
        seen.mark("\(piece) \(room)")
      }
      return
    }
    for (piece, room) in [(1, 1), (7, 100), (5_000, 33), (100_000, 100_000)] {
      decompress(whole + whole, format, piece: piece, room: room, &seen)
      decompress(Array(whole.dropLast(3)), format, piece: piece, room: room, &seen)
      decompress(whole + [1, 2, 3], format, piece: piece, room: room, &seen)
      seen.mark("pieces of \(piece), room of \(room)")
    }
    for offset in stride(from: 0, to: 30, by: 3) {
      var changed = whole
      changed[offset] ^= 0x41
      decompress(changed, format, piece: 64, room: 64, &seen)
      seen.mark("change at \(offset)")
    }
    decompress([], format, piece: 10, room: 10, &seen)
  }

  private static func compress(
    _ bytes: [UInt8], _ format: StreamFormat, level: Int?, piece: Int, room: Int
  ) -> [UInt8] {
    let compressor = StreamCompressor(format, level: level)
    var (found, offset) = ([UInt8](), 0)
    var output = [UInt8](repeating: 0, count: room)
    var step = StreamCompressor.Step.more
    // Each piece is given, flushed now and then, and the stream is ended.
    for round in 0... {
      let end = min(offset + piece, bytes.count)
      if offset == bytes.count { step = .end } else { step = round % 5 == 4 ? .flush : .more }
      while true {
        var used = 0
        let (written, isDone) = compressor.compress(
          Array(bytes[offset..<end]).span, consumed: &used, into: &output, step: step)
        found += output[..<written]
        offset += used
        if isDone { break }
      }
      if step == .end { return found }
    }
    return found
  }

  private static func decompress(
    _ bytes: [UInt8], _ format: StreamFormat, piece: Int, room: Int, _ seen: inout Observation
  ) {
    let decompressor = StreamDecompressor(format)
    var (found, offset) = ([UInt8](), 0)
    var output = [UInt8](repeating: 0, count: room + 3)
    seen.attempt("stream") { seen in
      while true {
        var used = 0
        let end = min(offset + piece, bytes.count)
        let written = try decompressor.decompress(
          Array(bytes[offset..<end]).span, consumed: &used, into: &output, at: 3)
        found += output[3..<(3 + written)]
        offset += used
        if written == 0, used == 0 { return }
      }
    }
    seen.add(found)
    seen.add(decompressor.isAtFrameEnd)
  }
}
