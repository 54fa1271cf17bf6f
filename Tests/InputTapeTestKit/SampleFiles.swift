// SPDX-License-Identifier: Apache-2.0
//
// The recordings of the folder Samples, found from the place of this file.

import Foundation
import InputTape
import InputTapeInterchange

/// The folder Samples.
public enum SampleFiles {
  /// The path of the folder.
  public static let folder =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/") + "/Samples"

  /// The events of lines of JSON, as one group.
  public static func events(_ text: [UInt8]) throws -> EventGroup {
    try events(JSONLReader(MemoryInput(text)))
  }

  /// The events of the recording of a desktop.
  public static func desktop() throws -> EventGroup {
    let file = try Data(contentsOf: URL(filePath: folder + "/desktop.jsonl.zst"))
    return try events(JSONLReader(DecompressingInput(MemoryInput([UInt8](file)), .zstd)))
  }

  private static func events(_ reader: JSONLReader) throws -> EventGroup {
    var reader = reader
    var group = EventGroup()
    while try reader.read(into: &group, limit: Limits.eventsPerBlock) > 0 {}
    return group
  }

  /// A closed recording of events, in memory.
  public static func record(
    _ group: EventGroup, _ settings: EncodingSettings, eventsPerBlock: Int
  ) throws -> [UInt8] {
    var options = WriterOptions()
    options.encoding = settings
    options.eventsPerBlock = eventsPerBlock
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink, options: options)
    writer.append(group.batches)
    try writer.finish()
    return sink.bytes
  }

  /// Events as lines of JSON.
  public static func text(_ group: EventGroup) -> [UInt8] {
    var writer = JSONLWriter()
    var text: [UInt8] = []
    writer.write(group) { bytes in
      for index in bytes.indices { text.append(bytes[index]) }
    }
    return text
  }
}
