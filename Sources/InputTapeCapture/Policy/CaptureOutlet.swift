// SPDX-License-Identifier: Apache-2.0
//
// Between a source and its lane: policy, pauses, and what is said of the tracks.
//
// Invariant: nothing reaches the lane that the policy does not allow.

public import InputTapeCore

/// Where sources put their events; one thread at a time.
public final class CaptureOutlet {
  private let queue: CaptureQueue
  private let lane: CaptureLane
  /// The policy, which holds from the beginning to the end.
  public let policy: CapturePolicy
  private var tracks: [OutletTrack?] = []
  private var silences: [GapCause: Int64] = [:]
  private var nextTrack: UInt16 = 0
  /// Events that sources have offered, recorded or not.
  public private(set) var offeredEventCount = 0
  /// Events that the policy or a pause has kept out of the recording.
  public private(set) var withheldEventCount = 0

  /// Tracks with higher numbers are the recorder's own.
  public static let trackLimit = UInt16(Limits.tracks) - 1
  /// The track of the recorder's own events.
  public static let recorderTrack = TrackID(rawValue: trackLimit)

  public init(queue: CaptureQueue, lane: CaptureLane, policy: CapturePolicy) {
    self.queue = queue
    self.lane = lane
    self.policy = policy
    if policy.applications != nil { silence(.policy, at: 0) }
  }

  /// Now, on the recording's clock.
  public var now: Int64 { queue.now() }

  /// When the recording's clock began, on the system's monotonic clock.
  public var start: Int64 { queue.start }

  /// Events that surely find room in the lane: sources that can wait take no more than this.
  public var room: Int { lane.roomCount }

  /// Says of the recording what a source says of its events, unless the recorder has said
  /// something under this name.
  public func addMetadata(_ name: String, _ value: String) { queue.addMetadata(name, value) }

  // MARK: - Tracks

  /// Adds a track with the next free number; nil where all are taken.
  public func addTrack(_ track: Track) -> TrackID? {
    while nextTrack < Self.trackLimit, hasTrack(TrackID(rawValue: nextTrack)) { nextTrack += 1 }
    guard nextTrack < Self.trackLimit else { return nil }
    var track = track
    track.id = TrackID(rawValue: nextTrack)
    setTrack(track)
    return track.id
  }

  public func hasTrack(_ id: TrackID) -> Bool {
    Int(id.rawValue) < tracks.count && tracks[Int(id.rawValue)] != nil
  }

  /// Adds a track under its own number.
  public func setTrack(_ track: Track) {
    let index = Int(track.id.rawValue)
    precondition(index < Limits.tracks, "A track number is below 1,024")
    while tracks.count <= index { tracks.append(nil) }
    let added = OutletTrack(track, policy)
    tracks[index] = added
    queue.setTrack(added.track)
    if added.level == .off { append(Self.offGap(to: 0), to: track.id) }
  }

  /// Something may be missing: neither how much nor when is told, nor when the track came, which
  /// may be when its first event did.
  private static func offGap(to end: Int64) -> Gap {
    Gap(cause: .policy, count: 0, isLowerBound: true, firstTime: 0, lastTime: max(end, 0))
  }

  private func append(_ gap: Gap, to track: TrackID) {
    lane.append(Event(time: max(gap.firstTime, 0), track: track, body: .gap(gap)))
  }

  // MARK: - Events

  /// Takes an event of numbers.
  public func emit(_ sample: CaptureSample) {
    offeredEventCount += 1
    let index = Int(sample.track.rawValue)
    guard index < tracks.count, tracks[index] != nil else {
      withheldEventCount += 1
      return
    }
    let isRecorded = silences.isEmpty && isRecorded(index)
    tracks[index]?.held.note(sample, isRecorded: isRecorded)
    guard isRecorded else { return withhold(index, at: sample.time) }
    push(sample, index)
  }

  private func isRecorded(_ index: Int) -> Bool {
    let level = tracks[index]?.level ?? .off
    return level != .off && level != .count
  }

