// SPDX-License-Identifier: Apache-2.0
//
// Bits at the end of a growing array, lowest bit first (Specs/Encodings.md, section 1).

/// Appends bit fields, lowest bit first; the last byte is filled with zeros.
package struct BitWriter: Sendable {
  package private(set) var bytes: [UInt8] = []
  private var pending: UInt64 = 0
  private var pendingCount = 0

  package init() {}

  /// Appends the lowest `count` bits of `value`, whose other bits are zero.
  package mutating func append(_ value: UInt64, count: Int) {
    if count > 32 {
      append(value & 0xFFFF_FFFF, count: 32)
      append(value >> 32, count: count - 32)
      return
    }
    pending |= value << UInt64(pendingCount)
    pendingCount += count
    while pendingCount >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      pendingCount -= 8
    }
  }

  /// Fills the last byte.
  package mutating func finish() {
    if pendingCount > 0 { bytes.append(UInt8(truncatingIfNeeded: pending)) }
    pending = 0
    pendingCount = 0
  }

  /// Removes everything and keeps the memory.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    pending = 0
    pendingCount = 0
  }
}
