// SPDX-License-Identifier: Apache-2.0
//
// CRC-32C (Castagnoli; RFC 3720, appendix B.4), the checksum of headers and payloads.

import CInputTapePlatform

/// CRC-32C of bytes.
package enum CRC32C {
  /// The checksum of `bytes`, continued from that of the bytes before them.
  ///
  /// - Complexity: O(*n*), 8 bytes an instruction where the processor has one.
  package static func checksum(_ bytes: Span<UInt8>, continuing crc: UInt32 = 0) -> UInt32 {
    // Safe: the callee reads exactly `count` bytes of the buffer, which lives for the call.
    unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe itape_crc32c(crc, buffer.baseAddress, buffer.count)
    }
  }

  /// The checksum of a whole array.
  package static func checksum(_ bytes: [UInt8], continuing crc: UInt32 = 0) -> UInt32 {
    checksum(bytes.span, continuing: crc)
  }
}
