// SPDX-License-Identifier: Apache-2.0
//
// What a writer asked of its storage, to be played again.

/// One call that changes a storage, and succeeded.
public enum StorageCall: Hashable, Sendable {
  /// A file was created, or emptied. Files are numbered from 0 in the order they were created:
  /// names may change.
  case create(file: Int, path: String)
  case write(file: Int, position: UInt64, bytes: [UInt8])
  case truncate(file: Int, byteCount: UInt64)
  case sync(file: Int)
  case rename(path: String, newPath: String)
  case remove(path: String)
  case syncFolder(String)
  /// A caller's mark between calls, such as "so much has been acknowledged".
  case mark(Int)
}
