// SPDX-License-Identifier: Apache-2.0
//
// Looks for the few events of other kinds, many at a time.

import CInputTapePlatform

extension Span<EventKind> {
  /// Calls a closure with the index of each event of another kind than `main`, in their order.
  @inline(__always)
  func forEachOther(than main: EventKind, _ body: (Int) -> Void) {
    unsafe withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      var index = 0
      while index &+ 64 <= bytes.count {
        // Safe: so many bytes are left; a kind is a byte.
        var marks = unsafe itape_mark_others(
          (start + index).assumingMemoryBound(to: UInt8.self), main.rawValue)
        while marks != 0 {
          body(index &+ marks.trailingZeroBitCount)
          marks &= marks &- 1
        }
        index &+= 64
      }
      while index < bytes.count {
        if unsafe bytes[index] != main.rawValue { body(index) }
        index &+= 1
      }
    }
  }

  /// For each 64 events a word, with a bit for each that is of another kind than the one before.
  /// The first event of all has its bit.
  var changes: [UInt64] {
    var changes: [UInt64] = []
    changes.reserveCapacity(count / 64 + 1)
    unsafe withUnsafeBytes { bytes in
      var before = bytes.first.map { UInt64(~$0) } ?? 0
      for start in stride(from: 0, to: bytes.count, by: 64) {
        var word: UInt64 = 0
        var index = start
        // Safe: eight bytes are read only where they stand before the end; a kind is a byte.
        while index &+ 8 <= bytes.count, index < start &+ 64 {
          let eight = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
          let kinds = eight.littleEndian
          word |= Self.bits(of: kinds ^ (kinds &<< 8 | before)) &<< UInt64(index &- start)
          before = kinds &>> 56
          index &+= 8
        }
        while index < Swift.min(bytes.count, start &+ 64) {
          let kind = unsafe UInt64(bytes[index])
          word |= (kind == before ? 0 : 1) &<< UInt64(index &- start)
          before = kind
          index &+= 1
        }
        changes.append(word)
      }
    }
    return changes
  }

  /// Eight bits: which bytes of a word are not 0.
  @inline(__always)
  private static func bits(of word: UInt64) -> UInt64 {
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    let highest = (((word & low) &+ low) | word) & ~low
    // Each byte's bit goes to one of the highest eight, and no two sums meet.
    return ((highest &>> 7) &* 0x0102_0408_1020_4080) &>> 56
  }
}
