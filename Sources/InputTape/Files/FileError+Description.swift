// SPDX-License-Identifier: Apache-2.0
//
// What went wrong between a recording and the system, in words for people.

import InputTapeCore

extension FileError: CustomStringConvertible {
  /// What went wrong, as in "cannot open a.itape: No such file or directory".
  public var description: String {
    switch self {
    case .format(let error): error.description
    case .system(let operation, let path, let code):
      "cannot \(operation)\(path.map { " \($0)" } ?? ""): \(Self.systemMessage(of: code))"
    @unknown default: "the recording could not be read or written"
    }
  }

  /// The same error, of a file that has another name for whoever asked for it.
  package func naming(_ path: String, insteadOf workingPath: String?) -> FileError {
    guard case .system(let operation, workingPath?, let code) = self else { return self }
    return .system(operation: operation, path: path, code: code)
  }

  /// What the system calls an error.
  package static func systemMessage(of code: Int32) -> String {
    // Safe: the system's message is a C string of static storage or of this thread's.
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}
