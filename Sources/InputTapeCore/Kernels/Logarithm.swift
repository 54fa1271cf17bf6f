// SPDX-License-Identifier: Apache-2.0
//
// Logarithms in integers, so that every machine makes the same choice.

/// Binary logarithms of counts.
enum Logarithm {
  /// Results are in units of 2 to the power of minus this.
  static let scale = 12
  private static let tableBits = 10

  /// `value · log2(value)`, scaled; 0 for 0.
  @inline(__always)
  static func product(_ value: Int) -> Int {
    value > 1 ? value * log2(value) : 0
  }

  /// The products of small numbers.
  static let products = (0...4_096).map { UInt32(product($0)) }

  /// The logarithm of a number above 0, scaled.
  @inline(__always)
  static func log2(_ value: Int) -> Int {
    let exponent = Int.bitWidth - 1 - value.leadingZeroBitCount
    let fraction = (value << tableBits) >> exponent - (1 << tableBits)
    return exponent << scale + Int(table[fraction])
  }

  /// The logarithms of 1 + i / 2^tableBits, by squaring.
  private static let table: [Int32] = (0..<(1 << tableBits)).map { index in
    var value = (UInt64(1) << 32) + UInt64(index) << UInt64(32 - tableBits)
    var result: Int32 = 0
    for _ in 0..<scale {
      value = ((value >> 2) * (value >> 2)) >> 28
      result <<= 1
      if value >= 1 << 33 {
        value >>= 1
        result |= 1
      }
    }
    return result
  }
}
