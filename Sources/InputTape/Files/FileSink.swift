// SPDX-License-Identifier: Apache-2.0
//
// A recording's file, being written (Specs/Format.md, section 9).
//
// Invariant: `position` is where the last whole record ended; after an error nothing stands behind
// it, where the system still lets us cut.

/// Writes a file: each call whole, or not at all.
public final class FileSink: ByteSink {
  private let descriptor: CInt
  private var position: UInt64 = 0
  private var syncFailure: FileError?
  private let closesAtEnd: Bool
  private let isSeekable: Bool

  /// Creates a file that nobody else can read.
  ///
  /// - Parameters:
  ///   - path: where; a symbolic link there is refused.
  ///   - replacing: whether a file there may be overwritten.
  public init(creating path: String, replacing: Bool = false) throws(FileError) {
    let mode = replacing ? O_TRUNC : O_EXCL
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | mode, 0o600)
    guard descriptor >= 0 else { throw .system(operation: "create \(path)", code: errno) }
    closesAtEnd = true
    isSeekable = true
  }

  /// Writes to a descriptor that the caller keeps open, such as a pipe's.
  public init(descriptor: CInt) {
    self.descriptor = descriptor
    closesAtEnd = false
    isSeekable = false
  }

  deinit {
    if closesAtEnd { close(descriptor) }
  }

  public func write(_ bytes: Span<UInt8>) throws(FileError) {
    var offset = 0
    while offset < bytes.count {
      let written = writeSome(bytes.extracting(offset..<bytes.count), offset: offset)
      if written > 0 {
        offset += written
      } else if written == 0 || errno != EINTR {
        let code = written == 0 ? EIO : errno
        // What was written of this call goes again, so that the file ends with a whole record.
        if isSeekable { _ = ftruncate(descriptor, off_t(position)) }
        throw .system(operation: "write", code: code)
      }
    }
    position += UInt64(bytes.count)
  }

  private func writeSome(_ bytes: Span<UInt8>, offset: Int) -> Int {
    // Safe: the system reads exactly `count` bytes of the buffer, which lives for the call.
    unsafe bytes.withUnsafeBytes { buffer in
      isSeekable
        ? unsafe pwrite(
          descriptor, buffer.baseAddress, buffer.count, off_t(position) + off_t(offset))
        : unsafe systemWrite(descriptor, buffer.baseAddress, buffer.count)
    }
  }

  /// A sync that failed once is never tried again on the same file: the system may have dropped
  /// the pages and would report success.
  public func sync() throws(FileError) {
    if let syncFailure { throw syncFailure }
    guard isSeekable else { return }
    #if canImport(Darwin)
      let status = fcntl(descriptor, F_BARRIERFSYNC)
    #else
      let status = fdatasync(descriptor)
    #endif
    guard status == 0 else {
      let failure = FileError.system(operation: "sync", code: errno)
      syncFailure = failure
      throw failure
    }
  }
}

private func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(descriptor, bytes, count)
}
