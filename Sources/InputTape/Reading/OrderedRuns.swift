// SPDX-License-Identifier: Apache-2.0
//
// All tracks of a recording as one sequence: by time, then by track, and within a track as appended
// (Specs/Format.md, section 10.3).

import InputTapeCore

/// Gives the events of a recording in order, run by run.
public final class OrderedRuns {
  private var merge: RunMerge

  init(_ contents: RecordingContents, filter: EventFilter, passing passed: [TrackID: Int] = [:]) {
    merge = RunMerge(contents, filter: filter, passing: passed)
  }

  /// The next run, or nil at the end.
  ///
  /// - Complexity: O(run + log tracks), and the decoding of a section now and then.
  /// - Throws: an error of the system. Sections that cannot be read are noted as losses, and the
  ///   others go on; at the end damage is an error where the reader's mode says so.
  public func next() throws(FileError) -> EventRun? { try merge.next() }

  /// Calls `body` with the next events, at most `limit`, without a value for each run of them.
  ///
  /// - Returns: how many events there were: fewer than `limit` at the end, or in front of an error,
  ///   which the next call throws.
  package func next(
    _ limit: Int, _ body: (borrowing LentStretch) -> Void
  ) throws(FileError) -> Int {
    try merge.next(limit, body)
  }
}
