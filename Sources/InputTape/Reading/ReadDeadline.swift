// SPDX-License-Identifier: Apache-2.0
//
// A budget while it is being used.

import InputTapeCore

/// When a reader has to be done, and how much memory it may take.
struct ReadDeadline: Sendable {
  private let end: Int64
  let memoryByteCount: Int

  init(_ budget: ReadBudget = ReadBudget()) {
    memoryByteCount = budget.memoryByteCount
    let now = MonotonicClock.now()
    let (sum, isTooLate) = now.addingReportingOverflow(budget.timeNanoseconds ?? .max)
    end = isTooLate ? .max : sum
  }

  /// - Throws: `limitExceeded` where the budget is used up.
  func check(at position: UInt64, memoryByteCount count: Int) throws(FileError) {
    guard count <= memoryByteCount, end == .max || MonotonicClock.now() <= end else {
      throw .format(FormatError(.limitExceeded, at: position))
    }
  }
}
