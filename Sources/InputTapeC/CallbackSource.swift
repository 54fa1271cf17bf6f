// SPDX-License-Identifier: Apache-2.0
//
// A source of C callbacks.

import CInputTape
import InputTape

/// Reads a recording's bytes through callbacks.
///
/// Safe to share as far as the callbacks are: the library reads on the thread that calls it.
final class CallbackSource: ByteSource, @unchecked Sendable {
  private let source: itape_source

  init(_ source: itape_source) { self.source = source }

  deinit { source.release?(source.context) }

  func byteCount() throws(FileError) -> UInt64 {
    var count: UInt64 = 0
    let code = source.size?(source.context, &count) ?? 0
    guard code == 0 else { throw .system(operation: "ask the callback for the size", code: code) }
    return count
  }

  func read(
    at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(FileError) {
    buffer.removeAll(keepingCapacity: true)
    let size = try byteCount()
    guard position < size, count > 0 else { return }
    let wanted = Int(min(UInt64(count), size - position))
    buffer.append(contentsOf: repeatElement(0, count: wanted))
    var filled = 0
    while filled < wanted {
      let got = try readSome(at: position + UInt64(filled), into: &buffer, from: filled)
      if got == 0 { break }
      filled += got
    }
    buffer.removeLast(wanted - filled)
  }

  private func readSome(
    at position: UInt64, into buffer: inout [UInt8], from offset: Int
  ) throws(FileError) -> Int {
    let room = buffer.count - offset
    var got = 0
    // Safe: the callback may write `room` bytes behind `offset`.
    let code = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe source.read?(
        source.context, position, bytes.baseAddress.map { unsafe $0 + offset }, room, &got) ?? 0
    }
    guard code == 0 else { throw .system(operation: "read from the callback", code: code) }
    guard got <= room else {
      throw .system(operation: "read from the callback, which gave too much", code: EOVERFLOW)
    }
    return got
  }
}
