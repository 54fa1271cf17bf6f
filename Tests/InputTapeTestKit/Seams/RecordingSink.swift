// SPDX-License-Identifier: Apache-2.0
//
// A sink that remembers each write by itself.

import InputTape

/// Keeps the bytes of each write, and how many writes came before each sync.
public final class RecordingSink: ByteSink {
  public private(set) var writes: [[UInt8]] = []
  public private(set) var syncs: [Int] = []

  public init() {}

  /// Everything that was written.
  public var bytes: [UInt8] { writes.flatMap { $0 } }

  public func write(_ bytes: Span<UInt8>) throws(FileError) {
    var copy: [UInt8] = []
    for index in bytes.indices { copy.append(bytes[index]) }
    writes.append(copy)
  }

  public func sync() throws(FileError) { syncs.append(writes.count) }
}
