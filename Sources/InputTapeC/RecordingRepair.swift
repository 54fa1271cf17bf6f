// SPDX-License-Identifier: Apache-2.0
//
// Damaged recordings made whole, from C.

// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CInputTape
import InputTape

@c @implementation
public func itape_recover(
  _ path: UnsafePointer<CChar>?, _ output: UnsafePointer<CChar>?,
  _ recovery: UnsafeMutablePointer<itape_recovery>?
) -> itape_status {
  var isWhole = true
  let result = status { () throws(CallFailure) in
    let path = try text(path, "path")
    let output = try text(output, "output")
    // Before anything is written: a struct of a wrong size.
    if let recovery { try itape_recovery().fill(recovery, "recovery") }
    let report = try library { () throws(FileError) in
      try RecordingRecovery.recover(path: path, to: output)
    }
    isWhole = report.isWhole
    if let recovery { try itape_recovery(report).fill(recovery, "recovery") }
  }
  return result == itape_status(ITAPE_OK) && !isWhole ? itape_status(ITAPE_LOSS) : result
}

extension itape_recovery {
  fileprivate init(_ report: RecoveryReport) {
    self.init()
    events = UInt64(report.eventCount)
    lost_events = UInt64(report.lostEventCount)
    added_gaps = UInt64(report.addedGapCount)
    losses = UInt64(report.status.losses.count)
    torn_bytes = report.status.tornByteCount
    bytes = report.byteCount
  }
}
