// SPDX-License-Identifier: Apache-2.0
//
// Streams to Zstandard frames and DEFLATE streams, and back (Specs/Encodings.md, section 2): the
// only user of CZstd and CZlib in one shot.
//
// Invariant: a decompressed stream has exactly its declared length, and its bytes end with it.

import CZlib
import CZstd

/// Compresses streams; owns its contexts.
package final class Compressor {
  private let zstd: OpaquePointer?
  private var trial: [UInt8] = []

  package init() {
    unsafe zstd = ZSTD_createCCtx()
    precondition(zstd != nil, "Memory for a Zstandard context")
    // A frame without magic, checksum and dictionary id; its content size is written.
    unsafe ZSTD_CCtx_setParameter(
      zstd, ZSTD_c_experimentalParam2, CInt(ZSTD_f_zstd1_magicless.rawValue))
    unsafe ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 0)
    unsafe ZSTD_CCtx_setParameter(zstd, ZSTD_c_dictIDFlag, 0)
  }

  deinit { unsafe ZSTD_freeCCtx(zstd) }

  /// The versions of the libraries: another one may choose other bytes for the same.
  package static var libraryVersions: String {
    // Safe: the string lives as long as the library.
    unsafe "zstd \(ZSTD_versionNumber()), zlib \(String(cString: zlibVersion()))"
  }

  /// Appends `bytes` as one magicless Zstandard frame.
  ///
  /// - Returns: how many bytes were appended.
  package func appendZstd(_ bytes: Span<UInt8>, level: Int, to output: inout [UInt8]) -> Int {
    unsafe ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, CInt(level))
    // The literals of a negative level are coded, too: its purpose is to look for no matches.
    unsafe ZSTD_CCtx_setParameter(
      zstd, ZSTD_c_experimentalParam5, CInt(level < 0 ? ZSTD_ps_enable.rawValue : 0))
    let start = output.count
    output.append(addingCapacity: ZSTD_compressBound(bytes.count)) {
      (target: inout OutputSpan<UInt8>) in
      // Safe: both buffers live for the call, their counts are passed with them, and as many bytes
      // are taken as were written.
      unsafe target.withUnsafeMutableBufferPointer { target, count in
        count = unsafe bytes.withUnsafeBytes { source in
          unsafe ZSTD_compress2(
            zstd, target.baseAddress, target.count, source.baseAddress, source.count)
        }
        precondition(ZSTD_isError(count) == 0, "Compression into enough room cannot fail")
      }
    }
    return output.count - start
  }

  /// A level that codes literals and looks for no matches.
  package static let literalLevel = -131_072

  /// Appends `bytes` at the better of a level and `literalLevel`.
  ///
  /// The first bytes tell which; where they are not clear, both are tried on all.
  package func appendBest(_ bytes: Span<UInt8>, level: Int, to output: inout [UInt8]) -> Int {
    if bytes.count < Self.leastLiteralCount { return appendZstd(bytes, level: level, to: &output) }
    let sample = bytes.extracting(0..<min(bytes.count, Self.sampleByteCount))
    trial.removeAll(keepingCapacity: true)
    let matched = appendZstd(sample, level: level, to: &trial)
    let literal = appendZstd(sample, level: Self.literalLevel, to: &trial)
    if sample.count == bytes.count {
      output += literal < matched ? trial[matched...] : trial[..<matched]
      return min(literal, matched)
    }
    if literal >= matched { return appendZstd(bytes, level: level, to: &output) }
    if literal + literal / 6 < matched {
      return appendZstd(bytes, level: Self.literalLevel, to: &output)
    }
    // Matches reach further in all of a stream than in its first bytes.
    trial.removeAll(keepingCapacity: true)
    let whole = appendZstd(bytes, level: Self.literalLevel, to: &trial)
    let written = appendZstd(bytes, level: level, to: &output)
    if written <= whole { return written }
    output.removeLast(written)
    output.append(contentsOf: trial)
    return whole
  }

  private static let sampleByteCount = 8_192
  /// Zstandard codes no fewer literals.
  private static let leastLiteralCount = 64

  /// Appends `bytes` without matches, unless they are few or those in a part of them save a twelfth
  /// and more.
  package func appendQuick(_ bytes: Span<UInt8>, to output: inout [UInt8]) -> Int {
    guard bytes.count > 8 * Self.quickByteCount else {
      return appendZstd(bytes, level: Self.standardLevel, to: &output)
    }
    let start = max((bytes.count - Self.quickByteCount) / 2, 0)
    let sample = bytes.extracting(start..<min(start + Self.quickByteCount, bytes.count))
    let enough = (sample.count + 15) / 16
    guard Repeats.saved(in: sample, price: Self.repeatPrice, enough: enough) >= enough else {
      return appendZstd(bytes, level: Self.literalLevel, to: &output)
    }
    trial.removeAll(keepingCapacity: true)
    let matched = appendZstd(sample, level: Self.standardLevel, to: &trial)
    let literal = appendZstd(sample, level: Self.literalLevel, to: &trial)
    // Codes take a bit a byte at least: what is next to constant is shorter as repeats.
    let repeats = matched + literal / 12 < literal || literal < sample.count / 7
    let level = repeats ? Self.standardLevel : Self.literalLevel
    return appendZstd(bytes, level: level, to: &output)
  }

  private static let quickByteCount = 2_048
  /// A repeat takes some 18 bits, as much as so many bytes of four bits and a half.
  private static let repeatPrice = 4

  /// Appends `bytes` as one raw DEFLATE stream.
  ///
  /// - Returns: how many bytes were appended.
  package func appendDeflate(_ bytes: Span<UInt8>, level: Int, to output: inout [UInt8]) -> Int {
    var stream = z_stream()
    let status = unsafe itape_deflate_init(&stream, CInt(level))
    precondition(status == Z_OK, "Memory for a DEFLATE context")
    let start = output.count
    let bound = Int(unsafe deflateBound(&stream, UInt(bytes.count)))
    output.append(contentsOf: repeatElement(0, count: bound))
    // Safe: both buffers live for the call; the counts fit, as a section has at most 4 MiB.
    unsafe output.withUnsafeMutableBufferPointer { target in
      unsafe bytes.withUnsafeBufferPointer { source in
        unsafe stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        stream.avail_in = UInt32(source.count)
        unsafe stream.next_out = target.baseAddress.map { unsafe $0 + start }
        stream.avail_out = UInt32(bound)
        let ended = unsafe deflate(&stream, Z_FINISH)
        precondition(ended == Z_STREAM_END, "Compression into enough room cannot fail")
      }
    }
    let written = Int(stream.total_out)
    unsafe deflateEnd(&stream)
    output.removeLast(bound - written)
    return written
  }
}

