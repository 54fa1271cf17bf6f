// SPDX-License-Identifier: Apache-2.0
//
// Arrays that keep their memory while their length changes.

extension Array where Element: BitwiseCopyable {
  /// Makes the array so long; new entries are `filler`, old ones stay.
  ///
  /// Inlinable, as other modules would go through witness tables entry by entry: a hundred times
  /// as slow.
  @inlinable @inline(__always)
  package mutating func resize(to newCount: Int, filler: Element) {
    if count > newCount {
      removeLast(count - newCount)
    } else if count < newCount {
      append(contentsOf: repeatElement(filler, count: newCount - count))
    }
  }

  /// Makes the array so long for who then writes all entries: before that they may be anything.
  mutating func resize(forAll newCount: Int) {
    if count > newCount { return removeLast(count - newCount) }
    guard count < newCount else { return }
    if capacity < newCount { self = [] } else { removeAll(keepingCapacity: true) }
    append(addingCapacity: newCount) { (target: inout OutputSpan<Element>) in
      // Safe: there is room for so many, and whatever bits they have are plain entries.
      unsafe target.withUnsafeMutableBufferPointer { _, initialized in initialized = newCount }
    }
  }
}

extension Array where Element == UInt8 {
  /// Adds bytes at the end.
  package mutating func append(_ bytes: Span<UInt8>) {
    // Safe: the buffer lives for the call, which copies it.
    unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe append(contentsOf: buffer)
    }
  }
}
