// SPDX-License-Identifier: Apache-2.0
//
// The fields of one line of text, before they become an event.

import InputTapeCore

/// The fields of one line.
///
/// Numbers stand as they are, strings as packed ranges (`TextRange`) of the line or of `scratch`.
struct FieldValues {
  /// The set of fields that the line has.
  var present: UInt64 = 0
  /// For each field its value.
  var values = [Int64](repeating: 0, count: 64)
  /// For each field the offset of its value, for errors.
  var offsets = [Int](repeating: 0, count: 64)
  /// The bytes of strings that had escapes.
  var scratch: [UInt8] = []
  /// The columns of an unknown kind.
  var int32: [Int32] = []
  var int64: [Int64] = []
  var strings: [[UInt8]] = []

  func has(_ field: FieldName) -> Bool { present & field.bit != 0 }

  subscript(field: FieldName) -> Int64 { values[Int(field.rawValue)] }

  func offset(of field: FieldName) -> Int { offsets[Int(field.rawValue)] }

  /// Forgets the line.
  @inline(__always)
  mutating func clear() {
    present = 0
    if !scratch.isEmpty { scratch.removeAll(keepingCapacity: true) }
  }

  /// The bytes of a string field.
  func string(_ field: FieldName, of bytes: Span<UInt8>) -> ArraySlice<UInt8> {
    let range = TextRange(packed: self[field])
    let end = range.start + range.count
    if range.isUnescaped { return scratch[range.start..<end] }
    var copy: [UInt8] = []
    copy.reserveCapacity(range.count)
    for index in range.start..<end { copy.append(bytes[index]) }
    return copy[...]
  }
}
