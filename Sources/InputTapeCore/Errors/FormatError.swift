// SPDX-License-Identifier: Apache-2.0
//
// What can be wrong with bytes (Specs/Errors.md).

/// The bytes are not what the format allows.
public struct FormatError: Error, Hashable, Sendable {
  /// What is wrong.
  public let code: Code
  /// The position in the file of the first unacceptable byte.
  public let position: UInt64

  public init(_ code: Code, at position: UInt64) {
    self.code = code
    self.position = position
  }

  /// The numbers of Specs/Errors.md: 10s truncated, 20s checksum, 30s malformed, 40s unsupported,
  /// 50s limits. A number never changes its meaning.
  @nonexhaustive
  public enum Code: UInt16, Sendable {
    /// The bytes end before the value does.
    case truncated = 10
    /// A record's payload is longer than what is left.
    case truncatedRecord = 11
    /// A record header's checksum is wrong.
    case headerChecksum = 20
    /// A payload's or a directory's checksum is wrong.
    case payloadChecksum = 21
    /// A section's checksum is wrong.
    case sectionChecksum = 22
    /// The file header's checksum is wrong.
    case fileHeaderChecksum = 23
    /// The file does not begin with the magic of a recording.
    case notARecording = 30
    /// No record begins where one must.
    case noRecord = 31
    /// A field holds a value that the format does not allow.
    case malformed = 32
    /// A compressed stream cannot be decompressed to exactly its declared length.
    case decompression = 33
    /// A reserved field is not zero.
    case reservedNotZero = 34
    /// A sequence number does not follow the one before it.
    case sequence = 35
    /// What the index says differs from what the records say.
    case index = 36
    /// The major version or an incompatible feature is unknown.
    case unsupportedVersion = 40
    /// A record, section or encoding is unknown and may not be skipped.
    case unsupportedEncoding = 41
    /// A sealed section, and no key for it.
    case sealed = 42
    /// A declared size or count is beyond its limit.
    case limitExceeded = 50
  }
}
