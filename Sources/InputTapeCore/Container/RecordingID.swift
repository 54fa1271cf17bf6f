// SPDX-License-Identifier: Apache-2.0
//
// The 16 bytes that all segments of a recording share, and the marks derived from them
// (Specs/Format.md, sections 3 and 4).

/// What all segments of a recording share: 16 random bytes, or bytes that a caller has chosen.
public struct RecordingID: Hashable, Sendable, CustomStringConvertible {
  public let bytes: [UInt8]

  /// - Precondition: there are 16 bytes.
  public init(bytes: [UInt8]) {
    precondition(bytes.count == 16, "A recording ID has 16 bytes")
    self.bytes = bytes
  }

  /// A random ID.
  public static func random(from source: any RandomSource = SystemRandomSource()) -> RecordingID {
    RecordingID(bytes: source.bytes(count: 16))
  }

  /// 32 hexadecimal digits.
  public var description: String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  /// The ID of 32 hexadecimal digits.
  public init?(_ text: some StringProtocol) {
    let digits = text.compactMap(\.hexDigitValue)
    guard digits.count == 32, text.count == 32 else { return nil }
    bytes = (0..<16).map { UInt8(digits[2 * $0] << 4 | digits[2 * $0 + 1]) }
  }

  /// What every record header of this recording begins with, so that another recording's records
  /// cannot pose as ours.
  package var sync: UInt32 { CRC32C.checksum(bytes) ^ 0x4550_4154 }

  /// What the checksums of record headers continue from.
  package var seed: UInt32 { CRC32C.checksum(bytes) }
}
