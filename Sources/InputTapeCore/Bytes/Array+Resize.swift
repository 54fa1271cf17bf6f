// SPDX-License-Identifier: Apache-2.0
//
// Arrays that keep their memory while their length changes.

extension Array where Element: BitwiseCopyable {
  /// Makes the array so long; new entries are `filler`, old ones stay.
  @inline(__always)
  package mutating func resize(to newCount: Int, filler: Element) {
    if count > newCount {
      removeLast(count - newCount)
    } else if count < newCount {
      append(contentsOf: repeatElement(filler, count: newCount - count))
    }
  }
}
