// SPDX-License-Identifier: Apache-2.0
//
// Runs of a recording gathered into groups.

import InputTape
import InputTapeInterchange

extension EventGroup {
  /// Adds some events of a run at the end; false, and nothing is taken, where a kind has another
  /// layout in the group.
  mutating func append(_ run: EventRun, _ range: Range<Int>) -> Bool {
    append(run.batch, range, places: run.stretches, kinds: run.kinds)
  }
}