  private func push(_ sample: CaptureSample, _ index: Int) {
    guard let track = tracks[index] else { return }
    var reduced = PolicyReduction.reduce(sample, to: track.level, codeSpace: track.codeSpace)
    tracks[index]?.grid.round(&reduced)
    reduced.time = onGrid(reduced.time)
    lane.append(reduced)
  }

  private func onGrid(_ time: Int64) -> Int64 {
    let grid = policy.timeGridNanoseconds
    guard grid > 1 else { return time }
    let rest = time % grid
    guard rest < 0 else { return time - rest }
    // Near the least of all times there is no multiple below: the time stays.
    let (below, isOverflow) = (time - rest).subtractingReportingOverflow(grid)
    return isOverflow ? time : below
  }

  /// A clock event whose time is on the grid, and says the same of the two clocks.
  private func onGrid(anchor: Event) -> Event {
    guard case .clock(let unix, let uncertainty) = anchor.body else { return anchor }
    let time = onGrid(anchor.time)
    let (moved, isOverflow) = unix.subtractingReportingOverflow(anchor.time - time)
    guard !isOverflow else { return anchor }
    return Event(
      time: time, track: anchor.track,
      body: .clock(unixNanoseconds: moved, uncertaintyNanoseconds: uncertainty))
  }

  /// Whether the times of a track's events are recorded.
  func recordsTimes(of track: TrackID) -> Bool {
    hasTrack(track) && isRecorded(Int(track.rawValue))
  }

  private func withhold(_ index: Int, at time: Int64) {
    withheldEventCount += 1
    guard silences.isEmpty, tracks[index]?.level == .count else { return }
    if let gap = tracks[index]?.count(at: time), let id = tracks[index]?.track.id {
      append(gap, to: id)
    }
  }

  /// Takes any event.
  public func emit(_ event: Event) {
    if let sample = CaptureSample(event) { return emit(sample) }
    offeredEventCount += 1
    let index = Int(event.track.rawValue)
    guard index < tracks.count, let track = tracks[index] else {
      withheldEventCount += 1
      return
    }
    if case .focus(let focus) = event.body { noteFocus(focus.application, at: event.time) }
    var event = event
    switch event.body {
    case .gap: break
    case .clock: event = onGrid(anchor: event)
    default:
      guard silences.isEmpty, isRecorded(index) else { return withhold(index, at: event.time) }
      event.body = PolicyReduction.reduce(event.body, to: track.level)
      event.time = onGrid(event.time)
      guard tracks[index]?.tellsNothing(event.body) == false else {
        withheldEventCount += 1
        return
      }
    }
    lane.append(event)
  }

  // MARK: - Silence

  /// Whether nothing is recorded now.
  public var isSilent: Bool { !silences.isEmpty }

  /// Begins a stretch of which nothing is recorded.
  public func silence(_ cause: GapCause, at time: Int64) {
    if silences[cause] == nil { silences[cause] = time }
    for index in tracks.indices { tracks[index]?.forgetFocus() }
  }

  /// Ends such a stretch: each track gets a gap, and what has been let go or pressed meanwhile.
  public func resume(_ cause: GapCause, at time: Int64) {
    guard let begin = silences.removeValue(forKey: cause) else { return }
    let gap = Gap(
      cause: cause, count: 0, isLowerBound: true, firstTime: begin, lastTime: max(time, begin))
    for index in tracks.indices {
      guard let id = tracks[index]?.track.id, isRecorded(index) else { continue }
      append(gap, to: id)
      guard silences.isEmpty else { continue }
      for sample in tracks[index]?.held.repairs(at: time, track: id) ?? [] { push(sample, index) }
    }
  }

  private func noteFocus(_ application: String, at time: Int64) {
    guard let applications = policy.applications else { return }
    if applications.contains(application) {
      resume(.policy, at: time)
    } else {
      silence(.policy, at: time)
    }
  }

  /// Says what is missing up to the end.
  public func finish() {
    let end = now
    for cause in Array(silences.keys) { resume(cause, at: end) }
    for index in tracks.indices {
      guard let track = tracks[index] else { continue }
      if let gap = tracks[index]?.endWindow() { append(gap, to: track.track.id) }
      if track.level == .off { append(Self.offGap(to: end), to: track.track.id) }
    }
  }
}
