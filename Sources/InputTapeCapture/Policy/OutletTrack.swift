// SPDX-License-Identifier: Apache-2.0
//
// One track on its way through the policy.

import InputTapeCore

/// What the outlet knows of a track.
struct OutletTrack {
  var track: Track
  /// The code space of the events that come; the track's own may be another.
  let codeSpace: String
  let level: CapturePolicy.Level
  var grid: CoordinateGrid
  var held = HeldThings()
  private var countedEvents: Int64 = 0
  private var lastFocus: Event.Body?
  private var window: Range<Int64>?

  /// Counts are given for stretches of this length, at multiples of it.
  private static let windowNanoseconds: Int64 = 10_000_000_000

  init(_ track: Track, _ policy: CapturePolicy) {
    level = policy[track.trackClass]
    codeSpace = track.codeSpace
    grid = CoordinateGrid(policy.coordinateGrid)
    self.track = track
    if track.trackClass == .keyboard, level != .full {
      self.track.codeSpace = level == .class ? "class" : ""
    }
  }

  /// Whether an event says what the one before it said: where titles are not recorded, neither is
  /// when they change.
  mutating func tellsNothing(_ body: Event.Body) -> Bool {
    guard level == .class, case .focus = body else { return false }
    defer { lastFocus = body }
    return body == lastFocus
  }

  /// Lets the next focus be recorded in any case.
  mutating func forgetFocus() { lastFocus = nil }

  /// Counts an event that is not recorded.
  ///
  /// - Returns: the gap of the stretch that has ended before it.
  mutating func count(at time: Int64) -> Gap? {
    if let window, window.contains(time) {
      countedEvents += 1
      return nil
    }
    let gap = endWindow()
    window = Self.window(around: time)
    countedEvents += 1
    return gap
  }

  private static func window(around time: Int64) -> Range<Int64> {
    let rest = time % windowNanoseconds
    let (start, isBelow) = time.subtractingReportingOverflow(
      rest < 0 ? rest + windowNanoseconds : rest)
    let (end, isAbove) = start.addingReportingOverflow(windowNanoseconds)
    // The first and the last stretch of all are shorter.
    return (isBelow ? .min : start)..<(isAbove && !isBelow ? .max : end)
  }

  /// The gap of the stretch at hand; nil where nothing was counted.
  mutating func endWindow() -> Gap? {
    guard countedEvents > 0, let window else { return nil }
    defer { countedEvents = 0 }
    return Gap(
      cause: .policy, count: countedEvents, firstTime: window.lowerBound,
      lastTime: window.upperBound - 1)
  }
}
