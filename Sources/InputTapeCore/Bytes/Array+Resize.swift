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
