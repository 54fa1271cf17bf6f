// SPDX-License-Identifier: Apache-2.0
//
// Every check there is, from C.

// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CInputTape
import InputTape

@c @implementation
public func itape_reader_verify(
  _ reader: OpaquePointer?, _ verification: UnsafeMutablePointer<itape_verification>?,
  _ problem: (
    @convention(c) (UnsafeMutableRawPointer?, itape_status, UInt64, UnsafePointer<CChar>?) -> Void
  )?,
  _ context: UnsafeMutableRawPointer?
) -> itape_status {
  var isSound = true
  let result = status { () throws(CallFailure) in
    try ReaderHandle.with(reader) { handle throws(CallFailure) in
      let report = try library { () throws(FileError) in
        try handle.origin.verify()
      }
      isSound = report.isSound
      if let problem {
        for found in report.problems {
          // Safe: the text lives for the call.
          found.message.withCString { message in
            unsafe problem(
              context, itape_status(found.error.code.rawValue), found.error.position, message)
          }
        }
      }
      try itape_verification(report).fill(verification, "verification")
    }
  }
  return result == itape_status(ITAPE_OK) && !isSound ? itape_status(ITAPE_LOSS) : result
}

extension itape_verification {
  fileprivate init(_ report: VerifyReport) {
    self.init()
    segments = UInt64(report.segmentCount)
    records = UInt64(report.recordCount)
    sections = UInt64(report.sectionCount)
    events = UInt64(report.eventCount)
    bytes = report.byteCount
    problems = UInt64(report.problemCount)
    is_sound = report.isSound ? 1 : 0
    compared_index = report.comparedIndex ? 1 : 0
  }
}
