// SPDX-License-Identifier: Apache-2.0
//
// A recording's file, to read: into private buffers, so that nobody can change bytes that have
// been checked.

import InputTapeCore

/// Reads a file.
///
/// Of very many at once, those that have not been read for long are closed, and opened again when
/// they are needed: then it is an error if another file has taken their name.
public final class FileSource: ByteSource {
  /// Which file it is, whatever its name.
  private struct Identity: Equatable {
    var device: UInt64
    var number: UInt64
  }

  private let path: String?
  private let identity: Identity?
  private let number: Int

  /// Opens a file.
  ///
  /// - Throws: `ESPIPE` where it is a pipe, a folder or anything else that has no positions.
  public init(path: String) throws(FileError) {
    let (descriptor, identity) = try Self.openFile(path)
    self.path = path
    self.identity = identity
    number = DescriptorPool.shared.add(descriptor, canBeClosed: true)
  }

  /// Reads a descriptor, and closes it in the end.
  public init(closing descriptor: CInt) {
    path = nil
    identity = nil
    number = DescriptorPool.shared.add(descriptor, canBeClosed: false)
  }

  deinit { DescriptorPool.shared.remove(number) }

  private static func openFile(
    _ path: String
  ) throws(FileError) -> (descriptor: CInt, identity: Identity) {
    // Of a pipe without a writer, opening would wait for one.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw .system(operation: "open", path: path, code: errno) }
    var status = stat()
    var code = unsafe fstat(descriptor, &status) == 0 ? 0 : errno
    if code == 0, status.st_mode & S_IFMT != S_IFREG { code = ESPIPE }
    guard code == 0 else {
      close(descriptor)
      throw .system(operation: "open", path: path, code: code)
    }
    return (
      descriptor,
      Identity(
        device: UInt64(truncatingIfNeeded: status.st_dev),
        number: UInt64(truncatingIfNeeded: status.st_ino))
    )
  }

  /// The descriptor, until it is given back.
  private func borrow() throws(FileError) -> CInt {
    if let descriptor = DescriptorPool.shared.borrow(number) { return descriptor }
    guard let path else { throw .system(operation: "read", code: EBADF) }
    let (descriptor, found) = try Self.openFile(path)
    guard found == identity else {
      close(descriptor)
      throw .system(operation: "open again", path: path, code: ESTALE)
    }
    return DescriptorPool.shared.lend(descriptor, number)
  }

  public func byteCount() throws(FileError) -> UInt64 {
    let descriptor = try borrow()
    defer { DescriptorPool.shared.giveBack(number) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw .system(operation: "stat", path: path, code: errno)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .system(
        operation: "read positions of what is not a regular file", path: path, code: ESPIPE)
    }
    return UInt64(max(status.st_size, 0))
  }

  public func read(
    at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(FileError) {
    let descriptor = try borrow()
    defer { DescriptorPool.shared.giveBack(number) }
    try Self.read(descriptor, path, at: position, count: count, into: &buffer)
  }

  static func read(
    _ descriptor: CInt, _ path: String?, at position: UInt64, count: Int,
    into buffer: inout [UInt8]
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
        throw .system(operation: "read", path: path, code: errno)
      }
    }
    buffer.resize(to: filled, filler: 0)
  }
}
