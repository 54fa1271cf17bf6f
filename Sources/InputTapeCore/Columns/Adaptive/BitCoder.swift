// SPDX-License-Identifier: Apache-2.0
//
// What codes single bits of known probability (Specs/Adaptive.md, section 2): an encoder or a
// decoder, so that both directions share one model.

/// Codes bits: an encoder takes them, a decoder finds them.
protocol BitCoder {
  /// Whether bits are found, not taken.
  static var isDecoder: Bool { get }

  /// Codes one bit.
  ///
  /// - Parameters:
  ///   - bit: 0 or 1; a decoder ignores it.
  ///   - probability: of a 1, in 65,536ths, 1 to 65,535.
  /// - Returns: the bit.
  mutating func code(_ bit: Int, probability: Int) -> Int

  /// Codes the low bits of a number, highest first, each as likely 0 as 1.
  mutating func codeRaw(_ value: UInt64, bitCount: Int) -> UInt64

  /// Whether a decoder has gone past the end of its bytes.
  var isOverrun: Bool { get }
}
