// SPDX-License-Identifier: Apache-2.0
//
// Why a call from C fails: a status for the program, a sentence for people.

import CInputTape
import InputTape

/// Why a call fails.
struct CallFailure: Error {
  var status: itape_status
  var systemCode: Int32 = 0
  var position: UInt64 = 0
  var message: String

  init(_ status: Int, _ message: String) {
    self.status = itape_status(status)
    self.message = message
  }

  init(_ error: FileError) {
    switch error {
    case .format(let error): self.init(error)
    case .system(_, _, let code):
      self.init(ITAPE_ERROR_SYSTEM, error.description)
      systemCode = code
    @unknown default: self.init(ITAPE_ERROR_SYSTEM, error.description)
    }
  }

  init(_ error: FormatError) {
    self.init(Int(error.code.rawValue), error.description)
    position = error.position
  }

  static func argument(_ message: String) -> CallFailure {
    CallFailure(ITAPE_ERROR_ARGUMENT, message)
  }

  static func isNull(_ name: String) -> CallFailure { argument("\(name) is NULL") }

  /// Keeps the details for `itape_error_text` and its kin.
  ///
  /// - Returns: the status.
  func noted() -> itape_status {
    var message = message
    message.withUTF8 { bytes in
      // Safe: the bytes live for the call, which reads `count` of them.
      unsafe bytes.withMemoryRebound(to: CChar.self) { text in
        guard let start = text.baseAddress else { return }
        unsafe inputtape_detail_set(systemCode, position, start, text.count)
      }
    }
    return status
  }
}

/// Runs what a call does, and turns an error into a status.
@inline(__always)
func status(_ body: () throws(CallFailure) -> Void) -> itape_status {
  do throws(CallFailure) {
    try body()
    return itape_status(ITAPE_OK)
  } catch {
    return error.noted()
  }
}

/// Runs what the library does, and turns its errors into those of calls.
@inline(__always)
func library<R: ~Copyable>(_ body: () throws(FileError) -> R) throws(CallFailure) -> R {
  do throws(FileError) {
    return try body()
  } catch {
    throw CallFailure(error)
  }
}
