// SPDX-License-Identifier: Apache-2.0
//
// The records of a recording into its segments, one after another (Specs/Format.md, section 9).
//
// Invariant: `retained` holds what has been written to the present segment since `syncedCount`
// records were known to be on the disk.

import InputTapeCore

/// Writes records; begins another file where that is due or must be.
final class SegmentWriter {
  /// What a sync that failed has led to.
  struct Replacement {
    var error: FileError
    /// Tracks whose events were at risk.
    var tracks: Set<TrackID>
    /// Whether everything that was at risk has been, or will be, written again.
    var isWhole: Bool
  }

  private let environment: WriterEnvironment
  private let options: WriterOptions
  /// The first segment's path; nil for a sink of the caller's.
  let path: String?
  private var sink: any ByteSink
  private var emitter: RecordEmitter
  private var retained = RetainedRecords()
  private var syncedCount: UInt64 = 0
  /// A sync of the present file has failed: another one must take its place.
  private var mustReplace = false
  private var isFolderSynced = false
  private var isVanished = false
  private var begun: Int64
  private var nextAttempt = Int64.min
  private var attemptError: FileError?
  /// The last record has been written: whatever takes this file's place has it too.
  private var isClosed = false
  /// Files of ours that were begun and not gone over to, and may still be there.
  private var leftovers: Set<String> = []
  private var earlierBlockCount = 0
  private var earlierByteCount: UInt64 = 0
  /// Segments that were closed, which may be written anew.
  private(set) var closed: [ClosedSegment] = []
  /// What the next segment begins with.
  var metadata = RecordingMetadata()
  /// For the caller: taken by the engine.
  var notices: [WriterNotice] = []

  init(
    sink: any ByteSink, path: String?, header: FileHeader, options: WriterOptions,
    environment: WriterEnvironment
  ) {
    self.sink = sink
    self.path = path
    self.options = options
    self.environment = environment
    begun = environment.clock.now()
    emitter = RecordEmitter(
      sink: sink, header: header, compression: options.encoding.compression)
  }

  var header: FileHeader { emitter.header }
  /// Whether all records of the present segment are known to be on the disk.
  var isSynced: Bool { !mustReplace && syncedCount == UInt64(emitter.sequence) }
  var blockCount: Int { earlierBlockCount + emitter.blockCount }
  var byteCount: UInt64 { earlierByteCount + emitter.position }
  var unsyncedByteCount: Int { retained.byteCount }

  /// The path of the segment that is being written.
  var currentPath: String? {
    path.map { SegmentFiles.path($0, segment: header.segmentNumber) }
  }

  private var isRetaining: Bool {
    path != nil && options.isLive && options.syncIntervalNanoseconds != nil
  }

  // MARK: - Records

  /// Writes the file header, if it has not been written.
  func begin() throws(FileError) { try emitter.begin() }

  func emit(_ type: RecordType, payload: [UInt8]) throws(FileError) {
    try replaceIfNeeded()
    try emitter.emit(type, payload: payload)
    if isRetaining { retained.append(.other(type, payload), byteCount: payload.count) }
  }

  func emit(_ block: inout EncodedBlock) throws(FileError) {
    // A segment's METADATA stands before its first block, whatever was refused before.
    if !emitter.hasMetadata { try emit(.metadata, payload: metadata.encode(header: header)) }
    try replaceIfNeeded()
    try emitter.emit(&block)
    if isRetaining { retained.append(block) }
  }

  /// Writes the metadata, the last index and the trailer.
  func close() throws(FileError) {
    try replaceIfNeeded()
    for path in leftovers.sorted() { try? environment.storage.remove(path) }
    try writeEnd(emitter)
    isClosed = true
    noteClosed()
  }

  private func writeEnd(_ emitter: RecordEmitter) throws(FileError) {
    try emitter.emit(.metadata, payload: metadata.encode(header: emitter.header))
    try emitter.close(isContinued: options.isContinued)
  }

  private func noteClosed() {
    guard let currentPath else { return }
    closed.append(
      ClosedSegment(path: currentPath, header: header, blockCount: emitter.blockCount))
  }

  // MARK: - Syncing

  /// Makes all records so far survive a loss of power.
  ///
  /// - Returns: what had to be done because the system could not, if it could not.
  func sync() throws(FileError) -> Replacement? {
    try replaceIfNeeded()
    do throws(FileError) {
      try sink.sync()
    } catch {
      return try failSync(error)
    }
    syncedCount = UInt64(emitter.sequence)
    retained.removeAll()
    try syncFolderOnce()
    try giveNameBack()
    return nil
  }

