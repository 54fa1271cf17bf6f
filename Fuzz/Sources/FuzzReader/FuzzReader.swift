// SPDX-License-Identifier: Apache-2.0
//
// Arbitrary bytes as a recording: events or an error, and the index tells what a scan tells.

import InputTape

/// libFuzzer's entry point.
@c(LLVMFuzzerTestOneInput)
public func fuzzReader(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let indexed = read(bytes, opening: .automatic)
  let scanned = read(bytes, opening: .scan)
  if let indexed, let scanned, indexed.isWhole, scanned.isWhole {
    precondition(indexed.events == scanned.events, "The index leads to other events than a scan")
  }
  if let scanned { rewrite(scanned.events) }
  return 0
}

private struct Contents {
  var events: [Event] = []
  var isWhole = false
}

/// All events of a recording; nil where it is none.
private func read(_ bytes: [UInt8], opening: RecordingReader.Opening) -> Contents? {
  guard let reader = try? RecordingReader(source: MemorySource(bytes), opening: opening) else {
    return nil
  }
  var contents = Contents()
  do {
    try reader.forEachEvent { event in contents.events.append(event) }
    contents.isWhole = reader.status.losses.isEmpty
  } catch {
    // Memory does not fail; what is not readable is in the status.
    preconditionFailure("Reading from memory failed: \(error)")
  }
  return contents
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
  guard let again = read(sink.bytes, opening: .automatic) else {
    preconditionFailure("What was written is no recording")
  }
  precondition(again.isWhole && again.events == events, "Events came back changed")
}
