// SPDX-License-Identifier: Apache-2.0
//
// All that can be seen of something, folded into one number.

import InputTape
import InputTapeCore

/// A running hash of whatever is added to it.
///
/// Invariant: the same values in the same order give the same digest, on every machine.
public struct Observation {
  public private(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325
  /// Where a step's digest goes, for whoever looks for the first that differs.
  private let trace: ((String, UInt64) -> Void)?

  public init(trace: ((String, UInt64) -> Void)? = nil) { self.trace = trace }

  /// Ends a step that has a name.
  mutating func mark(_ step: @autoclosure () -> String) {
    if let trace { trace(step(), digest) }
  }

  mutating func add(_ value: UInt64) {
    digest = (digest ^ value) &* 0x9E37_79B9_7F4A_7C15
    digest ^= digest >> 29
  }

  mutating func add(_ value: some FixedWidthInteger) { add(UInt64(truncatingIfNeeded: value)) }

  mutating func add(_ value: Bool) { add(value ? 1 : 0 as UInt64) }

  mutating func add(_ bytes: some Collection<UInt8>) {
    add(bytes.count)
    for byte in bytes { add(UInt64(byte)) }
  }

  mutating func add(_ text: String) { add(Array(text.utf8)) }

  /// Adds whatever describes itself in one way only: no sets, no dictionaries within.
  mutating func add(described value: some Any) { add("\(value)") }

  mutating func add(_ error: FormatError) {
    add(error.code.rawValue)
    add(error.position)
  }

  mutating func add(failure error: any Error) {
    if case FileError.format(let error) = error {
      add(error)
    } else if let error = error as? FormatError {
      add(error)
    } else {
      add(described: error)
    }
  }

  mutating func add(_ header: RecordHeader) {
    for byte in [header.type.rawValue, header.flags.rawValue] { add(byte) }
    for count in [header.sectionCount, header.directoryByteCount] { add(count) }
    for number in [
      header.sequence, header.storedByteCount, header.rawByteCount, header.eventCount,
      header.payloadChecksum,
    ] { add(number) }
    add(header.firstTime)
    add(header.span)
  }

  mutating func add(_ record: RecordEntry) {
    for byte in [record.type.rawValue, record.flags.rawValue] { add(byte) }
    add(record.directoryByteCount)
    for number in [record.sequence, record.storedByteCount, record.eventCount] { add(number) }
    for number in [record.position, record.span] { add(number) }
    for time in [record.firstTime, record.lastTime] { add(time) }
    add(record.byteCount)
  }

  mutating func add(_ section: SectionEntry) {
    add(section.track.rawValue)
    add(section.descriptor)
    for count in [section.storedByteCount, section.eventCount] { add(count) }
    add(section.firstTime)
    add(section.checksum)
    add(section.orderKey)
  }

  /// Adds the events and the columns that hold them.
  mutating func add(_ batch: EventBatch) {
    add(batch.track.rawValue)
    add(batch.count)
    for time in batch.times { add(time) }
    for kind in batch.kinds { add(kind.rawValue) }
    for columns in batch.columns where columns.count > 0 {
      add(columns.kind.rawValue)
      add(columns.count)
      for column in columns.int32 { for value in column { add(value) } }
      for column in columns.int64 { for value in column { add(value) } }
      for column in columns.strings {
        for end in column.ends { add(end) }
        add(column.bytes)
      }
    }
  }

  /// Adds events in their order.
  mutating func add(_ runs: OrderedRuns) throws {
    var batches: [TrackID: EventBatch] = [:]
    while let run = try runs.next() {
      run.forEachEvent { event in
        add(event.time)
        add(event.track.rawValue)
        // An event of an unknown kind may have another layout in each section.
        if event.kind.layout == nil {
          add(described: event.body)
        } else {
          batches[event.track, default: EventBatch(track: event.track)].append(event)
        }
      }
    }
    for (_, batch) in batches.sorted(by: { $0.key < $1.key }) { add(batch) }
  }

  /// Adds what a body sees, or the error that ends it.
  mutating func attempt(_ step: @autoclosure () -> String, _ body: (inout Self) throws -> Void) {
    do {
      try body(&self)
    } catch {
      add(failure: error)
    }
    mark(step())
  }
}
