// SPDX-License-Identifier: Apache-2.0
//
// JSON for programs, without the start-up time of a larger library.

import InputTapeInterchange

/// A JSON value that is written once.
indirect enum JSONValue {
  case null
  case bool(Bool)
  case integer(Int64)
  case unsigned(UInt64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([(String, JSONValue)])

  /// The value's text, indented by two spaces.
  var text: String {
    var bytes: [UInt8] = []
    append(to: &bytes, indent: "\n")
    bytes.append(0x0A)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func append(to bytes: inout [UInt8], indent: String) {
    switch self {
    case .null: bytes += Array("null".utf8)
    case .bool(let value): bytes += Array(String(value).utf8)
    case .integer(let value): bytes += Array(String(value).utf8)
    case .unsigned(let value): bytes += Array(String(value).utf8)
    case .number(let value): bytes += Array((value.isFinite ? "\(value)" : "null").utf8)
    case .string(let value): JSONText.append(value, to: &bytes)
    case .array(let values):
      appendAll(values.map { (nil, $0) }, "[", "]", to: &bytes, indent: indent)
    case .object(let values):
      appendAll(values.map { ($0.0, $0.1) }, "{", "}", to: &bytes, indent: indent)
    }
  }

  private func appendAll(
    _ values: [(String?, JSONValue)], _ open: String, _ close: String, to bytes: inout [UInt8],
    indent: String
  ) {
    bytes += Array(open.utf8)
    for (index, (name, value)) in values.enumerated() {
      if index > 0 { bytes.append(0x2C) }
      bytes += Array((indent + "  ").utf8)
      if let name {
        JSONText.append(name, to: &bytes)
        bytes += Array(": ".utf8)
      }
      value.append(to: &bytes, indent: indent + "  ")
    }
    if !values.isEmpty { bytes += Array(indent.utf8) }
    bytes += Array(close.utf8)
  }
}
