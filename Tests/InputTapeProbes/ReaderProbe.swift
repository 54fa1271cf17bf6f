// SPDX-License-Identifier: Apache-2.0
//
// Arbitrary bytes as a recording: events or an error, the index tells what a scan tells, and what
// was read can be written and read again.

import InputTape

/// Events of a recording, and whether all were there.
struct ProbeContents {
  var events: [Event] = []
  var isWhole = false

  /// All events of a recording; nil where it is none.
  init?(_ bytes: [UInt8], opening: RecordingReader.Opening) {
    guard
      let reader = try? RecordingReader(
        source: MemorySource(bytes), opening: opening, mode: .salvage)
    else {
      return nil
    }
    do {
      try reader.forEachEvent { event in events.append(event) }
      isWhole = reader.status.losses.isEmpty
    } catch {
      // Memory does not fail; what is not readable is in the status.
      preconditionFailure("Reading from memory failed: \(error)")
    }
  }
}

/// A whole recording.
public final class ReaderProbe: Probe {
  public init() {}

  public func run(_ bytes: [UInt8]) -> Bool {
    let scanned = ProbeContents(bytes, opening: .scan)
    let indexed = ProbeContents(bytes, opening: .automatic)
    precondition((scanned == nil) == (indexed == nil))
    guard let scanned, let indexed else { return false }
    if indexed.isWhole, scanned.isWhole {
      precondition(indexed.events == scanned.events, "The index leads to other events than a scan")
    }
    verify(bytes, scanned)
    // What is lost keeps its place in the order, and a rewritten recording has no such place.
    if scanned.isWhole, scanned.events.count <= 4_096 { rewrite(scanned.events) }
    return scanned.isWhole
  }

  /// A recording that is found sound has all events that its headers count.
  private func verify(_ bytes: [UInt8], _ scanned: ProbeContents) {
    guard let report = try? RecordingVerifier.verify(MemorySource(bytes)) else {
      preconditionFailure("Verifying failed where reading did not")
    }
    guard report.isSound else { return }
    precondition(scanned.isWhole && report.eventCount == scanned.events.count)
  }

  /// Whatever was read can be written, and is then read in full.
  private func rewrite(_ events: [Event]) {
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink)
    for event in events { writer.append(event) }
    do {
      try writer.finish()
    } catch {
      preconditionFailure("Writing to memory failed: \(error)")
    }
    guard let again = ProbeContents(sink.bytes, opening: .automatic) else {
      preconditionFailure("What was written is no recording")
    }
    precondition(again.isWhole && again.events == events, "Events came back changed")
  }
}
