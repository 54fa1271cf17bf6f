// SPDX-License-Identifier: Apache-2.0
//
// A recording's events and unknown records into another one, with what the events alone do not
// tell: what blocks that were lost did to the state (Specs/Format.md, section 6.3).

import InputTapeCore

/// Copies recordings block after block.
package enum RecordingCopy {
  /// Copies all that can be read.
  ///
  /// - Parameter progress: is told how many events have been copied.
  package static func run(
    _ reader: borrowing RecordingReader, to writer: borrowing RecordingWriter, threads: Int = 1,
    progress: (Int) -> Void = { _ in }
  ) throws(FileError) {
    if reader.header.segmentNumber > 0 { writer.begin(with: try? reader.initialState()) }
    let extras = try reader.placedExtraRecords()
    let loader = SectionLoader(source: reader.contents.source, id: reader.header.recordingID)
    var next = 0
    var count = 0
    let options = writer.engine.options
    let eventLimit = options.isSparing ? options.eventsPerBlock : .max
    try reader.forEachRecord(
      threads: threads, eventLimit: eventLimit
    ) { record, batches throws(FileError) in
      while next < extras.count, extras[next].position < record.position {
        writer.append(extras[next].record)
        next += 1
      }
      if writer.needsState(before: batches), let state = try? loader.keyframe(of: record) {
        writer.begin(with: state)
      }
      count += batches.reduce(0) { $0 + $1.count }
      writer.append(giving: &batches)
      progress(count)
    }
    for extra in extras[next...] { writer.append(extra.record) }
  }
}