@available(*, unavailable)
extension Compressor: Sendable {}  // Owns contexts: one owner at a time.

/// Decompresses streams from untrusted bytes; owns its contexts.
package final class Decompressor {
  /// Made when the first frame comes: many recordings have none.
  private var zstd: OpaquePointer?

  package init() {}

  deinit { unsafe ZSTD_freeDCtx(zstd) }

  private func makeContext() -> OpaquePointer? {
    let context = unsafe ZSTD_createDCtx()
    precondition(context != nil, "Memory for a Zstandard context")
    unsafe ZSTD_DCtx_setParameter(
      context, ZSTD_d_experimentalParam1, CInt(ZSTD_f_zstd1_magicless.rawValue))
    unsafe zstd = context
    return unsafe context
  }

  /// Fills `target` from one magicless Zstandard frame that is all of `bytes`.
  ///
  /// - Returns: whether the frame has the form that is allowed and holds exactly `target.count`
  ///   bytes.
  package func decompressZstd(_ bytes: Span<UInt8>, into target: inout [UInt8]) -> Bool {
    let count = target.count
    guard ZstdFrame.isAllowed(bytes, contentByteCount: count) else { return false }
    let context = unsafe zstd ?? makeContext()
    // Safe: both buffers live for the call, and their counts are passed with them.
    let written = unsafe target.withUnsafeMutableBytes { target in
      unsafe bytes.withUnsafeBytes { source in
        unsafe ZSTD_decompressDCtx(
          context, target.baseAddress, target.count, source.baseAddress, source.count)
      }
    }
    return ZSTD_isError(written) == 0 && written == count
  }

  /// Fills `target` from one raw DEFLATE stream that is all of `bytes`.
  ///
  /// - Returns: whether the stream ends with `bytes` and holds exactly `target.count` bytes.
  package func inflateRaw(_ bytes: Span<UInt8>, into target: inout [UInt8]) -> Bool {
    var stream = z_stream()
    guard unsafe itape_inflate_init(&stream, -15) == Z_OK else { return false }
    defer { unsafe inflateEnd(&stream) }
    let count = target.count
    // Safe: both buffers live for the call; the counts fit, as the caller has limited them.
    return unsafe target.withUnsafeMutableBufferPointer { target in
      unsafe bytes.withUnsafeBufferPointer { source in
        unsafe stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        stream.avail_in = UInt32(source.count)
        unsafe stream.next_out = target.baseAddress
        stream.avail_out = UInt32(count)
        let status = unsafe inflate(&stream, Z_FINISH)
        return status == Z_STREAM_END && stream.avail_in == 0 && stream.avail_out == 0
      }
    }
  }
}

@available(*, unavailable)
extension Decompressor: Sendable {}  // Owns contexts: one owner at a time.
