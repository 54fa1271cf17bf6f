// SPDX-License-Identifier: Apache-2.0
//
// The files of a recording in one input: a word that no recording has by chance stands between
// them.

import InputTape

/// Parts of an input, each the file of one segment.
public enum SegmentedInput {
  /// Stands between two files.
  public static let separator = Array("\n--segment--\n".utf8)
  /// What stands behind the last part belongs to it.
  static let partLimit = 6

  /// Where the parts stand; one where nothing separates.
  static func parts(of bytes: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var (start, at) = (0, 0)
    while at + separator.count <= bytes.count, found.count + 1 < partLimit {
      if bytes[at] == separator[0], bytes[at..<(at + separator.count)] == separator[...] {
        found.append(start..<at)
        at += separator.count
        start = at
      } else {
        at += 1
      }
    }
    return found + [start..<bytes.count]
  }

  /// The files in a folder, under the names of segments; parts without a byte are missing.
  static func storage(_ bytes: [UInt8], first: String) -> MemoryStorage {
    let storage = MemoryStorage()
    for (number, part) in parts(of: bytes).enumerated() where !part.isEmpty {
      storage.put(
        Array(bytes[part]), at: SegmentFiles.path(first, segment: UInt64(number)))
    }
    return storage
  }
}
