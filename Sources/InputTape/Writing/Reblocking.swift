// SPDX-License-Identifier: Apache-2.0
//
// A recording of small blocks written anew, as if it had been written at once
// (Specs/Format.md, section 9.4).

import InputTapeCore

/// Writes recordings anew with full blocks.
enum Reblocking {
  /// Whether a recording has so many more blocks than it needs that it is worth a rewrite.
  static func isDue(_ statistics: WriterStatistics, _ options: WriterOptions) -> Bool {
    let limit = options.eventsPerBlock
    let needed = (statistics.writtenEventCount + limit - 1) / limit
    return statistics.blockCount >= 2 * max(needed, 1)
  }

  /// Writes the recording at `path` anew beside it, and puts it in its place.
  ///
  /// The recording that is there stays as it is until the new one is on the disk.
  static func run(
    path: String, options: WriterOptions, environment: WriterEnvironment
  ) throws(FileError) -> WriterStatistics {
    let storage = environment.storage
    let reader = try RecordingReader(source: try storage.open(path))
    let temporaryPath = path + ".reblock"
    var options = options
    options.flushIntervalNanoseconds = nil
    options.reblocksAtEnd = false
    options.recordingID = reader.header.recordingID
    do throws(FileError) {
      let statistics = try write(reader, to: temporaryPath, options, environment)
      try storage.rename(temporaryPath, to: path)
      try storage.syncFolder(storage.folder(of: path))
      return statistics
    } catch {
      try? storage.remove(temporaryPath)
      throw error
    }
  }

  private static func write(
    _ reader: borrowing RecordingReader, to path: String, _ options: WriterOptions,
    _ environment: WriterEnvironment
  ) throws(FileError) -> WriterStatistics {
    let writer = try RecordingWriter(
      path: path, metadata: reader.metadata, options: options, replacing: true,
      environment: environment)
    try copy(reader, to: writer)
    let statistics = try writer.finish()
    if let loss = reader.status.losses.first { throw .format(loss.error) }
    return statistics
  }

  /// Copies events, block after block, and the records that this version does not know.
  private static func copy(
    _ reader: borrowing RecordingReader, to writer: borrowing RecordingWriter
  ) throws(FileError) {
    let extras = try reader.extraRecords()
    var next = 0
    var block = 0
    try reader.forEachBlock { batches in
      while next < extras.count, extras[next].block <= block {
        writer.append(extras[next].record)
        next += 1
      }
      for batch in batches { writer.append(batch) }
      block += 1
    }
    for extra in extras[next...] { writer.append(extra.record) }
  }
}
