// SPDX-License-Identifier: Apache-2.0
//
// The streams of a section, from bytes that nobody has checked yet (Specs/Encodings.md, section 2).
//
// Invariant: no stream is longer than its caller allows, and all together than the limit.

/// Reads numbers and streams of a section.
struct StreamReader: ~Escapable {
  var bytes: ByteReader
  let form: SectionForm
  let decompressor: Decompressor
  let models: ModelDecoder
  private var rawBytesLeft = Limits.rawByteCount
  /// Whether these are the streams of one whose tokens stand two by two.
  private var isTwins = false

  @_lifetime(copy bytes)
  init(_ bytes: ByteReader, form: SectionForm, decompressor: Decompressor, models: ModelDecoder) {
    self.bytes = bytes
    self.form = form
    self.decompressor = decompressor
    self.models = models
  }

  /// Reads a stream of a known length.
  mutating func readStream(count: Int, into stream: inout [UInt8]) throws(FormatError) {
    guard count <= rawBytesLeft else { throw bytes.error(.limitExceeded) }
    rawBytesLeft -= count
    let error = bytes.error(.malformed)
    let (storage, storedCount) = try readStreamHeader()
    let stored = try bytes.readSpan(count: storedCount)
    switch storage {
    case .raw:
      guard storedCount == count else { throw error }
      stream.resize(forAll: count)
      for index in 0..<count { stream[index] = stored[index] }
    case .constant:
      guard storedCount == 1 else { throw error }
      stream.removeAll(keepingCapacity: true)
      stream.append(contentsOf: repeatElement(stored[0], count: count))
    case .compressed:
      stream.resize(forAll: count)
      let isWhole =
        switch form {
        case .zstd: decompressor.decompressZstd(stored, into: &stream)
        case .deflate: decompressor.inflateRaw(stored, into: &stream)
        case .plain, .adaptive: false
        }
      guard isWhole else { throw FormatError(.decompression, at: error.position) }
    case .modelled:
      guard form == .zstd else { throw FormatError(.unsupportedEncoding, at: error.position) }
      stream.resize(forAll: count)
      if stored.count > 0, stored[0] == TokenTwins.form {
        try readTwins(stored, at: error.position, into: &stream)
      } else {
        try models.decode(stored, at: error.position, into: &stream)
      }
    }
  }

  /// Fills `tokens` from a stream of twins.
  private func readTwins(
    _ stored: Span<UInt8>, at position: UInt64, into tokens: inout [UInt8]
  ) throws(FormatError) {
    let malformed = FormatError(.malformed, at: position)
    guard !isTwins else { throw FormatError(.unsupportedEncoding, at: position) }
    var input = StreamReader(
      ByteReader(stored, at: position), form: form, decompressor: decompressor, models: models)
    input.isTwins = true
    var twins = models.twins.take()
    defer { models.twins.keep(twins) }
    var others = models.others.take()
    defer { models.others.keep(others) }
    do throws(FormatError) {
      _ = try input.bytes.readUInt8()
      let count = Int(try input.bytes.readUInt8())
      guard TokenTwins.namedCounts.contains(count) else { throw malformed }
      let names = TokenTwins(named: try input.bytes.readBytes(count: count))
      try input.readStream(count: TokenTwins.count(of: tokens.count), into: &twins)
      guard let otherCount = names.otherCount(in: twins, of: tokens.count) else { throw malformed }
      try input.readStream(count: otherCount, into: &others)
      guard input.bytes.remaining == 0, names.split(twins, others: others, into: &tokens) else {
        throw malformed
      }
    } catch {
      throw error.code == .truncated ? malformed : error
    }
  }

  /// Reads tokens, in lots where there are some.
  mutating func readTokens(
    count: Int, lots: EventMarks?, into tokens: inout [UInt8]
  ) throws(FormatError) {
    guard let lots else { return try readStream(count: count, into: &tokens) }
    tokens.resize(forAll: count)
    var lot = models.lot.take()
    defer { models.lot.keep(lot) }
    for number in EventMarks.lots {
      // Room for what `join` puts behind, so that it does not move the lot.
      let lotCount = lots.count(of: number)
      lot.removeAll(keepingCapacity: true)
      lot.reserveCapacity(lotCount + EventMarks.slack)
      try readStream(count: lotCount, into: &lot)
      lots.join(&lot, lot: number, into: &tokens)
    }
  }

  /// Reads a raw stream of bits.
  @_lifetime(copy self)
  mutating func readRawStream() throws(FormatError) -> Span<UInt8> {
    let error = bytes.error(.malformed)
    let (storage, storedCount) = try readStreamHeader()
    guard storage == .raw else { throw error }
    return try bytes.readSpan(count: storedCount)
  }

  /// Passes over a stream.
  mutating func skipStream() throws(FormatError) {
    let (_, storedCount) = try readStreamHeader()
    _ = try bytes.readSpan(count: storedCount)
  }

  private mutating func readStreamHeader() throws(FormatError) -> (StreamStorage, Int) {
    let error = bytes.error(.malformed)
    let header = try bytes.readVarint()
    guard let storage = StreamStorage(rawValue: UInt8(header & 3)) else { throw error }
    guard header >> 2 <= UInt64(bytes.remaining) else { throw bytes.error(.truncated) }
    return (storage, Int(header >> 2))
  }
}
