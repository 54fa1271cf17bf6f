// SPDX-License-Identifier: Apache-2.0
//
// The streams of a section, each stored in the shortest way (Specs/Encodings.md, section 2).

/// How the bytes of a stream are stored.
enum StreamStorage: UInt8 {
  case raw = 0
  case constant = 1
  case compressed = 2
  case modelled = 3
}

/// Collects a section: numbers and streams.
struct StreamWriter {
  var bytes = ByteWriter()
  /// How streams are compressed; nil keeps them as they are.
  var codec: StreamCodec?
  let compressor: Compressor
  /// Codes tokens by statistics of their own; nil leaves them to the codec.
  var models: ModelEncoder?
  /// Where columns put their bits before they are streams.
  let bits: BitRoom
  /// Room for what is compressed before it is appended.
  var packed: [UInt8]

  /// - Parameters:
  ///   - bytes: memory for the section.
  ///   - packed: memory for a part of it.
  init(compressor: Compressor, bits: BitRoom, bytes: [UInt8], packed: [UInt8]) {
    self.compressor = compressor
    self.bits = bits
    self.bytes.bytes = bytes
    self.packed = packed
  }

  /// Compresses all that is there into `packed`, and returns how many bytes that has.
  mutating func pack(_ codec: StreamCodec) -> Int {
    let all = bytes.bytes
    packed.removeAll(keepingCapacity: true)
    return compressor.append(all.span, codec: codec, to: &packed)
  }

  /// Appends a stream whose length the reader knows.
  ///
  /// - Parameter kind: what its tokens are, if they are tokens.
  mutating func appendStream(_ stream: [UInt8], kind: TokenKind? = nil) {
    guard let models, let kind, TwinChoice.isPossible(stream.count, kind) else {
      return appendSingles(stream, kind: kind)
    }
    let counts = models.takeSample(of: stream)
    if let twins = TwinChoice.names(counts) {
      append(twins, of: stream, kind: kind, by: models)
    } else {
      appendSingles(stream, kind: kind, counts: counts)
    }
  }

  /// Appends a stream as two: of its tokens two by two, and of those that have no name there.
  private mutating func append(
    _ twins: TokenTwins, of stream: [UInt8], kind: TokenKind, by models: ModelEncoder
  ) {
    var joined = models.twins.take()
    defer { models.twins.keep(joined) }
    var others = models.others.take()
    defer { models.others.keep(others) }
    twins.join(stream.span, into: &joined, others: &others)
    var outer = ByteWriter()
    swap(&outer, &bytes)
    bytes.append(TokenTwins.form)
    bytes.append(UInt8(twins.named.count))
    bytes.append(twins.named)
    appendSingles(joined, kind: .twins)
    appendSingles(others, kind: kind)
    swap(&outer, &bytes)
    append(outer.bytes, stored: .modelled)
  }

  /// Appends a stream of tokens one by one.
  ///
  /// - Parameter counts: those of its sample, if that is the last one that was taken.
  private mutating func appendSingles(
    _ stream: [UInt8], kind: TokenKind?, counts: TokenCounts? = nil
  ) {
    if let first = stream.first, stream.count > 1, stream.allSatisfy({ $0 == first }) {
      appendHeader(1, .constant)
      bytes.append(first)
      return
    }
    if let models, let kind, stream.count > Self.modelledCount, isModelled(kind),
      appendModelled(stream, models.plan(stream, kind: kind, counts: counts), by: models)
    {
      return
    }
    if let codec, stream.count > 8 {
      packed.removeAll(keepingCapacity: true)
      let count = compressor.append(stream.span, codec: codec, to: &packed)
      if count < stream.count {
        return append(packed, stored: .compressed)
      }
    }
    append(stream, stored: .raw)
  }

  /// Whether tokens are coded by statistics of their own: twins always are, as a code of a bit at
  /// least is long for them.
  private func isModelled(_ kind: TokenKind) -> Bool {
    if case .quickZstd = codec { kind == .twins } else { true }
  }

