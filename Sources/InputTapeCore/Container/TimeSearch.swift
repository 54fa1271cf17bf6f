// SPDX-License-Identifier: Apache-2.0
//
// Blocks found by time in logarithmic time, although blocks may overlap.
//
// Invariant: `latestSoFar` and `earliestFromHere` never decrease.

/// The latest time up to each record, and the earliest from each record on.
package struct TimeSearch: Sendable {
  private var latestSoFar: [Int64] = []
  private var earliestFromHere: [Int64] = []

  package init(_ records: [RecordEntry]) {
    var latest = Int64.min
    latestSoFar.reserveCapacity(records.count)
    for record in records {
      if record.type == .data { latest = max(latest, record.lastTime) }
      latestSoFar.append(latest)
    }
    earliestFromHere = Array(repeating: .max, count: records.count)
    var earliest = Int64.max
    for index in records.indices.reversed() {
      if records[index].type == .data { earliest = min(earliest, records[index].firstTime) }
      earliestFromHere[index] = earliest
    }
  }

  /// The first record at or before which some event is not earlier than `time`.
  package func firstRecord(endingAtOrAfter time: Int64) -> Int {
    partition(latestSoFar) { $0 >= time }
  }

  /// The first record from which on no event is earlier than `time`.
  package func firstRecord(afterAllBefore time: Int64) -> Int {
    partition(earliestFromHere) { $0 >= time }
  }

  /// The latest time of all records before one.
  package func latest(before record: Int) -> Int64 {
    record == 0 ? .min : latestSoFar[record - 1]
  }

  private func partition(_ values: [Int64], _ isBehind: (Int64) -> Bool) -> Int {
    var low = 0
    var high = values.count
    while low < high {
      let middle = low + (high - low) / 2
      if isBehind(values[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
