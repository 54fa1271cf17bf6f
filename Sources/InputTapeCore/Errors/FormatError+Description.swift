// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with bytes, in words for people.

extension FormatError: CustomStringConvertible {
  /// What is wrong and where.
  public var description: String {
    "position \(position): \(code.sentence) (error \(code.rawValue))"
  }
}

extension FormatError.Code {
  package var sentence: String {
    switch self {
    case .truncated: "the bytes end before the value does"
    case .truncatedRecord: "the bytes end before the record does"
    case .headerChecksum: "the record header's checksum is wrong"
    case .payloadChecksum: "the payload's checksum is wrong"
    case .sectionChecksum: "the section's checksum is wrong"
    case .fileHeaderChecksum: "the file header's checksum is wrong"
    case .notARecording: "expected the magic of a recording"
    case .noRecord: "expected a record of this recording"
    case .malformed: "a field has a value that the format does not allow"
    case .decompression: "a stream does not decompress to its declared length"
    case .reservedNotZero: "a reserved field is not zero"
    case .sequence: "the sequence number does not follow the one before"
    case .index: "the index says something else than the records"
    case .unsupportedVersion: "this version of the format is not supported"
    case .unsupportedEncoding: "an encoding or a record type is unknown"
    case .sealed: "the section is sealed, and there is no key for it"
    case .limitExceeded: "a size or a count is beyond its limit"
    }
  }
}
