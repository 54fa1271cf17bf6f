// SPDX-License-Identifier: Apache-2.0
//
// A source's clock on the recording's: the same, or tied to it when the first event comes.

/// Translates the times of one source.
struct SourceTime {
  /// The source's time at the recording's start.
  private var origin: Int64?
  private var last: Int64 = 0
  private let isLive: Bool

  /// A clock that is further off than this is another, or has been set.
  private static let tolerance: Int64 = 5_000_000_000

  /// - Parameters:
  ///   - origin: where the recording begins on the source's clock; nil where that is not known.
  ///   - isLive: whether events come when they happen, so that a step of the clock can be told.
  init(origin: Int64?, isLive: Bool) {
    self.origin = origin
    self.isLive = isLive
  }

  /// A time, and whether the source's clock has stepped since the last.
  mutating func translate(_ time: Int64, now: Int64) -> (time: Int64, hasStepped: Bool) {
    guard let origin else {
      // Whole microseconds of the source stay whole.
      self.origin = time.subtractingReportingOverflow(now / 1_000_000 * 1_000_000).partialValue
      last = max(now / 1_000_000 * 1_000_000, 0)
      return (last, false)
    }
    let (result, overflow) = time.subtractingReportingOverflow(origin)
    let isFar = result < last - Self.tolerance || isLive && abs(result - now) > Self.tolerance
    if overflow || isFar {
      self.origin = nil
      let again = translate(time, now: max(now, last))
      return (again.time, true)
    }
    last = max(result, 0)
    return (last, false)
  }
}
