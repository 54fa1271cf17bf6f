// SPDX-License-Identifier: Apache-2.0
//
// The recordings of the folder Samples, found from the place of this file.

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
    var reader = JSONLReader(MemoryInput(text))
    var group = EventGroup()
    while try reader.read(into: &group, limit: Limits.eventsPerBlock) > 0 {}
    return group
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
