// SPDX-License-Identifier: Apache-2.0
//
// A recording of small blocks written anew, as if it had been written at once
// (Specs/Format.md, section 9.4).

import InputTapeCore

/// Writes recordings anew with full blocks.
enum Reblocking {
  /// Writes segments anew that have so many more blocks than they need that it is worth it.
  ///
  /// The file that is there stays as it is until the new one is on the disk.
  static func run(
    _ segments: [ClosedSegment], options: WriterOptions, environment: WriterEnvironment,
    statistics: inout WriterStatistics
  ) throws(FileError) {
    for (index, segment) in segments.enumerated() where segment.blockCount > 1 {
      guard let reader = try open(segment, environment.storage) else { continue }
      let needed = max((reader.eventCount - 1) / options.eventsPerBlock + 1, 1)
      guard segment.blockCount >= 2 * needed else { continue }
      var options = options
      options.isContinued = options.isContinued || index < segments.count - 1
      guard let new = try rewrite(segment, reader, options, environment) else { continue }
      // What was dropped and lost while recording stays said.
      statistics.blockCount += new.blockCount - segment.blockCount
      statistics.byteCount = statistics.byteCount + new.byteCount - reader.byteCount
    }
  }

  /// A segment; nil where somebody has taken it away: who ships segments does when they are closed.
  private static func open(
    _ segment: ClosedSegment, _ storage: any Storage
  ) throws(FileError) -> RecordingReader? {
    do throws(FileError) {
      let reader = try RecordingReader(source: try storage.open(segment.path))
      guard reader.header == segment.header else { return nil }
      return reader
    } catch {
      if case .system(_, _, ENOENT) = error { return nil }
      throw error
    }
  }

  /// - Returns: what the new file has; nil where it would not be smaller.
  private static func rewrite(
    _ segment: ClosedSegment, _ reader: borrowing RecordingReader, _ options: WriterOptions,
    _ environment: WriterEnvironment
  ) throws(FileError) -> WriterStatistics? {
    let storage = environment.storage
    let workingPath = segment.path + ".reblock"
    var options = options.forWholeCopy
    options.isSparing = true
    do throws(FileError) {
      let writer = try RecordingWriter(
        path: workingPath, header: segment.header, metadata: reader.metadata, options: options,
        environment: environment)
      try RecordingCopy.run(reader, to: writer)
      let statistics = try writer.finish()
      if let loss = reader.status.losses.first { throw FileError.format(loss.error) }
      guard statistics.writtenEventCount == reader.eventCount else {
        throw .system(operation: "write again all events of", path: segment.path, code: EIO)
      }
      // The next segment says how many of this one's records count: there may be fewer, not more.
      guard statistics.blockCount < segment.blockCount else {
        try storage.remove(workingPath)
        return nil
      }
      try storage.rename(workingPath, to: segment.path)
      try storage.syncFolder(storage.folder(of: segment.path))
      return statistics
    } catch {
      try? storage.remove(workingPath)
      throw error
    }
  }
}
