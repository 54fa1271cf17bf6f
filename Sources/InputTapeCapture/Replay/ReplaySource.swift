// SPDX-License-Identifier: Apache-2.0
//
// Events that were recorded before, as if they came live: a source for tests.

import InputTape
public import InputTapeCore

/// Gives events at their times, or faster.
public final class ReplaySource: CaptureSource {
  private let events: [Event]
  private let tracks: [Track]
  private let speed: Double
  private var next = 0
  private var first: Int64 = 0
  private var start: Int64 = 0

  /// - Parameters:
  ///   - events: in the order in which they are to come.
  ///   - tracks: what is said of their tracks; others are declared by their events' kinds.
  ///   - speed: 1 for the events' own time, 2 for twice as fast; infinite for as fast as can be.
  public init(events: [Event], tracks: [Track] = [], speed: Double = 1) {
    precondition(speed > 0, "A replay goes forward")
    self.events = events
    self.tracks = tracks
    self.speed = speed
  }

  /// The events of a recording.
  public convenience init(recording path: String, speed: Double = 1) throws {
    let reader = try RecordingReader(path: path)
    var events: [Event] = []
    try reader.forEachEvent { events.append($0) }
    self.init(events: events, tracks: reader.metadata.tracks, speed: speed)
  }

  public var summary: [String] { ["\(events.count) events that were recorded before"] }

  public func open(_ outlet: CaptureOutlet) throws(CaptureError) {
    for track in tracks { outlet.setTrack(track) }
    first = events.first?.time ?? 0
    start = outlet.now
  }

  public var descriptors: [Int32] { [] }

  public var nextTime: Int64? { next < events.count ? dueTime(of: events[next]) : nil }

  private func dueTime(of event: Event) -> Int64 {
    let wait = (Double(event.time) - Double(first)) / speed
    // What would come in a thousand years, or before the first, comes at once.
    return start + (wait > 0 && wait < 3e19 / 1_000 ? Int64(wait) : 0)
  }

  public func take(_ outlet: CaptureOutlet) throws(CaptureError) {
    let now = outlet.now
    while next < events.count, dueTime(of: events[next]) <= now, outlet.room > 0 {
      let event = events[next]
      if !outlet.hasTrack(event.track) {
        outlet.setTrack(Track(id: event.track, class: .standard(for: event.kind)))
      }
      outlet.emit(event)
      next += 1
    }
  }

  public var isAtEnd: Bool { next == events.count }
}
