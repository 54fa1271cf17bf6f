// SPDX-License-Identifier: Apache-2.0
//
// Files in memory: a small disk that can fill up and lose its folders.

import InputTapeCore

/// Files in memory, by path; folders are what paths name.
///
/// Safe to share: everything is touched with the lock held.
public final class MemoryStorage: Storage, @unchecked Sendable {
  fileprivate let monitor = Monitor()
  private var files: [String: MemoryFile] = [:]
  private var missingFolders: Set<String> = []
  private var byteLimit = Int.max

  public init() {}

  /// How many bytes all files may have together: writes beyond fail with `ENOSPC`.
  public var capacity: Int {
    get { monitor.withLock { byteLimit } }
    set { monitor.withLock { byteLimit = newValue } }
  }

  /// The contents of a file; nil where there is none.
  public func contents(_ path: String) -> [UInt8]? {
    monitor.withLock { files[path]?.bytes }
  }

  /// All paths, sorted.
  public var paths: [String] { monitor.withLock { files.keys.sorted() } }

  /// Puts a file in its place.
  public func put(_ bytes: [UInt8], at path: String) {
    monitor.withLock { files[path] = MemoryFile(self, path, bytes) }
  }

  /// Removes a folder with all files in it; until it is made again nothing can be created there.
  public func removeFolder(_ folder: String) {
    monitor.withLock {
      missingFolders.insert(folder)
      for path in files.keys where self.folder(of: path) == folder {
        files.removeValue(forKey: path)?.hasName = false
      }
    }
  }

  /// Makes a folder again.
  public func makeFolder(_ folder: String) {
    monitor.withLock { _ = missingFolders.remove(folder) }
  }

  fileprivate var freeByteCount: Int {
    byteLimit - files.values.reduce(0) { $0 + $1.bytes.count }
  }

  public func create(_ path: String, replacing: Bool) throws(FileError) -> any StorageFile {
    try monitor.withLock { () throws(FileError) in
      guard !missingFolders.contains(folder(of: path)) else {
        throw .system(operation: "create", path: path, code: ENOENT)
      }
      guard replacing || files[path] == nil else {
        throw .system(operation: "create", path: path, code: EEXIST)
      }
      let file = MemoryFile(self, path, [])
      files[path] = file
      return file
    }
  }

  public func open(_ path: String) throws(FileError) -> any ByteSource {
    try monitor.withLock { () throws(FileError) in
      guard let file = files[path] else {
        throw .system(operation: "open", path: path, code: ENOENT)
      }
      return file
    }
  }

  public func rename(_ path: String, to newPath: String) throws(FileError) {
    try monitor.withLock { () throws(FileError) in
      guard let file = files.removeValue(forKey: path) else {
        throw .system(operation: "rename", path: path, code: ENOENT)
      }
      files[newPath]?.hasName = false
      file.path = newPath
      files[newPath] = file
    }
  }

  public func remove(_ path: String) throws(FileError) {
    try monitor.withLock { () throws(FileError) in
      guard let file = files.removeValue(forKey: path) else {
        throw .system(operation: "remove", path: path, code: ENOENT)
      }
      file.hasName = false
    }
  }

  public func names(in folder: String) throws(FileError) -> [String] {
    try monitor.withLock { () throws(FileError) in
      guard files[folder] == nil else {
        throw .system(operation: "list", path: folder, code: ENOTDIR)
      }
      let names = files.keys.filter { self.folder(of: $0) == folder }
        .map { String($0.split(separator: "/").last ?? "") }.sorted()
      guard !names.isEmpty else { throw .system(operation: "list", path: folder, code: ENOENT) }
      return names
    }
  }

  public func syncFolder(_ folder: String) throws(FileError) {}
}

/// One file of a `MemoryStorage`; shares its lock.
private final class MemoryFile: StorageFile, ByteSource, @unchecked Sendable {
  private let monitor: Monitor
  private weak let storage: MemoryStorage?
  var path: String
  var bytes: [UInt8]
  var hasName = true
  let isSeekable = true

  init(_ storage: MemoryStorage, _ path: String, _ bytes: [UInt8]) {
    monitor = storage.monitor
    self.storage = storage
    self.path = path
    self.bytes = bytes
  }

  func write(_ span: Span<UInt8>, at position: UInt64) throws(FileError) -> Int {
    try monitor.withLock { () throws(FileError) in
      let start = Int(position)
      let growth = max(start + span.count - bytes.count, 0)
      let room = hasName ? storage?.freeByteCount ?? .max : .max
      let count = min(span.count, max(span.count - growth + room, 0))
      guard count > 0 || span.count == 0 else {
        throw .system(operation: "write", path: path, code: ENOSPC)
      }
      if bytes.count < start + count { bytes.resize(to: start + count, filler: 0) }
      for offset in 0..<count { bytes[start + offset] = span[offset] }
      return count
    }
  }

  func byteCount() throws(FileError) -> UInt64 { monitor.withLock { UInt64(bytes.count) } }

  func read(
    at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(FileError) {
    let bytes = monitor.withLock { self.bytes }
    try MemorySource(bytes).read(at: position, count: count, into: &buffer)
  }

  func truncate(to byteCount: UInt64) throws(FileError) {
    monitor.withLock { bytes.resize(to: Int(byteCount), filler: 0) }
  }

  func sync() throws(FileError) {}

  func isLinked() throws(FileError) -> Bool { monitor.withLock { hasName } }
}
