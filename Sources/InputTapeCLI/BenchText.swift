// SPDX-License-Identifier: Apache-2.0
//
// Conversion from and to JSON lines, in memory.

import InputTape
import InputTapeInterchange

/// The first events of a corpus as JSON lines and as a recording.
final class BenchText {
  private var text: [UInt8] = []
  private var recording: [UInt8] = []
  private(set) var eventCount = 0

  init(blocks: [[EventBatch]], eventLimit: Int) throws {
    var writer = JSONLWriter()
    let sink = MemorySink()
    let tape = RecordingWriter(sink: sink)
    for batches in blocks where eventCount < eventLimit {
      let group = EventGroup(merging: batches)
      eventCount += group.count
      writer.write(group) { bytes in text.append(bytes) }
      tape.append(batches)
    }
    try tape.finish()
    recording = sink.bytes
  }

  /// JSON lines to a recording, on one thread but for what the options say of encoding.
  func parse(_ options: WriterOptions) throws {
    var reader = JSONLReader(MemoryInput(bytes: text))
    let writer = RecordingWriter(sink: MemorySink(), options: options)
    var group = EventGroup()
    while try reader.read(into: &group, limit: options.eventsPerBlock) > 0 {
      writer.append(group.batches)
      group.removeAll()
    }
    try writer.finish()
  }

  /// A recording to JSON lines.
  func write() throws {
    var writer = JSONLWriter()
    var output: [UInt8] = []
    try RecordingReader(source: MemorySource(recording)).forEachGroup { group in
      output.removeAll(keepingCapacity: true)
      writer.write(group) { bytes in output.append(bytes) }
    }
  }
}

/// Bytes in memory as a stream.
private struct MemoryInput: ByteInput {
  let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func read(into buffer: inout [UInt8], at offset: Int) throws -> Int {
    let count = min(buffer.count - offset, bytes.count - position)
    buffer.replaceSubrange(offset..<(offset + count), with: bytes[position..<(position + count)])
    position += count
    return count
  }
}
