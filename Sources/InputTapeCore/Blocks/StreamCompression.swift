// SPDX-License-Identifier: Apache-2.0
//
// Zstandard (RFC 8878) and gzip (RFC 1952) as streams, for text beside recordings.
//
// Invariant: `consumed` and the returned count never pass the ends of the spans they refer to.

import CZlib
import CZstd

/// A format of compressed streams.
package enum StreamFormat: Sendable {
  case zstd
  case gzip
}

/// Decompresses a stream piece by piece; several frames or members in a row are one stream.
package final class StreamDecompressor {
  private let format: StreamFormat
  private let zstd: OpaquePointer?
  private var zlib = unsafe z_stream()
  /// Whether the input so far ends where a frame ends.
  package private(set) var isAtFrameEnd = true

  package init(_ format: StreamFormat) {
    self.format = format
    switch format {
    case .zstd:
      zstd = unsafe ZSTD_createDCtx()
      // 128 MiB, the most that the zstd command itself accepts without being asked.
      _ = unsafe ZSTD_DCtx_setParameter(zstd, ZSTD_d_windowLogMax, 27)
    case .gzip:
      zstd = nil
      _ = unsafe itape_inflate_init(&zlib, 15 + 16)
    }
  }

  deinit {
    _ = unsafe ZSTD_freeDCtx(zstd)
    if format == .gzip { _ = unsafe inflateEnd(&zlib) }
  }

  /// Decompresses from `input` to `output` until one of them is used up.
  ///
  /// - Parameters:
  ///   - consumed: how many bytes of `input` were used.
  ///   - output: keeps its length; its bytes from `offset` on are written.
  /// - Returns: how many bytes of `output` were written.
  /// - Throws: `decompression`, at the offset in `input`.
  package func decompress(
    _ input: Span<UInt8>, consumed: inout Int, into output: inout [UInt8], at offset: Int
  ) throws(FormatError) -> Int {
    precondition((0...output.count).contains(offset), "An offset must be within the output")
    return switch format {
    case .zstd: try decompressZstd(input, &consumed, &output, offset)
    case .gzip: try decompressGzip(input, &consumed, &output, offset)
    }
  }

  private func decompressZstd(
    _ input: Span<UInt8>, _ consumed: inout Int, _ output: inout [UInt8], _ offset: Int
  ) throws(FormatError) -> Int {
    // Without input zstd would ask for the next frame, which need not come.
    guard !isAtFrameEnd || !input.isEmpty else {
      consumed = 0
      return 0
    }
    var result = 0
    var used = 0
    var written = 0
    // Safe: both buffers live for the call, and zstd stays within `size` from `pos` on.
    unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBytes { target in
        var from = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        var to = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: offset)
        result = unsafe ZSTD_decompressStream(zstd, &to, &from)
        used = unsafe from.pos
        written = unsafe to.pos - offset
      }
    }
    consumed = used
    guard ZSTD_isError(result) == 0 else { throw FormatError(.decompression, at: UInt64(used)) }
    isAtFrameEnd = result == 0
    return written
  }

  private func decompressGzip(
    _ input: Span<UInt8>, _ consumed: inout Int, _ output: inout [UInt8], _ offset: Int
  ) throws(FormatError) -> Int {
    consumed = 0
    if isAtFrameEnd, !input.isEmpty { _ = unsafe inflateReset(&zlib) }
    var used = 0
    var written = 0
    // Safe: both buffers live for the call; zlib stays within `avail_in` and `avail_out`, and
    // reads `next_in` only.
    let status = unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBytes { target in
        unsafe zlib.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        unsafe zlib.avail_in = UInt32(clamping: source.count)
        let room = unsafe UnsafeMutableRawBufferPointer(rebasing: target[offset...])
        unsafe zlib.next_out = room.bindMemory(to: UInt8.self).baseAddress
        unsafe zlib.avail_out = UInt32(clamping: room.count)
        let offered = unsafe (zlib.avail_in, zlib.avail_out)
        let status = unsafe inflate(&zlib, Z_NO_FLUSH)
        used = unsafe Int(offered.0 - zlib.avail_in)
        written = unsafe Int(offered.1 - zlib.avail_out)
        return status
      }
    }
    consumed = used
    switch status {
    case Z_STREAM_END: isAtFrameEnd = true
    case Z_OK: isAtFrameEnd = false
    case Z_BUF_ERROR: break
    default: throw FormatError(.decompression, at: UInt64(used))
    }
    return written
  }
}

