// SPDX-License-Identifier: Apache-2.0
//
// Columns of 0 to 3, four entries in a token (Specs/Encodings.md, sections 4 and 5).
//
// Invariant: eight entries, and their two tokens, are read and written only where there are so
// many; so are sixteen.

import CInputTapePlatform

/// Integers of which four may stand in a token.
typealias PackedInteger = FixedWidthInteger & BitwiseCopyable & SIMDScalar

/// What is pressed and let go repeats itself over several events: a token of four tells the next
/// four better than one event tells the next.
enum PackedColumn {
  /// The scheme of numbers that are packed.
  static let scheme: UInt8 = 10
  /// The largest value.
  static let largest = 3
  /// A column of fewer entries is not worth packing.
  static let shortest = 64

  /// How many tokens so many entries have.
  static func tokenCount(_ count: Int) -> Int { count / 4 + (count % 4 > 0 ? 1 : 0) }

  /// Whether all values are 0 to 3, which are this joined by "or".
  static func holds<T: ColumnInteger>(_ union: T) -> Bool { union & ~T(largest) == 0 }

  /// Replaces `tokens` by those of values of 0 to 3.
  static func pack<T: PackedInteger>(
    _ values: Span<T>, into tokens: inout [UInt8], vectors: Vectors = .best
  ) {
    tokens.resize(forAll: tokenCount(values.count))
    let size = MemoryLayout<T>.size
    unsafe values.withUnsafeBytes { source in
      unsafe tokens.withUnsafeMutableBytes { target in
        guard let start = source.baseAddress, let first = target.baseAddress else { return }
        var index = 0
        if vectors == .of512, size == 4 || size == 8 {
          // Safe: a token for four of so many values.
          index = unsafe itape_pack_fours_512(start, size, values.count, first)
        }
        while index &+ 8 <= values.count {
          // Safe: eight values are left, and so two tokens.
          let eight = unsafe source.loadUnaligned(
            fromByteOffset: index &* MemoryLayout<T>.size, as: SIMD8<T>.self)
          unsafe target.storeBytes(
            of: pack(eight).littleEndian, toByteOffset: index &>> 2, as: UInt16.self)
          index &+= 8
        }
        guard index < values.count else { return }
        var rest = SIMD8<T>()
        for place in index..<values.count { rest[place &- index] = values[place] }
        let last = pack(rest)
        unsafe target[index &>> 2] = UInt8(truncatingIfNeeded: last)
        if values.count &- index > 4 {
          unsafe target[index &>> 2 &+ 1] = UInt8(truncatingIfNeeded: last &>> 8)
        }
      }
    }
  }

  /// Two tokens.
  @inline(__always)
  private static func pack<T: PackedInteger>(_ eight: SIMD8<T>) -> UInt16 {
    let bytes = SIMD8<UInt8>(truncatingIfNeeded: eight)
    var all = unsafe UInt64(littleEndian: unsafeBitCast(bytes, to: UInt64.self))
    all = (all | all &>> 6) & 0x000F_000F_000F_000F
    all |= all &>> 12
    return UInt16(truncatingIfNeeded: all & 0xFF | all &>> 24 & 0xFF00)
  }

  /// Fills `values` from their tokens.
  ///
  /// - Returns: whether the last token has nothing behind the last value.
  static func unpack<T: PackedInteger>(
    _ tokens: Span<UInt8>, into values: inout [T], vectors: Vectors = .best
  ) -> Bool {
    let (count, size) = (values.count, MemoryLayout<T>.size)
    precondition(tokens.count == tokenCount(count), "Four values in a token")
    unsafe tokens.withUnsafeBytes { source in
      unsafe values.withUnsafeMutableBytes { target in
        guard let start = source.baseAddress, let first = target.baseAddress else { return }
        var index = 0
        if vectors == .of512, size == 4 || size == 8 {
          // Safe: a token for four of so many values.
          index = unsafe itape_unpack_fours_512(start, count, size, first)
        }
        while index &+ 8 <= count {
          // Safe: eight values are left, and so two tokens.
          let two = unsafe source.loadUnaligned(fromByteOffset: index &>> 2, as: UInt16.self)
          unsafe target.storeBytes(
            of: unpack(two.littleEndian), toByteOffset: index &* MemoryLayout<T>.size,
            as: SIMD8<T>.self)
          index &+= 8
        }
        guard index < count else { return }
        var two = unsafe UInt16(source[index &>> 2])
        if count &- index > 4 { two |= unsafe UInt16(source[index &>> 2 &+ 1]) &<< 8 }
        let eight: SIMD8<T> = unpack(two)
        let last = unsafe target.bindMemory(to: T.self)
        for place in index..<count { unsafe last[place] = eight[place &- index] }
      }
    }
    let rest = count & 3
    return rest == 0 || tokens[tokens.count - 1] >> UInt8(2 * rest) == 0
  }

  /// The values of two tokens.
  @inline(__always)
  private static func unpack<T: PackedInteger>(_ two: UInt16) -> SIMD8<T> {
    var all = UInt64(two & 0xFF) | UInt64(two &>> 8) &<< 32
    all = (all | all &<< 12) & 0x000F_000F_000F_000F
    all = (all | all &<< 6) & 0x0303_0303_0303_0303
    return SIMD8<T>(
      truncatingIfNeeded: unsafe unsafeBitCast(all.littleEndian, to: SIMD8<UInt8>.self))
  }
}