  private func failSync(_ error: FileError) throws(FileError) -> Replacement? {
    guard path != nil, !mustReplace, !options.isWholeCopy else { throw error }
    notices.append(.syncFailed(error))
    // The file that takes its place is the last one.
    if isClosed { closed.removeLast() }
    let isWhole = isRetaining && !retained.isOverflowed
    if !isWhole {
      syncedCount = UInt64(emitter.sequence)
      retained.removeAll()
    }
    mustReplace = true
    nextAttempt = .min
    let replacement = Replacement(error: error, tracks: retained.tracks, isWhole: isWhole)
    // Where no other file can be begun now, the next record tries again.
    try? replaceIfNeeded()
    return replacement
  }

  private func syncFolderOnce() throws(FileError) {
    guard let path, !isFolderSynced else { return }
    try environment.storage.syncFolder(environment.storage.folder(of: path))
    isFolderSynced = true
  }

  // MARK: - Another file

  /// Puts a new file in the place of one whose sync failed.
  private func replaceIfNeeded() throws(FileError) {
    guard mustReplace else { return }
    let now = environment.clock.now()
    if let attemptError, now < nextAttempt { throw attemptError }
    do throws(FileError) {
      try replace()
    } catch {
      nextAttempt = now + Self.attemptInterval
      attemptError = error
      notices.append(.segmentFailed(error))
      throw error
    }
    attemptError = nil
  }

  /// Lets the next record try at once what failed a moment ago: there may be no later one.
  func tryAgain() { nextAttempt = .min }

  /// A file that cannot be begun is tried again after this time.
  private static let attemptInterval: Int64 = 200_000_000

  /// Writes a file with all that is not known to be on the disk: the next segment, or, where
  /// nothing of the present one is, that one anew under its own name, so that no segment follows
  /// one that may never have been. It gets its name when it has them all: whoever reads the
  /// recording at any moment misses nothing.
  private func replace() throws(FileError) {
    guard let path else { return }
    let storage = environment.storage
    let isAnew = syncedCount == 0
    // What is known to be on the disk is there under no name if the file has lost it.
    if !isAnew { try giveNameBack() }
    let number = header.segmentNumber + (isAnew ? 0 : 1)
    let finalPath = SegmentFiles.path(path, segment: number)
    let workingPath = finalPath + ".new"
    let newSink = FileSink(try storage.create(workingPath, replacing: true))
    let newEmitter =
      isAnew
      ? RecordEmitter(sink: newSink, header: header, compression: options.encoding.compression)
      : makeEmitter(newSink, number: number, counting: syncedCount)
    do throws(FileError) {
      let records = try emitRetained(to: newEmitter, isAnew: isAnew)
      try storage.rename(workingPath, to: finalPath)
      mustReplace = false
      adopt(newSink, newEmitter, path: finalPath)
      retained = records
      if isClosed { noteClosed() }
    } catch {
      try? storage.remove(workingPath)
      throw error
    }
    // A disk that syncs nothing still keeps what it is given until the power fails.
    if (try? newSink.sync()) != nil {
      syncedCount = UInt64(emitter.sequence)
      retained.removeAll()
    }
  }

  /// Writes what must be written again.
  ///
  /// - Returns: what is now in the new file.
  private func emitRetained(
    to newEmitter: RecordEmitter, isAnew: Bool
  ) throws(FileError) -> RetainedRecords {
    var records = RetainedRecords()
    try newEmitter.begin()
    if !isAnew {
      let payload = metadata.encode(header: newEmitter.header)
      try newEmitter.emit(.metadata, payload: payload)
      if isRetaining { records.append(.other(.metadata, payload), byteCount: payload.count) }
    }
    for record in retained.records {
      switch record {
      case .block(var block):
        try newEmitter.emit(&block)
        records.append(.block(block), byteCount: block.bytes.count)
      case .other(let type, let payload):
        try newEmitter.emit(type, payload: payload)
        records.append(record, byteCount: payload.count)
      }
    }
    if isClosed { try writeEnd(newEmitter) }
    return records
  }

