// SPDX-License-Identifier: Apache-2.0
//
// A sink of C callbacks.

import CInputTape
import InputTape

/// Hands a recording's bytes to callbacks.
final class CallbackSink: ByteSink {
  private let sink: itape_sink

  init(_ sink: itape_sink) { self.sink = sink }

  deinit { sink.release?(sink.context) }

  func write(_ bytes: Span<UInt8>) throws(FileError) {
    // Safe: the bytes live for the call, and their count is passed with them.
    let code = unsafe bytes.withUnsafeBytes { buffer in
      unsafe sink.write?(sink.context, buffer.baseAddress, buffer.count) ?? 0
    }
    guard code == 0 else { throw .system(operation: "write to the callback", code: code) }
  }

  func sync() throws(FileError) {
    let code = sink.sync?(sink.context) ?? 0
    guard code == 0 else { throw .system(operation: "sync by the callback", code: code) }
  }
}
