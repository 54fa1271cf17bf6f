// SPDX-License-Identifier: Apache-2.0
//
// Looks for the few events of other kinds, eight at a time.

extension Span<EventKind> {
  /// The first index from `start` on with another kind than `main`.
  func firstOther(than main: EventKind, from start: Int) -> Int? {
    let pattern = UInt64(main.rawValue) &* 0x0101_0101_0101_0101
    return unsafe withUnsafeBytes { bytes in
      var index = start
      // Safe: eight bytes are read only where they stand before the end; a kind is a byte.
      while index &+ 8 <= bytes.count {
        let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        let difference = word.littleEndian ^ pattern
        if difference != 0 { return index &+ difference.trailingZeroBitCount &>> 3 }
        index &+= 8
      }
      while index < bytes.count {
        if unsafe bytes[index] != main.rawValue { return index }
        index &+= 1
      }
      return nil
    }
  }

  /// Where the events of one kind from `start` on end.
  func endOfKind(from start: Int) -> Int {
    firstOther(than: self[start], from: start &+ 1) ?? count
  }
}
