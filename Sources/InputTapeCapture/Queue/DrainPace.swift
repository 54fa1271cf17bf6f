// SPDX-License-Identifier: Apache-2.0
//
// How often the writer thread looks into the lanes.

/// The pace of the writer thread: quick when lanes fill, slow when little comes.
struct DrainPace {
  private let bounds: ClosedRange<Int64>
  private var poll: Int64
  private var nextCheck: Int64

  private static let checkInterval: Int64 = 1_000_000_000

  init(_ bounds: ClosedRange<Int64>, now: Int64) {
    self.bounds = bounds
    poll = bounds.lowerBound
    nextCheck = now
  }

  /// How long to sleep.
  func pause(at now: Int64) -> Int64 { max(min(poll, nextCheck - now), 0) }

  /// Takes note of how full the fullest lane was.
  mutating func note(share: Double) {
    if share > 1 / 8 {
      poll = max(poll / 4, bounds.lowerBound)
    } else if share < 1 / 32 {
      poll = min(poll * 2, bounds.upperBound)
    }
  }

  /// Whether it is time to look at the clocks.
  mutating func isCheckDue(at now: Int64) -> Bool {
    guard now >= nextCheck else { return false }
    nextCheck = now + Self.checkInterval
    return true
  }
}
