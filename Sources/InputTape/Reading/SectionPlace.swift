// SPDX-License-Identifier: Apache-2.0
//
// A section that is known from its block's directory and has not been read.

import InputTapeCore

/// Where a section is, and what its bytes must be.
struct SectionPlace: Sendable {
  var entry: SectionEntry
  /// Where its bytes begin.
  var position: UInt64
  /// The block it belongs to.
  var record: RecordEntry

  /// What is lost with it.
  func loss(_ error: FormatError) -> Loss {
    var loss = Loss(record, error, eventCount: entry.content == .events ? entry.eventCount : 0)
    loss.track = entry.track
    return loss
  }
}
