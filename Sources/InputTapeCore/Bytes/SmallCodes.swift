// SPDX-License-Identifier: Apache-2.0
//
// A set of small codes, and a loop that looks for others.

import CInputTapePlatform

/// Codes below 256 that were seen.
struct SmallCodes {
  private var bits: [UInt64] = [0, 0, 0, 0]

  /// Takes over a code, if it is small.
  mutating func insert(_ code: Int32) {
    guard let code = UInt8(exactly: code) else { return }
    bits[Int(code >> 6)] |= 1 << UInt64(code & 63)
  }

  /// How many codes are left without those at the end that were all seen, sixteen by sixteen.
  func skip(_ codes: Span<Int32>, vectors: Vectors = .best) -> Int {
    guard vectors == .of512 else { return codes.count }
    // Safe: the set has four words, and codes are read from the count on.
    return unsafe codes.withUnsafeBufferPointer { codes in
      unsafe bits.withUnsafeBufferPointer { bits in
        guard let source = codes.baseAddress, let bits = bits.baseAddress else { return 0 }
        return unsafe itape_skip_seen_512(source, codes.count, bits)
      }
    }
  }
}
