// SPDX-License-Identifier: Apache-2.0
//
// What tokens of pairs stand for, as the loops of `PairTable` want it.
//
// Invariant: each column has 256 entries, one for each byte.

/// What each token of a pair stands for, column by column: a column's entries are of a size that
/// processors multiply an index by.
struct PairEntries: ~Copyable {
  private struct Columns: BitwiseCopyable {
    var masks = InlineArray<256, UInt64>(repeating: 0)
    var secondBases = InlineArray<256, UInt64>(repeating: 0)
    var firsts = InlineArray<256, SIMD2<UInt32>>(repeating: SIMD2())
    var counts = InlineArray<256, SIMD2<UInt8>>(repeating: SIMD2())
  }

  private let columns: UnsafeMutablePointer<Columns>

  init() {
    // Safe: initialised here, freed by `deinit` only.
    unsafe columns = UnsafeMutablePointer<Columns>.allocate(capacity: 1)
    unsafe columns.initialize(to: Columns())
  }

  deinit {
    // Safe: nobody else holds it.
    unsafe columns.deallocate()
  }

  // Safe, for all that follow: `columns` lives as long as this does.

  /// As many ones as both numbers have extra bits.
  @inline(__always)
  func mask(_ token: UInt8) -> UInt64 { unsafe columns.pointee.masks[Int(token)] }

  @inline(__always)
  func secondBase(_ token: UInt8) -> UInt64 { unsafe columns.pointee.secondBases[Int(token)] }

  @inline(__always)
  func firstBase(_ token: UInt8) -> UInt32 { unsafe columns.pointee.firsts[Int(token)].x }

  /// As many ones as the first number has extra bits, up to 32.
  @inline(__always)
  func firstMask(_ token: UInt8) -> UInt32 { unsafe columns.pointee.firsts[Int(token)].y }

  @inline(__always)
  func firstCount(_ token: UInt8) -> UInt8 { unsafe columns.pointee.counts[Int(token)].x }

  @inline(__always)
  func count(_ token: UInt8) -> UInt8 { unsafe columns.pointee.counts[Int(token)].y }

  func set(
    _ token: Int, first: (base: UInt64, count: Int), second: (base: UInt64, count: Int)
  ) {
    let count = first.count + second.count
    unsafe columns.pointee.masks[token] = Self.ones(count)
    unsafe columns.pointee.secondBases[token] = second.base
    unsafe columns.pointee.firsts[token] = SIMD2(
      UInt32(first.base), UInt32(truncatingIfNeeded: Self.ones(first.count)))
    unsafe columns.pointee.counts[token] = SIMD2(UInt8(first.count), UInt8(count))
  }

  private static func ones(_ count: Int) -> UInt64 { count < 64 ? 1 << UInt64(count) - 1 : .max }
}
