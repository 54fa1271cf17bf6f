// SPDX-License-Identifier: Apache-2.0
//
// A stream of bytes, compressed.

import InputTapeCore

/// Compresses a stream of text as it is written; ends with `finish`.
public struct CompressingOutput {
  private let compressor: StreamCompressor
  private var piece = [UInt8](repeating: 0, count: 128 << 10)

  /// - Parameters:
  ///   - compression: the format.
  ///   - level: 1 to 19 for Zstandard, 1 to 9 for gzip; nil for the format's own default.
  public init(_ compression: TextCompression, level: Int? = nil) {
    compressor = StreamCompressor(compression.format, level: level)
  }

  /// Compresses some bytes; `output` takes what comes of it so far.
  public mutating func write<E: Error>(
    _ bytes: Span<UInt8>, to output: (Span<UInt8>) throws(E) -> Void
  ) throws(E) {
    try run(bytes, .more, to: output)
  }

  /// Gives all that has been written, so that a reader can read up to here.
  public mutating func flush<E: Error>(
    to output: (Span<UInt8>) throws(E) -> Void
  ) throws(E) {
    try run([UInt8]().span, .flush, to: output)
  }

  /// Ends the stream.
  public consuming func finish<E: Error>(
    to output: (Span<UInt8>) throws(E) -> Void
  ) throws(E) {
    try run([UInt8]().span, .end, to: output)
  }

  private mutating func run<E: Error>(
    _ bytes: Span<UInt8>, _ step: StreamCompressor.Step,
    to output: (Span<UInt8>) throws(E) -> Void
  ) throws(E) {
    var start = 0
    while true {
      var consumed = 0
      let (written, isDone) = compressor.compress(
        bytes.extracting(start..<bytes.count), consumed: &consumed, into: &piece, step: step)
      start += consumed
      if written > 0 { try output(piece.span.extracting(0..<written)) }
      if isDone { return }
    }
  }
}

@available(*, unavailable)
extension CompressingOutput: Sendable {}  // Owns a context: one owner at a time.
