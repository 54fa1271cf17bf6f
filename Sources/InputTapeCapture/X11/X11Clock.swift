// SPDX-License-Identifier: Apache-2.0
//
// The X server's milliseconds on the recording's clock.

/// Unfolds the server's clock, which wraps after 49 days.
struct X11Clock {
  private var offset: Int64?
  private var last: Int64 = 0

  /// A server on this machine counts the monotonic clock's milliseconds; further off is another.
  private static let tolerance: Int64 = 5_000

  /// The time of an event.
  mutating func time(_ milliseconds: UInt32, _ outlet: CaptureOutlet) -> Int64 {
    let now = (outlet.start + outlet.now) / 1_000_000
    let result = time(milliseconds, now: now) * 1_000_000 - outlet.start
    last = max(result, last)
    return max(last, 0)
  }

  /// Milliseconds of the monotonic clock.
  mutating func time(_ milliseconds: UInt32, now: Int64) -> Int64 {
    let offset = self.offset ?? 0
    let guess = UInt32(truncatingIfNeeded: now &+ offset)
    let difference = Int64(Int32(bitPattern: milliseconds &- guess))
    if self.offset == nil, abs(difference) > Self.tolerance {
      // Not the clock of this machine: tied to it when the first event comes.
      self.offset = difference
      return now
    }
    self.offset = offset
    return now + difference
  }
}
