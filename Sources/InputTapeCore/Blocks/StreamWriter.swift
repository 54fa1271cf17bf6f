// SPDX-License-Identifier: Apache-2.0
//
// The streams of a section, each stored in the shortest way (Specs/Encodings.md, section 2).

/// How the bytes of a stream are stored.
enum StreamStorage: UInt8 {
  case raw = 0
  case constant = 1
  case compressed = 2
}

/// Collects a section: numbers and streams.
struct StreamWriter {
  var bytes = ByteWriter()
  /// How streams are compressed; nil keeps them as they are.
  var codec: StreamCodec?
  let compressor: Compressor
  private var packed: [UInt8] = []

  init(compressor: Compressor) { self.compressor = compressor }

  /// Appends a stream whose length the reader knows.
  mutating func appendStream(_ stream: [UInt8]) {
    if let first = stream.first, stream.count > 1, stream.allSatisfy({ $0 == first }) {
      bytes.appendVarint(UInt64(1 << 2 | UInt64(StreamStorage.constant.rawValue)))
      bytes.append(first)
      return
    }
    if let codec, stream.count > 8 {
      packed.removeAll(keepingCapacity: true)
      let count = compressor.append(stream.span, codec: codec, to: &packed)
      if count < stream.count {
        bytes.appendVarint(UInt64(count) << 2 | UInt64(StreamStorage.compressed.rawValue))
        bytes.append(packed)
        return
      }
    }
    appendRawStream(stream)
  }

  /// Appends a stream that compression would not make shorter.
  mutating func appendRawStream(_ stream: some Collection<UInt8>) {
    bytes.appendVarint(UInt64(stream.count) << 2 | UInt64(StreamStorage.raw.rawValue))
    bytes.append(stream)
  }
}

/// How streams are compressed.
enum StreamCodec {
  /// At a level, or at the best of two quick ones.
  case zstd(level: Int?)
  case deflate(level: Int)
}

extension Compressor {
  /// The level that looks for matches.
  private static let standardLevel = 1

  /// Appends compressed bytes and returns their count.
  func append(_ bytes: Span<UInt8>, codec: StreamCodec, to output: inout [UInt8]) -> Int {
    switch codec {
    case .zstd(nil): appendBest(bytes, level: Self.standardLevel, to: &output)
    case .zstd(let level?): appendZstd(bytes, level: level, to: &output)
    case .deflate(let level): appendDeflate(bytes, level: level, to: &output)
    }
  }
}
