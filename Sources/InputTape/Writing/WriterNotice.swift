// SPDX-License-Identifier: Apache-2.0
//
// What a writer tells its caller without being asked.

import InputTapeCore

/// Something that went wrong while a recording was being written, or right again.
///
/// The recording goes on after each of them.
@nonexhaustive
public enum WriterNotice: Hashable, Sendable {
  /// Events could not be kept; a gap of this cause stands for them in the recording.
  case lost(eventCount: Int, cause: GapCause, error: FileError?)
  /// The system takes bytes again, after it refused some.
  case recovered
  /// A sync failed. What was not yet synced goes into a new segment.
  case syncFailed(FileError)
  /// The recording goes on in another file.
  case segment(number: UInt64, path: String)
  /// Another file could not be begun; the recording goes on where it is, and tries again.
  case segmentFailed(FileError)
  /// The file or its folder has been removed; it is made again as soon as the system lets it.
  case vanished(path: String)
  /// The file that had been removed is there again, with all that was in it.
  case restored(path: String)
  /// What was said of the recording or of a track is beyond the limits, and was left out.
  case refused(FormatError)
}