  private func makeEmitter(
    _ sink: any ByteSink, number: UInt64, counting count: UInt64
  ) -> RecordEmitter {
    RecordEmitter(
      sink: sink,
      header: FileHeader(
        recordingID: header.recordingID, segmentNumber: number, predecessorRecordCount: count),
      compression: options.encoding.compression)
  }

  private func adopt(_ newSink: FileSink, _ newEmitter: RecordEmitter, path: String) {
    if newEmitter.header.segmentNumber != header.segmentNumber {
      earlierBlockCount += emitter.blockCount
      earlierByteCount += emitter.position
    }
    sink = newSink
    emitter = newEmitter
    syncedCount = 0
    begun = environment.clock.now()
    isFolderSynced = false
    isVanished = false
    leftovers.remove(path)
    notices.append(.segment(number: header.segmentNumber, path: path))
  }

  /// Whether another segment could follow the present one: it has something, and may be left.
  var canRotate: Bool {
    // A file without a name must have it again before it is left.
    path != nil && options.mayHaveSegments && emitter.blockCount > 0 && !mustReplace && !isVanished
  }

  /// Whether the present segment is long or old enough.
  func isRotationDue(at now: Int64) -> Bool {
    guard canRotate, now >= nextAttempt else { return false }
    let isLong = options.segmentByteLimit.map { emitter.position >= $0 } ?? false
    let isOld = options.segmentAgeNanoseconds.map { now - begun >= $0 } ?? false
    return isLong || isOld || emitter.sequence >= 1 << 31
  }

  /// Closes the present segment, whose blocks have just been synced, and begins the next.
  ///
  /// - Returns: whether there is a new one; if not, the present one goes on.
  func rotate() -> Bool {
    guard let path else { return false }
    let number = header.segmentNumber + 1
    let nextPath = SegmentFiles.path(path, segment: number)
    do throws(FileError) {
      // The next file is there before this one is closed: a recording that is closed and goes on
      // has somewhere to go on.
      let file = try environment.storage.create(
        nextPath, replacing: options.isReplacing || leftovers.contains(nextPath))
      leftovers.insert(nextPath)
      let newSink = FileSink(file)
      let newEmitter = makeEmitter(newSink, number: number, counting: UInt64(emitter.sequence))
      do throws(FileError) {
        try newEmitter.begin()
      } catch {
        try? environment.storage.remove(nextPath)
        throw error
      }
      closePresent()
      adopt(newSink, newEmitter, path: nextPath)
      return true
    } catch {
      nextAttempt = environment.clock.now() + Self.attemptInterval
      notices.append(.segmentFailed(error))
      return false
    }
  }

  /// Closes the segment that another one follows: as well as the system lets it.
  private func closePresent() {
    do throws(FileError) {
      try emitter.emit(.metadata, payload: metadata.encode(header: header))
      try emitter.close(isContinued: true)
      if let currentPath {
        closed.append(
          ClosedSegment(path: currentPath, header: header, blockCount: emitter.blockCount))
      }
      try sink.sync()
    } catch {
      // Its blocks are on the disk: a reader finds them without the index.
      notices.append(.segmentFailed(error))
    }
    retained.removeAll()
  }

  // MARK: - A file that is removed

  /// Makes a file anew that has lost its name, from the bytes that the system still holds.
  private func giveNameBack() throws(FileError) {
    guard let path = currentPath, let old = sink as? FileSink else { return }
    guard try !old.file.isLinked() else { return }
    if !isVanished { notices.append(.vanished(path: path)) }
    isVanished = true
    let storage = environment.storage
    let copy = FileSink(try storage.create(path, replacing: leftovers.contains(path)))
    leftovers.insert(path)
    do throws(FileError) {
      var buffer: [UInt8] = []
      while copy.position < old.position {
        let count = Int(min(old.position - copy.position, 1 << 20))
        try old.file.read(at: copy.position, count: count, into: &buffer)
        guard buffer.count == count else { throw .system(operation: "read", path: path, code: EIO) }
        try copy.write(buffer.span)
      }
      try copy.sync()
    } catch {
      try? storage.remove(path)
      throw error
    }
    leftovers.remove(path)
    sink = copy
    emitter.continue(in: copy)
    isVanished = false
    isFolderSynced = false
    notices.append(.restored(path: path))
    try syncFolderOnce()
  }
}

/// A segment that has been closed.
struct ClosedSegment {
  var path: String
  var header: FileHeader
  var blockCount: Int
}
