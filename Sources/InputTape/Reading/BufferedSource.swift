// SPDX-License-Identifier: Apache-2.0
//
// A source whose small reads cost no call of the system each: a million records of a few bytes
// are verified in the time that their bytes take.

import InputTapeCore

/// Reads ahead for one walk from record to record; what is large goes past the window.
final class BufferedSource: ByteSource, @unchecked Sendable {
  private let source: any ByteSource
  private let monitor = Monitor()
  /// With the lock held.
  private var window: WindowedSource

  private static let smallByteCount = 1 << 14

  init(_ source: any ByteSource) throws(FileError) {
    self.source = source
    window = try WindowedSource(source)
  }

  func byteCount() throws(FileError) -> UInt64 { try source.byteCount() }

  func read(
    at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(FileError) {
    guard count <= Self.smallByteCount else {
      return try source.read(at: position, count: count, into: &buffer)
    }
    monitor.lock()
    defer { monitor.unlock() }
    let bytes = try window.bytes(at: position, count: count)
    buffer.removeAll(keepingCapacity: true)
    buffer.append(contentsOf: bytes)
  }
}
