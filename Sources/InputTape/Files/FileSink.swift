// SPDX-License-Identifier: Apache-2.0
//
// A recording's file, being written (Specs/Format.md, section 9).
//
// Invariant: `position` is where the last whole record ended; after an error nothing stands behind
// it, where the system still lets us cut.

import InputTapeCore

/// Writes a file: each call whole, or not at all.
public final class FileSink: ByteSink {
  let file: any StorageFile
  /// Where the next bytes go.
  private(set) var position: UInt64
  private var syncFailure: FileError?
  /// Why nothing can be written any more: part of a record went into what cannot be cut.
  private var breakage: FileError?
  /// Bytes of a record that failed may stand behind `position`.
  private var mustCut = false

  /// Creates a file that nobody else can read.
  ///
  /// - Parameters:
  ///   - path: where; a symbolic link there is refused.
  ///   - replacing: whether a file there may be overwritten.
  public convenience init(creating path: String, replacing: Bool = false) throws(FileError) {
    self.init(try SystemFile(creating: path, replacing: replacing))
  }

  /// Writes to a descriptor that the caller keeps open, such as a pipe's.
  public convenience init(descriptor: CInt) {
    self.init(SystemFile(descriptor: descriptor))
  }

  /// Writes to a file of any storage.
  ///
  /// - Parameters:
  ///   - file: is closed with the sink.
  ///   - position: where to begin; the file ends there.
  public init(_ file: any StorageFile, at position: UInt64 = 0) {
    self.file = file
    self.position = position
  }

  public func write(_ bytes: Span<UInt8>) throws(FileError) {
    if let breakage { throw breakage }
    try cutIfNeeded()
    var offset = 0
    while offset < bytes.count {
      do throws(FileError) {
        let rest = bytes.extracting(offset..<bytes.count)
        let written = try file.write(rest, at: position + UInt64(offset))
        guard (1...rest.count).contains(written) else {
          throw FileError.system(operation: "write", code: EIO)
        }
        offset += written
      } catch {
        if case .system(_, _, EINTR) = error { continue }
        fail(error, wasBegun: offset > 0)
        throw error
      }
    }
    position += UInt64(bytes.count)
  }

  /// Takes back what was written of a record, so that the file ends with a whole one.
  private func fail(_ error: FileError, wasBegun: Bool) {
    if file.isSeekable {
      mustCut = true
      try? cutIfNeeded()
    } else if wasBegun {
      breakage = error
    }
  }

  private func cutIfNeeded() throws(FileError) {
    guard mustCut else { return }
    while true {
      do throws(FileError) {
        try file.truncate(to: position)
        mustCut = false
        return
      } catch {
        if case .system(_, _, EINTR) = error { continue }
        throw error
      }
    }
  }

  /// A sync that failed once is never tried again on the same file: the system may have dropped
  /// the pages and would report success.
  public func sync() throws(FileError) {
    if let syncFailure { throw syncFailure }
    while true {
      do throws(FileError) {
        return try file.sync()
      } catch {
        if case .system(_, _, EINTR) = error { continue }
        syncFailure = error
        throw error
      }
    }
  }
}
