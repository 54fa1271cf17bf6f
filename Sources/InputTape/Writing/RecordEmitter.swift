// SPDX-License-Identifier: Apache-2.0
//
// Records into a sink, numbered and indexed (Specs/Format.md, sections 4 and 7).
//
// Invariant: `pending` holds the records since the last INDEX record, that one first.

import InputTapeCore

/// Writes records in order, and indexes between them.
final class RecordEmitter {
  let header: FileHeader
  private var sink: any ByteSink
  private let encoder = RecordEncoder()
  private let compression: Compression
  private(set) var position: UInt64 = 0
  private(set) var sequence: UInt32 = 0
  private(set) var blockCount = 0
  private(set) var hasMetadata = false
  private var pending = BlockList()
  private var pendingByteCount: UInt64 = 0
  private var previousIndex: UInt64 = 0

  /// An index is written after this many bytes.
  private static let indexInterval: UInt64 = 4 << 20
  /// And after this many records, so that its payload keeps to the limits.
  private static let indexRecordLimit = 1 << 15

  init(sink: any ByteSink, header: FileHeader, compression: Compression) {
    self.sink = sink
    self.header = header
    self.compression = compression
  }

  private func write(_ bytes: [UInt8], from start: Int = 0) throws(FileError) {
    try sink.write(bytes.span.extracting(start..<bytes.count))
    position += UInt64(bytes.count - start)
  }

  /// Writes the file header, if it has not been written.
  func begin() throws(FileError) {
    if position == 0 { try write(header.encode()) }
  }

  /// Goes on in another sink, which holds the same bytes.
  func `continue`(in sink: any ByteSink) { self.sink = sink }

  /// Writes a record other than a block, and an index where one is due.
  func emit(
    _ type: RecordType, flags: RecordFlags = [], payload: [UInt8]
  ) throws(FileError) {
    try begin()
    let (header, bytes) = encoder.encode(
      type, flags: flags, payload: payload, compression: compression, sequence: sequence,
      id: self.header.recordingID)
    try write(bytes)
    note(header, sections: [])
    // Behind the metadata stands a block, or the last index.
    if type.isSkippable { emitIndexIfDue() }
  }

  /// Writes a block, and an index where one is due.
  func emit(_ block: inout EncodedBlock) throws(FileError) {
    try begin()
    block.complete(sequence: sequence, id: header.recordingID)
    try write(block.bytes, from: block.start)
    note(block.header, sections: block.sections)
    blockCount += 1
    emitIndexIfDue()
  }

  private func emitIndexIfDue() {
    guard pendingByteCount >= Self.indexInterval || pending.records.count >= Self.indexRecordLimit
    else { return }
    // The record is written: an index that could not be comes with the next one.
    try? emitIndex(flags: [])
  }

  private func note(_ header: RecordHeader, sections: [SectionEntry]) {
    let start = position - UInt64(header.recordByteCount)
    let entry = RecordEntry(header, position: start)
    pending.append(entry, sections: sections)
    pendingByteCount += entry.byteCount
    sequence += 1
    if header.type == .metadata { hasMetadata = true }
  }

  private func emitIndex(flags: RecordFlags) throws(FileError) {
    let payload = pending.encodeIndex(previousIndex: previousIndex)
    let start = position
    let listed = pending
    pending.removeAll()
    pendingByteCount = 0
    do {
      try emit(.index, flags: flags, payload: payload)
      previousIndex = start
    } catch {
      // What the index would have held comes with the next one.
      pending = listed
      throw error
    }
  }

  /// Writes the last index and the trailer.
  ///
  /// - Parameter isContinued: whether another segment follows.
  func close(isContinued: Bool) throws(FileError) {
    try emitIndex(flags: isContinued ? [.final, .continued] : .final)
    try write(Trailer.encode(indexPosition: previousIndex, id: header.recordingID))
  }
}
