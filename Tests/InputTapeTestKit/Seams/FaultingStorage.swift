// SPDX-License-Identifier: Apache-2.0
//
// A storage whose calls fail where a plan says so.

import InputTape

/// Passes calls on to another storage, unless its plan says that they fail.
public struct FaultingStorage: Storage {
  public let base: any Storage
  public let plan: FaultPlan

  public init(_ base: any Storage = MemoryStorage(), plan: FaultPlan) {
    self.base = base
    self.plan = plan
  }

  public func create(_ path: String, replacing: Bool) throws(FileError) -> any StorageFile {
    try plan.check(.create, path)
    return FaultingFile(try base.create(path, replacing: replacing), plan)
  }

  public func open(_ path: String) throws(FileError) -> any ByteSource {
    try plan.check(.open, path)
    return FaultingSource(try base.open(path), plan: plan)
  }

  public func rename(_ path: String, to newPath: String) throws(FileError) {
    try plan.check(.rename, path)
    try base.rename(path, to: newPath)
  }

  public func remove(_ path: String) throws(FileError) {
    try plan.check(.remove, path)
    try base.remove(path)
  }

  public func names(in folder: String) throws(FileError) -> [String] {
    try plan.check(.list, folder)
    return try base.names(in: folder)
  }

  public func syncFolder(_ folder: String) throws(FileError) {
    try plan.check(.syncFolder, folder)
    try base.syncFolder(folder)
  }
}

/// A file whose calls fail where the plan says so.
private final class FaultingFile: StorageFile {
  private let base: any StorageFile
  private let plan: FaultPlan

  init(_ base: any StorageFile, _ plan: FaultPlan) {
    self.base = base
    self.plan = plan
  }

  var isSeekable: Bool { base.isSeekable }

  func write(_ bytes: Span<UInt8>, at position: UInt64) throws(FileError) -> Int {
    switch plan.effect(of: .write) {
    case .error(let code)?: throw .system(operation: "write", code: code)
    case .short(let count)?:
      return try base.write(bytes.extracting(0..<min(count, bytes.count)), at: position)
    case nil: return try base.write(bytes, at: position)
    }
  }

  func read(
    at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(FileError) {
    switch plan.effect(of: .read) {
    case .error(let code)?: throw .system(operation: "read", code: code)
    case .short(let limit)?:
      try base.read(at: position, count: min(count, limit), into: &buffer)
    case nil: try base.read(at: position, count: count, into: &buffer)
    }
  }

  func truncate(to byteCount: UInt64) throws(FileError) {
    try plan.check(.truncate)
    try base.truncate(to: byteCount)
  }

  func sync() throws(FileError) {
    try plan.check(.sync)
    try base.sync()
  }

  func isLinked() throws(FileError) -> Bool {
    try plan.check(.isLinked)
    return try base.isLinked()
  }
}
