// SPDX-License-Identifier: Apache-2.0
//
// What a writer does when it is asked to.

import InputTapeCore

extension WriterEngine {
  /// Writes the file header, and of a live recording what it says of itself: a process that is
  /// killed from here on leaves a recording, and no empty file.
  func begin(with metadata: RecordingMetadata) throws(FileError) {
    _ = accept(.metadata(metadata))
    try withLock { () throws(FileError) in
      drain()
      try segments.begin()
      // A file that is written as a whole says everything before its first block.
      if isLive { try emitter.write(takeWhatWaits()) }
    }
  }

  /// Hands all events so far to the sink.
  func flush() throws(FileError) {
    drain()
    handOver()
    try emitter.throwFailure()
  }

  /// Hands over what is drained, and what has been said of the recording even where no event
  /// follows.
  func handOver() {
    cut()
    drainPipeline()
    emitter.emit(takeWhatWaits())
  }

  func sync() throws(FileError) {
    try flush()
    syncSegments()
    try emitter.throwFailure()
  }

  /// Syncs, and counts how often that has failed.
  func syncSegments() {
    syncFailureCount = emitter.sync() ? 0 : syncFailureCount + 1
  }

  /// Writes all that is left, the metadata again, the index and the trailer.
  func finish() throws(FileError) {
    segments.tryAgain()
    drain()
    cut()
    drainPipeline()
    if isLive { syncSegments() }
    // Gaps of the last blocks, where the sink takes bytes again; it is tried no more than twice.
    for _ in 0..<2 { emitter.emitLosses() }
    try emitter.close(takePrelude())
    if isLive || segments.path != nil { syncSegments() }
    try emitter.throwFailure()
  }

  /// Figures as the caller sees them, who does not wait for files.
  func publishFigures() {
    var figures = emitter.statistics
    figures.blockCount = segments.blockCount
    figures.byteCount = segments.byteCount
    inbox.statistics = figures
  }
}
