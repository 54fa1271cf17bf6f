// SPDX-License-Identifier: Apache-2.0
//
// What a value's statistics depend on (Specs/Adaptive.md, section 1).

/// Four hashed contexts of a value.
struct AdaptiveContexts {
  var a: UInt64
  var b: UInt64
  var c: UInt64
  var d: UInt64

  /// Makes the four contexts of a number, or three of any other value.
  @inline(__always)
  init(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64 = 0) {
    self.a = a
    self.b = b
    self.c = c
    self.d = d
  }

  /// The contexts of a value that is no number: the fourth is its field alone.
  @inline(__always)
  func completed(by field: AdaptiveField) -> AdaptiveContexts {
    AdaptiveContexts(a, b, c, Self.hash(131 | UInt64(field.rawValue) << 8))
  }

  /// Scrambles a word of context.
  @inline(__always)
  static func hash(_ word: UInt64) -> UInt64 {
    var hash = word &* 0x9E37_79B9_7F4A_7C15
    hash ^= hash >> 32
    return hash &* 0xD6E8_FEB8_6659_FD93
  }

  /// The contexts of a part of the value.
  @inline(__always)
  func part(_ number: Int) -> AdaptiveContexts {
    AdaptiveContexts(
      Self.part(a, number), Self.part(b, number), Self.part(c, number), Self.part(d, number))
  }

  /// A context of a part of the value.
  @inline(__always)
  static func part(_ context: UInt64, _ number: Int) -> UInt64 {
    let word = UInt64(truncatingIfNeeded: number) &* 0xA076_1D64_78BD_642F
    return (context &+ word) &* 0xE703_7ED1_A0B4_28DB
  }
}
