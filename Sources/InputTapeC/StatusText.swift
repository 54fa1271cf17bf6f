// SPDX-License-Identifier: Apache-2.0
//
// Names of statuses, and versions.

// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CInputTape
import InputTape

@c @implementation
public func itape_status_string(_ status: itape_status) -> UnsafePointer<CChar>? {
  cString(statusText(Int(status)))
}

@c @implementation
public func itape_abi_version() -> UInt32 { UInt32(ITAPE_ABI_VERSION) }

@c @implementation
public func itape_version() -> UnsafePointer<CChar>? { cString("0.1.0") }

/// A literal as C sees it.
private func cString(_ text: StaticString) -> UnsafePointer<CChar> {
  // Safe: a literal has static storage and ends with 0.
  unsafe UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}

private func statusText(_ status: Int) -> StaticString {
  switch status {
  case ITAPE_OK: "done"
  case ITAPE_END: "there are no more"
  case ITAPE_DROPPED: "the queue was full, and the event was dropped"
  case ITAPE_LOSS: "something of the recording is damaged, missing or was not closed"
  case ITAPE_ERROR_ARGUMENT: "an argument is not allowed"
  case ITAPE_ERROR_STRUCT_SIZE: "a struct has a size that this library does not know"
  case ITAPE_ERROR_STATE: "the call is not possible now"
  case ITAPE_ERROR_BUFFER: "the buffer is too small"
  case ITAPE_ERROR_SYSTEM: "the system refused"
  case ITAPE_ERROR_NOT_FOUND: "there is no such thing"
  default: formatText(status)
  }
}

/// Numbers of Specs/Errors.md.
private func formatText(_ status: Int) -> StaticString {
  switch UInt16(exactly: status).flatMap(FormatError.Code.init(rawValue:)) {
  case .truncated: "the bytes end before the value does"
  case .truncatedRecord: "the bytes end before the record does"
  case .headerChecksum: "a record header's checksum is wrong"
  case .payloadChecksum: "a payload's checksum is wrong"
  case .sectionChecksum: "a section's checksum is wrong"
  case .fileHeaderChecksum: "the file header's checksum is wrong"
  case .notARecording: "this is no recording"
  case .noRecord: "no record begins where one must"
  case .malformed: "a field has a value that the format does not allow"
  case .decompression: "a stream does not decompress to its declared length"
  case .reservedNotZero: "a reserved field is not zero"
  case .sequence: "a sequence number does not follow the one before"
  case .index: "the index says something else than the records"
  case .unsupportedVersion: "this version of the format is not supported"
  case .unsupportedEncoding: "an encoding or a record type is unknown"
  case .sealed: "a section is sealed, and there is no key for it"
  case .limitExceeded: "a size or a count is beyond its limit"
  default: "unknown status"
  }
}
