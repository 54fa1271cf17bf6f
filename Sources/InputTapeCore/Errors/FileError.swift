// SPDX-License-Identifier: Apache-2.0
//
// What can go wrong between a recording and the system that holds it (Specs/Errors.md).

/// A recording could not be read or written.
@nonexhaustive
public enum FileError: Error, Hashable, Sendable {
  /// The bytes are wrong.
  case format(FormatError)
  /// The system refused: the operation, the file or folder where that is known, and the system's
  /// error number. The operation stands before the path, as `open` or `create a file in` do.
  case system(operation: String, path: String? = nil, code: Int32)
}
