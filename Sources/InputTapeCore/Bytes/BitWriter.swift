// SPDX-License-Identifier: Apache-2.0
//
// Bits into memory that its caller has measured, lowest bit first (Specs/Encodings.md, section 1).
//
// Invariant: fewer than 8 bits are pending after a store.

import CInputTapePlatform

/// Where bits are being written; the memory is the caller's.
struct BitWriter {
  /// Whole bytes written.
  private(set) var used = 0
  private var pending: UInt64 = 0
  private var pendingCount = 0

  /// Where it stands, for loops that are not Swift's.
  var state: itape_bits {
    get { itape_bits(pending: pending, count: UInt64(pendingCount), used: used) }
    set {
      (pending, pendingCount, used) = (newValue.pending, Int(newValue.count), newValue.used)
    }
  }

  /// The bytes that hold so many fields of up to 64 bits, and room for the last store.
  static func byteCount(fields: Int) -> Int { 8 * fields + 16 }

  /// Appends the lowest `count` bits (0 to 56) of `value`, whose other bits are zero.
  @inline(__always)
  mutating func appendShort(_ value: UInt64, count: Int, to bytes: inout MutableSpan<UInt8>) {
    pending |= value &<< UInt64(truncatingIfNeeded: pendingCount)
    pendingCount &+= count
    precondition(used &+ 8 <= bytes.count, "There is room for eight bytes")
    var raw = bytes.mutableBytes
    // Stores eight bytes and keeps those that are whole.
    // Safe: `used + 8` does not pass the end, as was just checked.
    unsafe raw.storeBytes(
      of: pending.littleEndian, toUncheckedByteOffset: used, as: UInt64.self)
    let whole = pendingCount & ~7
    used &+= whole &>> 3
    pending = pending &>> UInt64(truncatingIfNeeded: whole)
    pendingCount &-= whole
  }

  /// Appends the lowest `count` bits (0 to 56) of `value`, whose other bits are zero, to memory of
  /// which the caller knows that eight bytes more are free.
  @inline(__always)
  mutating func appendShort(_ value: UInt64, count: Int, to bytes: UnsafeMutableRawPointer) {
    hold(value, count: count)
    unsafe store(to: bytes)
  }

  /// Keeps bits for the next store; no more than 64 with those that are pending.
  @inline(__always)
  mutating func hold(_ value: UInt64, count: Int) {
    pending |= value &<< UInt64(truncatingIfNeeded: pendingCount)
    pendingCount &+= count
  }

  /// Stores whole bytes to memory of which the caller knows that eight bytes more are free.
  @inline(__always)
  mutating func store(to bytes: UnsafeMutableRawPointer) {
    // Safe: the caller's promise.
    unsafe bytes.storeBytes(of: pending.littleEndian, toByteOffset: used, as: UInt64.self)
    let whole = pendingCount & ~7
    used &+= whole &>> 3
    pending = pending &>> UInt64(truncatingIfNeeded: whole)
    pendingCount &-= whole
  }

  /// Fills the last byte.
  ///
  /// - Returns: the bytes that all fields take.
  mutating func finish(_ bytes: inout MutableSpan<UInt8>) -> Int {
    appendShort(0, count: 7, to: &bytes)
    return used
  }
}
