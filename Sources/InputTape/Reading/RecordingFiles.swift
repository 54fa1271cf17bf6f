// SPDX-License-Identifier: Apache-2.0
//
// The files of a recording, by name.

import InputTapeCore

/// The files that a recording is in.
public enum RecordingFiles {
  /// The paths of a recording's segments, first to last: by the first one's or their folder's.
  public static func paths(
    at path: String, storage: any Storage = SystemStorage()
  ) throws(FileError) -> [String] {
    try SegmentSearch.segments(at: path, in: storage).found.map(\.path)
  }
}
