// SPDX-License-Identifier: Apache-2.0
//
// A block between the writer that cuts it and the thread that encodes it.

import InputTapeCore

/// One block on its way through the pipeline, and the records that stand before it.
struct PipelineItem: Sendable {
  /// A state that other events than those before have led to.
  struct Start: Sendable {
    /// nil where nobody knows it.
    var state: RecordingState?
  }

  var draft = BlockDraft()
  /// What the events take as rows.
  var rowByteCount = 0
  var classes: [TrackID: TrackClass] = [:]
  var sections = EncodedSections()
  /// METADATA and unknown records that must stand before the block.
  var prelude: [PreludeRecord] = []
  /// The state that the block begins with, where it does not follow from the events before it.
  var start: Start?
}

/// A record that stands before a block.
struct PreludeRecord: Sendable {
  var type: RecordType
  var payload: [UInt8]
}
