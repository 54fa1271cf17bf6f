// SPDX-License-Identifier: Apache-2.0
//
// The system's files.

import InputTapeCore

/// The files of the system.
public struct SystemStorage: Storage {
  public init() {}

  public func create(_ path: String, replacing: Bool) throws(FileError) -> any StorageFile {
    try SystemFile(creating: path, replacing: replacing)
  }

  public func open(_ path: String) throws(FileError) -> any ByteSource {
    try FileSource(path: path)
  }

  public func rename(_ path: String, to newPath: String) throws(FileError) {
    guard systemRename(path, newPath) == 0 else {
      throw .system(operation: "rename \(path) to", path: newPath, code: errno)
    }
  }

  public func remove(_ path: String) throws(FileError) {
    guard unlink(path) == 0 else { throw .system(operation: "remove", path: path, code: errno) }
  }

  public func names(in folder: String) throws(FileError) -> [String] {
    // Safe: the stream lives from here to `closedir`, and each entry until the next is read.
    guard let stream = unsafe opendir(folder) else {
      throw .system(operation: "list", path: folder, code: errno)
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  public func syncFolder(_ folder: String) throws(FileError) {
    let descriptor = systemOpen(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(operation: "open", path: folder, code: errno) }
    defer { close(descriptor) }
    // Some file systems cannot sync a folder and say so.
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw .system(operation: "sync", path: folder, code: errno)
    }
  }
}

private func systemRename(_ old: String, _ new: String) -> CInt { rename(old, new) }

private func systemOpen(_ path: String, _ flags: CInt) -> CInt { open(path, flags) }
