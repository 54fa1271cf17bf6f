// SPDX-License-Identifier: Apache-2.0
//
// Where four bytes stand among many (Specs/Format.md, section 10.1).

import CInputTapePlatform

/// A search for a little-endian word at any offset.
package enum WordSearch {
  /// The first offset at which a word stands whole; nil where there is none.
  ///
  /// - Complexity: O(*n*), some bytes an instruction.
  package static func offset(of word: UInt32, in bytes: Span<UInt8>) -> Int? {
    // Safe: the callee reads exactly `count` bytes of the buffer, which lives for the call.
    let offset = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe itape_find_word(buffer.baseAddress, buffer.count, word)
    }
    return offset < bytes.count ? offset : nil
  }
}