  /// Appends tokens, in lots where there are some.
  mutating func appendTokens(_ tokens: [UInt8], kind: TokenKind, lots: EventMarks?) {
    guard let lots else { return appendStream(tokens, kind: kind) }
    var lot: [UInt8] = []
    for number in EventMarks.lots {
      lots.split(tokens, lot: number, into: &lot)
      appendStream(lot, kind: kind)
    }
  }

  /// Shorter streams are not worth statistics.
  private static let modelledCount = 64
  /// So many bytes show whether a stream repeats itself.
  private static let trialCount = 2_048
  /// Of so many bytes repeats must save so many of 64 parts, or a compressor that finds them is not
  /// shorter by an eighth, as all else has one table there.
  private static let repeatCount = 1_024
  private static let repeatShare = 10
  /// Of a stream of fewer bytes, lanes' states are more than an eighth.
  private static let repeatlessByteCount = 192

  /// Appends a stream as planned; false where compression is shorter.
  private mutating func appendModelled(
    _ stream: [UInt8], _ plan: ModelEncoder.Plan, by models: ModelEncoder
  ) -> Bool {
    guard plan.byteCount < stream.count else { return false }
    let start = max((stream.count - Self.trialCount) / 2, 0)
    let trial = stream.span.extracting(start..<min(start + Self.trialCount, stream.count))
    if mayBeShorter(trial, of: stream.count, plan) {
      packed.removeAll(keepingCapacity: true)
      let count = compressor.appendZstd(trial, level: Compressor.standardLevel, to: &packed)
      // Where repeats are found, they may reach further in all of the stream.
      guard count * stream.count * 8 > plan.byteCount * trial.count * 7 else { return false }
    }
    packed.removeAll(keepingCapacity: true)
    models.encode(plan, to: &packed)
    append(packed, stored: .modelled)
    return true
  }

  /// Whether a compressor that finds repeats could be shorter than a plan by an eighth.
  private func mayBeShorter(
    _ trial: Span<UInt8>, of count: Int, _ plan: ModelEncoder.Plan
  ) -> Bool {
    guard plan.byteCount >= Self.repeatlessByteCount else { return true }
    let some = trial.extracting(first: Self.repeatCount)
    // A repeat takes some 18 bits.
    let price = 18 * count / (8 * plan.byteCount)
    let enough = (some.count * Self.repeatShare + 63) / 64
    return Repeats.saved(in: some, price: price, enough: enough) >= enough
  }

  /// Appends a stream as it is stored.
  private mutating func append(_ stream: [UInt8], stored storage: StreamStorage) {
    appendHeader(stream.count, storage)
    bytes.append(stream)
  }

  private mutating func appendHeader(_ count: Int, _ storage: StreamStorage) {
    bytes.appendVarint(UInt64(count) << 2 | UInt64(storage.rawValue))
  }

  /// Appends the first bytes of `bits` as a stream.
  mutating func appendBits(_ used: Int) {
    appendHeader(used, .raw)
    bits.withPrefix(used) { bytes.bytes.append($0) }
  }
}

/// How streams are compressed.
enum StreamCodec {
  /// At a level, or at the best of two quick ones.
  case zstd(level: Int?)
  /// Without matches, unless they save much.
  case quickZstd
  case deflate(level: Int)
}

extension Compressor {
  /// The level that looks for matches.
  static let standardLevel = 1

  /// Appends compressed bytes and returns their count.
  func append(_ bytes: Span<UInt8>, codec: StreamCodec, to output: inout [UInt8]) -> Int {
    switch codec {
    case .zstd(nil): appendBest(bytes, level: Self.standardLevel, to: &output)
    case .quickZstd: appendQuick(bytes, to: &output)
    case .zstd(let level?): appendZstd(bytes, level: level, to: &output)
    case .deflate(let level): appendDeflate(bytes, level: level, to: &output)
    }
  }
}
