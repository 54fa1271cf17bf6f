// SPDX-License-Identifier: Apache-2.0
//
// How much of a stretch of bytes has been there before (Specs/Design/0004-models.md).

import CInputTapePlatform

/// What a quick search for repeats finds.
enum Repeats {
  /// How many bytes are part of repeats, less the price of each; of fewer than 2¹⁶ bytes.
  ///
  /// - Parameter enough: a smaller result may be too small.
  static func saved(in bytes: Span<UInt8>, price: Int, enough: Int = 0) -> Int {
    precondition(bytes.count < 1 << 16 && price >= 0 && enough >= 0, "Places of 16 bits")
    // Safe: reads the bytes that there are.
    return unsafe bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return 0 }
      return unsafe itape_find_repeats(start, bytes.count, price, enough)
    }
  }
}
