// SPDX-License-Identifier: Apache-2.0
//
// What a writer needs of a file system, call by call, so that tests can stand in for it.

/// Files by name: the system's, or a test's.
///
/// Each call is one call of the system and reports its error; nothing is tried again here.
public protocol Storage: Sendable {
  /// Creates a file that nobody else can read.
  ///
  /// - Parameters:
  ///   - path: where.
  ///   - replacing: whether a file there may be overwritten; otherwise it is an error.
  func create(_ path: String, replacing: Bool) throws(FileError) -> any StorageFile

  /// Opens a file to read.
  func open(_ path: String) throws(FileError) -> any ByteSource

  /// Gives a file another name, in place of what has that name.
  func rename(_ path: String, to newPath: String) throws(FileError)

  /// Removes a file.
  func remove(_ path: String) throws(FileError)

  /// The names of the files in a folder, sorted by their bytes.
  ///
  /// - Throws: `ENOTDIR` where the path is no folder's.
  func names(in folder: String) throws(FileError) -> [String]

  /// Makes the names in a folder survive a loss of power.
  func syncFolder(_ folder: String) throws(FileError)
}

/// A file that has been created and is being written.
///
/// May be synced by one thread while another writes.
public protocol StorageFile: AnyObject, Sendable {
  /// Whether bytes go where their position says and can be cut off again; a pipe cannot.
  var isSeekable: Bool { get }

  /// Writes some of the bytes, in one call of the system.
  ///
  /// - Returns: how many, from the first on.
  /// - Throws: `EINTR` too.
  func write(_ bytes: Span<UInt8>, at position: UInt64) throws(FileError) -> Int

  /// Reads up to `count` bytes into `buffer`, fewer where the file ends.
  func read(
    at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(FileError)

  /// Cuts the file off.
  func truncate(to byteCount: UInt64) throws(FileError)

  /// Makes all bytes written so far survive a loss of power.
  func sync() throws(FileError)

  /// Whether the file still has a name.
  func isLinked() throws(FileError) -> Bool
}

extension Storage {
  /// The folder that a path's file is in.
  public func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