@available(*, unavailable)
extension StreamDecompressor: Sendable {}  // Owns a context: one owner at a time.

/// Compresses a stream piece by piece into one frame or member.
package final class StreamCompressor {
  private let format: StreamFormat
  private let zstd: OpaquePointer?
  private var zlib = unsafe z_stream()

  /// - Parameter level: 1 to 19 for Zstandard, 1 to 9 for gzip; nil for the format's own default.
  package init(_ format: StreamFormat, level: Int? = nil) {
    self.format = format
    switch format {
    case .zstd:
      zstd = unsafe ZSTD_createCCtx()
      let level = Int32(clamping: level ?? 3)
      _ = unsafe ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, level)
      _ = unsafe ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1)
    case .gzip:
      zstd = nil
      _ = unsafe itape_gzip_init(&zlib, Int32(clamping: level ?? 6))
    }
  }

  deinit {
    _ = unsafe ZSTD_freeCCtx(zstd)
    if format == .gzip { _ = unsafe deflateEnd(&zlib) }
  }

  /// What a call of `compress` is to achieve.
  package enum Step: Sendable {
    /// Take input; give output when there is enough of it.
    case more
    /// Give all output there is, so that a reader can read up to here.
    case flush
    /// End the frame.
    case end
  }

  /// Compresses from `input` to `output` until one of them is used up.
  ///
  /// - Parameters:
  ///   - consumed: how many bytes of `input` were used.
  ///   - output: keeps its length; is written from its start on.
  /// - Returns: how many bytes of `output` were written, and whether the step is done: all input
  ///   taken and, for `flush` and `end`, all output given.
  package func compress(
    _ input: Span<UInt8>, consumed: inout Int, into output: inout [UInt8], step: Step
  ) -> (written: Int, isDone: Bool) {
    switch format {
    case .zstd: compressZstd(input, &consumed, &output, step)
    case .gzip: compressGzip(input, &consumed, &output, step)
    }
  }

  private func compressZstd(
    _ input: Span<UInt8>, _ consumed: inout Int, _ output: inout [UInt8], _ step: Step
  ) -> (written: Int, isDone: Bool) {
    let directive =
      switch step {
      case .more: ZSTD_e_continue
      case .flush: ZSTD_e_flush
      case .end: ZSTD_e_end
      }
    var left = 0
    var used = 0
    var written = 0
    // Safe: both buffers live for the call, and zstd stays within `size` from `pos` on.
    unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        var from = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        var to = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        left = unsafe ZSTD_compressStream2(zstd, &to, &from, directive)
        used = unsafe from.pos
        written = unsafe to.pos
      }
    }
    precondition(ZSTD_isError(left) == 0, "A compression context must have memory")
    consumed = used
    return (written, used == input.count && (step == .more || left == 0))
  }

  private func compressGzip(
    _ input: Span<UInt8>, _ consumed: inout Int, _ output: inout [UInt8], _ step: Step
  ) -> (written: Int, isDone: Bool) {
    let flush =
      switch step {
      case .more: Z_NO_FLUSH
      case .flush: Z_SYNC_FLUSH
      case .end: Z_FINISH
      }
    var used = 0
    var written = 0
    var room: UInt32 = 0
    // Safe: both buffers live for the call; zlib stays within `avail_in` and `avail_out`, and
    // reads `next_in` only.
    let status = unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe zlib.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        unsafe zlib.avail_in = UInt32(clamping: source.count)
        unsafe zlib.next_out = target.baseAddress
        unsafe zlib.avail_out = UInt32(clamping: target.count)
        let offered = unsafe (zlib.avail_in, zlib.avail_out)
        let status = unsafe deflate(&zlib, flush)
        used = unsafe Int(offered.0 - zlib.avail_in)
        room = unsafe zlib.avail_out
        written = Int(offered.1 - room)
        return status
      }
    }
    consumed = used
    let isDone = step == .end ? status == Z_STREAM_END : used == input.count && room > 0
    return (written, isDone)
  }
}

@available(*, unavailable)
extension StreamCompressor: Sendable {}  // Owns a context: one owner at a time.
