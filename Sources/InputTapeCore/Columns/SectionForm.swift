// SPDX-License-Identifier: Apache-2.0
//
// How the bytes of a section are to be read (Specs/Format.md, section 6).

/// How the bytes of a section are to be read.
package enum SectionForm: UInt8, Sendable {
  /// Columns of tokens, not compressed.
  case plain = 0
  /// Columns of tokens, compressed with Zstandard.
  case zstd = 1
  /// Columns of tokens, compressed with DEFLATE.
  case deflate = 2
  /// The adaptive coder.
  case adaptive = 3
}
