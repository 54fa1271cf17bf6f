// SPDX-License-Identifier: Apache-2.0
//
// What can go wrong with live events.

public import InputTapeCore

/// A source or the queue cannot do what it is asked.
@nonexhaustive
public enum CaptureError: Error, Hashable, Sendable {
  /// The system refused: the operation, and the system's error number.
  case system(operation: String, code: Int32)
  /// The recording cannot be written.
  case file(FileError)
  /// The source is not there, for a reason that a person can read.
  case unavailable(String)
  /// What came from the source makes no sense.
  case malformed(String)
}
