// SPDX-License-Identifier: Apache-2.0
//
// Where a writer's bytes go.

/// Takes the bytes of a recording, in order: a file, a pipe, a socket, memory.
///
/// One thread at a time.
public protocol ByteSink: AnyObject {
  /// Hands bytes over as a whole: after an error none of them count as written, and where the sink
  /// can go back (a file), what was written of them is gone.
  func write(_ bytes: Span<UInt8>) throws(FileError)

  /// Makes all bytes written so far survive a loss of power, where the sink can.
  func sync() throws(FileError)
}
