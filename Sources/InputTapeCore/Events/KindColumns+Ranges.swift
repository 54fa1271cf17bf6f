// SPDX-License-Identifier: Apache-2.0
//
// Stretches of one kind's columns, copied.

extension KindColumns {
  /// What all fields take, in bytes.
  package var rowByteCount: Int {
    strings.reduce(count * (5 * int32.count + 9 * int64.count)) { $0 + $1.bytes.count }
  }

  /// The bytes of all strings.
  package var textByteCount: Int { strings.reduce(0) { $0 + $1.bytes.count } }

  /// Adds some events of another's.
  ///
  /// - Returns: what their fields take, in bytes.
  package mutating func append(_ other: KindColumns, _ range: Range<Int>) -> Int {
    for index in int32.indices { int32[index].append(contentsOf: other.int32[index][range]) }
    for index in int64.indices { int64[index].append(contentsOf: other.int64[index][range]) }
    var byteCount = range.count * (5 * int32.count + 9 * int64.count)
    for index in strings.indices {
      for string in range {
        byteCount += other.strings[index].range(string).count
        strings[index].append(other.strings[index][string])
      }
    }
    count += range.count
    return byteCount
  }
}
