// SPDX-License-Identifier: Apache-2.0
//
// All that happened to a simulated recording, for whoever looks for what went wrong.

import InputTape
import InputTapeTestKit

extension SimulatedWriting {
  /// Options, notices and calls, a line each.
  var story: String {
    let calls = storage.calls.enumerated().map { "\($0): \(Self.line(of: $1))" }
    let told = notices.all.map { "\($0)" }
    return (["\(options)"] + told + diary + calls).joined(separator: "\n")
  }

  private static func line(of call: StorageCall) -> String {
    guard case .write(let file, let position, let bytes) = call else { return "\(call)" }
    let type = position > 0 && bytes.count > 8 ? bytes[8] : 0
    return "write file \(file) at \(position), \(bytes.count) bytes, type \(type)"
  }
}
