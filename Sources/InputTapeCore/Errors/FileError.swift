// SPDX-License-Identifier: Apache-2.0
//
// What can go wrong between a recording and the system that holds it (Specs/Errors.md).

/// A recording could not be read or written.
@nonexhaustive
public enum FileError: Error, Hashable, Sendable {
  /// The bytes are wrong.
  case format(FormatError)
  /// The system refused: the operation, and the system's error number.
  case system(operation: String, code: Int32)
}
