// SPDX-License-Identifier: Apache-2.0
//
// A recording's file, to read: into private buffers, so that nobody can change bytes that have
// been checked.

import InputTapeCore

/// Reads a file.
public final class FileSource: ByteSource {
  private let descriptor: CInt

  /// Opens a file.
  public init(path: String) throws(FileError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(operation: "open \(path)", code: errno) }
  }

  /// Reads a descriptor, and closes it in the end.
  public init(closing descriptor: CInt) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  public func byteCount() throws(FileError) -> UInt64 {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw .system(operation: "stat", code: errno)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .system(operation: "read positions of what is not a regular file", code: ESPIPE)
    }
    return UInt64(max(status.st_size, 0))
  }

  public func read(
    at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(FileError) {
    try Self.read(descriptor, at: position, count: count, into: &buffer)
  }

  static func read(
    _ descriptor: CInt, at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(FileError) {
    buffer.resize(to: count, filler: 0)
    var filled = 0
    while filled < count {
      // Safe: the system writes at most `count - filled` bytes behind the filled part.
      let got = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe pread(
          descriptor, bytes.baseAddress.map { unsafe $0 + filled }, count - filled,
          off_t(clamping: position) + off_t(filled))
      }
      if got > 0 {
        filled += got
      } else if got == 0 {
        break
      } else if errno != EINTR {
        throw .system(operation: "read", code: errno)
      }
    }
    buffer.resize(to: filled, filler: 0)
  }
}
