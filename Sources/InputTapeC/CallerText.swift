// SPDX-License-Identifier: Apache-2.0
//
// Text and bytes of a C caller's.

import CInputTape
import InputTape

/// Text that ends with 0, of at most `limit` bytes.
func text(
  _ pointer: UnsafePointer<CChar>?, _ name: String, limit: Int = Limits.stringByteCount
) throws(CallFailure) -> String {
  guard let pointer else { throw .isNull(name) }
  var count = 0
  // Safe: the text ends with 0, and nothing behind that is read.
  while count <= limit, unsafe pointer[count] != 0 { count += 1 }
  guard count <= limit else { throw .argument("\(name) has more than \(limit) bytes") }
  let bytes = unsafe UnsafeBufferPointer(start: pointer, count: count)
  guard let text = unsafe String(validating: bytes.lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
  else { throw .argument("\(name) is not UTF-8") }
  return text
}

/// Bytes of an event.
func bytes(
  _ pointer: UnsafeRawPointer?, _ count: Int, _ name: String
) throws(CallFailure) -> [UInt8] {
  guard count > 0 else { return [] }
  guard let pointer else { throw .isNull(name) }
  guard count <= Limits.textByteCount else {
    throw .argument("\(name) has more than \(Limits.textByteCount) bytes")
  }
  // Safe: the caller says that this many bytes are there.
  return Array(unsafe UnsafeRawBufferPointer(start: pointer, count: count))
}

func bytes(_ string: itape_string, _ name: String) throws(CallFailure) -> [UInt8] {
  try bytes(UnsafeRawPointer(string.bytes), string.byte_count, name)
}
