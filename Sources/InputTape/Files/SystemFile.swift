// SPDX-License-Identifier: Apache-2.0
//
// A descriptor of the system, one call each.

import InputTapeCore

/// A file of the system that is being written, or a descriptor such as a pipe's.
///
/// Safe to share: a descriptor is a number, and the system's calls on it may overlap.
final class SystemFile: StorageFile {
  private let descriptor: CInt
  private let path: String?
  private let closesAtEnd: Bool
  let isSeekable: Bool

  /// Creates a file; a symbolic link there is refused.
  init(creating path: String, replacing: Bool) throws(FileError) {
    self.path = path
    let mode = replacing ? O_TRUNC : O_EXCL
    descriptor = systemCreate(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | mode)
    guard descriptor >= 0 else { throw .system(operation: "create", path: path, code: errno) }
    closesAtEnd = true
    var status = stat()
    isSeekable =
      unsafe fstat(descriptor, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
  }

  /// A descriptor that the caller keeps open.
  init(descriptor: CInt) {
    self.descriptor = descriptor
    path = nil
    closesAtEnd = false
    isSeekable = false
  }

  deinit {
    if closesAtEnd { close(descriptor) }
  }

  func write(_ bytes: Span<UInt8>, at position: UInt64) throws(FileError) -> Int {
    let offset = off_t(clamping: position)
    // Safe: the system reads exactly `count` bytes of the buffer, which lives for the call.
    let written = unsafe bytes.withUnsafeBytes { buffer in
      isSeekable
        ? unsafe pwrite(descriptor, buffer.baseAddress, buffer.count, offset)
        : unsafe systemWrite(descriptor, buffer.baseAddress, buffer.count)
    }
    guard written >= 0 else {
      let code = errno
      if code == EAGAIN { waitUntilWritable() }
      throw .system(operation: "write", path: path, code: code == EAGAIN ? EINTR : code)
    }
    return written
  }

  /// A descriptor that does not block is waited for, as if it did.
  private func waitUntilWritable() {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    // Safe: the system writes into the one request that it is given.
    _ = unsafe poll(&request, 1, 1_000)
  }

  func read(
    at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(FileError) {
    try FileSource.read(descriptor, path, at: position, count: count, into: &buffer)
  }

  func truncate(to byteCount: UInt64) throws(FileError) {
    guard ftruncate(descriptor, off_t(clamping: byteCount)) == 0 else {
      throw .system(operation: "truncate", path: path, code: errno)
    }
  }

  func sync() throws(FileError) {
    guard isSeekable else { return }
    #if canImport(Darwin)
      // What `fsync` does here, or a barrier, leaves bytes in the drive's own memory.
      var status = fcntl(descriptor, F_FULLFSYNC)
      if status != 0, errno == ENOTSUP || errno == EINVAL { status = fsync(descriptor) }
    #else
      let status = fdatasync(descriptor)
    #endif
    guard status == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw .system(operation: "sync", path: path, code: errno)
    }
  }

  func isLinked() throws(FileError) -> Bool {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw .system(operation: "stat", path: path, code: errno)
    }
    return status.st_nlink > 0
  }
}

private func systemCreate(_ path: String, _ flags: CInt) -> CInt { open(path, flags, 0o600) }

private func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(descriptor, bytes, count)
}
