// SPDX-License-Identifier: Apache-2.0
//
// A recording in memory, being written.

/// Gathers bytes in memory.
public final class MemorySink: ByteSink {
  /// Everything written so far.
  public private(set) var bytes: [UInt8] = []

  public init() {}

  /// Begins anew, and keeps the memory.
  package func removeAll() { bytes.removeAll(keepingCapacity: true) }

  public func write(_ bytes: Span<UInt8>) throws(FileError) {
    self.bytes.append(bytes)
  }

  public func sync() throws(FileError) {}
}
