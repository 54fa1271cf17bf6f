// SPDX-License-Identifier: Apache-2.0
//
// A storage that writes down every call that changes it.

import InputTape

/// Passes calls on to another storage and keeps a list of them.
///
/// Safe to share: the list is touched with the lock held.
public final class RecordingStorage: Storage, @unchecked Sendable {
  public let base: any Storage
  private let monitor = Monitor()
  private var list: [StorageCall] = []
  private var fileCount = 0

  public init(_ base: any Storage = MemoryStorage()) { self.base = base }

  /// All calls so far.
  public var calls: [StorageCall] { monitor.withLock { list } }

  /// How many calls there were so far.
  public var callCount: Int { monitor.withLock { list.count } }

  /// Adds a mark between calls.
  public func mark(_ number: Int) { note(.mark(number)) }

  fileprivate func note(_ call: StorageCall) { monitor.withLock { list.append(call) } }

  public func create(_ path: String, replacing: Bool) throws(FileError) -> any StorageFile {
    let file = try base.create(path, replacing: replacing)
    let number = monitor.withLock {
      list.append(.create(file: fileCount, path: path))
      fileCount += 1
      return fileCount - 1
    }
    return RecordingFile(file, number, self)
  }

  public func open(_ path: String) throws(FileError) -> any ByteSource { try base.open(path) }

  public func rename(_ path: String, to newPath: String) throws(FileError) {
    try base.rename(path, to: newPath)
    note(.rename(path: path, newPath: newPath))
  }

  public func remove(_ path: String) throws(FileError) {
    try base.remove(path)
    note(.remove(path: path))
  }

  public func names(in folder: String) throws(FileError) -> [String] {
    try base.names(in: folder)
  }

  public func syncFolder(_ folder: String) throws(FileError) {
    try base.syncFolder(folder)
    note(.syncFolder(folder))
  }
}

/// A file whose calls are written down.
private final class RecordingFile: StorageFile {
  private let base: any StorageFile
  private let number: Int
  private let storage: RecordingStorage

  init(_ base: any StorageFile, _ number: Int, _ storage: RecordingStorage) {
    self.base = base
    self.number = number
    self.storage = storage
  }

  var isSeekable: Bool { base.isSeekable }

  func write(_ bytes: Span<UInt8>, at position: UInt64) throws(FileError) -> Int {
    let count = try base.write(bytes, at: position)
    var copy: [UInt8] = []
    for index in 0..<count { copy.append(bytes[index]) }
    storage.note(.write(file: number, position: position, bytes: copy))
    return count
  }

  func read(
    at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(FileError) {
    try base.read(at: position, count: count, into: &buffer)
  }

  func truncate(to byteCount: UInt64) throws(FileError) {
    try base.truncate(to: byteCount)
    storage.note(.truncate(file: number, byteCount: byteCount))
  }

  func sync() throws(FileError) {
    try base.sync()
    storage.note(.sync(file: number))
  }

  func isLinked() throws(FileError) -> Bool { try base.isLinked() }
}
