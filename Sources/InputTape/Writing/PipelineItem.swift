// SPDX-License-Identifier: Apache-2.0
//
// A block between the writer that cuts it and the thread that encodes it.

import InputTapeCore

/// One block on its way through the pipeline, and the records that stand before it.
struct PipelineItem: Sendable {
  var draft = BlockDraft()
  var settings = EncodingSettings()
  var classes: [TrackID: TrackClass] = [:]
  var encoded = EncodedBlock()
  /// METADATA and unknown records that must stand before the block.
  var prelude: [PreludeRecord] = []
}

/// A record that stands before a block.
struct PreludeRecord: Sendable {
  var type: RecordType
  var payload: [UInt8]
}
