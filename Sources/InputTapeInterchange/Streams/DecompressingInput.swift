// SPDX-License-Identifier: Apache-2.0
//
// A compressed stream of bytes, decompressed.

import InputTapeCore

/// The compression of a stream of text.
@frozen
public enum TextCompression: Sendable {
  case zstd
  case gzip

  var format: StreamFormat {
    switch self {
    case .zstd: .zstd
    case .gzip: .gzip
    }
  }
}

/// A compressed stream of bytes, decompressed as it is read.
///
/// A stream that ends within a frame, or does not decompress, throws `FormatError` with its
/// position in the compressed bytes.
public struct DecompressingInput: ByteInput {
  private var base: any ByteInput
  private let decompressor: StreamDecompressor
  private var piece = [UInt8](repeating: 0, count: 128 << 10)
  private var start = 0
  private var end = 0
  private var position: UInt64 = 0
  private var isAtEnd = false

  public init(_ base: any ByteInput, _ compression: TextCompression) {
    self.base = base
    decompressor = StreamDecompressor(compression.format)
  }

  public mutating func read(into buffer: inout [UInt8], at offset: Int) throws -> Int {
    while true {
      if start == end, !isAtEnd { try readPiece() }
      var consumed = 0
      let written: Int
      do {
        let bytes = piece.span.extracting(start..<end)
        written = try decompressor.decompress(
          bytes, consumed: &consumed, into: &buffer, at: offset)
      } catch {
        throw FormatError(error.code, at: position &+ error.position)
      }
      start += consumed
      position &+= UInt64(consumed)
      if written > 0 { return written }
      guard isAtEnd, start == end else { continue }
      guard decompressor.isAtFrameEnd else { throw FormatError(.truncated, at: position) }
      return 0
    }
  }

  private mutating func readPiece() throws {
    start = 0
    end = 0
    let count = try base.read(into: &piece, at: 0)
    precondition((0...piece.count).contains(count), "An input gives at most what it is asked for")
    end = count
    isAtEnd = count == 0
  }
}

@available(*, unavailable)
extension DecompressingInput: Sendable {}  // Owns a context: one owner at a time.
