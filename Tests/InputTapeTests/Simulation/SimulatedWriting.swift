// SPDX-License-Identifier: Apache-2.0
//
// One process that records, from its start to its end, on a disk that fails now and then.

import InputTape
import InputTapeTestKit

/// A recording by one process, with all that happens to it.
final class SimulatedWriting {
  let disk = MemoryStorage()
  let plan = FaultPlan()
  let storage: RecordingStorage
  let clock: ManualClock
  let notices = NoticeList()
  let path = "/r/a.itape"
  var model = SimulatedModel()
  var random: SeededRandom
  private var input: SimulatedInput
  private(set) var options = WriterOptions()
  private(set) var follower: SimulatedFollower
  private var lateFollower: SimulatedFollower?
  private var weather = SimulatedWeather.calm
  private var isFolderGone = false
  private var seenNotices = 0
  private(set) var isBegun = false
  private(set) var isFinished = false
  /// Whether nothing failed any more when the recording was ended.
  private(set) var isCalmAtEnd = false
  private(set) var statistics: WriterStatistics?
  private(set) var problems: [String] = []
  /// What was done, and after how many calls of the storage.
  private(set) var diary: [String] = []
  let begun: Int64

  init(seed: UInt64, time: Int64) {
    random = SeededRandom(seed: seed)
    clock = ManualClock(time)
    begun = time
    input = SimulatedInput(seed: random.next())
    storage = RecordingStorage(FaultingStorage(disk, plan: plan))
    follower = SimulatedFollower(path: path, storage: disk)
    chooseOptions()
  }

  func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

  private func oneIn(_ count: Int) -> Bool { below(count) == 0 }

  private func chooseOptions() {
    options.recordingID = RecordingID(
      bytes: SeededRandomSource(seed: random.next()).bytes(count: 16))
    options.eventsPerBlock = oneIn(3) ? 1 + below(40) : 200 + below(3_000)
    if !oneIn(8) { options.flushIntervalNanoseconds = Int64(50 + below(1_500)) * 1_000_000 }
    options.syncIntervalNanoseconds = oneIn(6) ? nil : Int64(200 + below(8_000)) * 1_000_000
    if oneIn(2) { options.segmentByteLimit = UInt64(600 + below(6_000)) }
    if oneIn(3) { options.segmentAgeNanoseconds = Int64(1 + below(12)) * 3_600_000_000_000 }
    options.reblocksAtEnd = !oneIn(3)
    options.encoding.preset = oneIn(8) ? (oneIn(2) ? .balanced : .compact) : .fast
    if oneIn(4) { options.encoding.compression = oneIn(2) ? .none : .deflate(level: nil) }
    if oneIn(3) { options.livePreset = .fast }
    if oneIn(20) { options.threads = 2 }
  }

  // MARK: - A life

  /// Records until `end`, at most so many stretches of activity, and ends somehow.
  func run(until end: Int64, stretches: Int) {
    if oneIn(10) { change(to: .anythingFails) }
    var environment = WriterEnvironment(storage: storage, clock: clock)
    environment.runsInBackground = false
    let notices = self.notices
    guard
      let writer = try? RecordingWriter(
        path: path, options: options, environment: environment, onNotice: { notices.add($0) })
    else { return }
    isBegun = true
    // Whoever looks afterwards has a disk that works.
    defer { disk.capacity = .max }
    for _ in 0..<stretches where clock.now() < end {
      if oneIn(2) { changeWeather() }
      act(writer)
      happen(writer)
      pass(writer)
      look(writer)
    }
    if !oneIn(4) { change(to: .calm) }
    isCalmAtEnd = weather == .calm
    if oneIn(4) { return noteKill(writer) }
    // It throws what went wrong before, too.
    statistics = try? writer.finish()
    isFinished = true
    noteNotices()
  }

  private func noteKill(_ writer: borrowing RecordingWriter) {
    statistics = writer.statistics
    noteNotices()
  }

  /// Somebody does something for a few seconds.
  private func act(_ writer: borrowing RecordingWriter) {
    let rate = Int64(1 + below(20)) * 1_000_000
    for _ in 0..<below(16) {
      offer(input.event(at: clock.now() - begun), to: writer)
      clock.advance(nanoseconds: Int64.random(in: 0...(2 * rate), using: &random))
      if oneIn(6) { tick(writer) }
    }
    tick(writer)
  }

  private func offer(_ event: Event, to writer: borrowing RecordingWriter) {
    model.offer(event)
    if !writer.append(event) { problems.append("an event was not taken: \(event)") }
  }

  private func write(_ words: String) {
    diary.append("after \(storage.callCount) calls, \(model.offered.count) events: \(words)")
  }

  private func tick(_ writer: borrowing RecordingWriter) {
    writer.tick()
    noteNotices()
  }

  /// What happens besides: devices come and go, clocks are set, somebody wants to be sure.
  private func happen(_ writer: borrowing RecordingWriter) {
    if oneIn(3), let track = input.changeDevices() { writer.setTrack(track) }
    if oneIn(5) { writer.setMetadata("note", "at \(clock.now())") }
    if oneIn(12) {
      model.offerExtra()
      writer.append(ExtraRecord(type: 200, payload: [UInt8](repeating: 1, count: below(90))))
    }
    if oneIn(15) {
      model.offerRefused()
      let text = String(repeating: "x", count: Limits.textByteCount + 1)
      let event = Event(time: clock.now() - begun, track: .first, body: .marker(text))
      if writer.append(event) { problems.append("an event beyond the limits was taken") }
    }
    if oneIn(6) { note(.paused, writer) }
    switch below(4) {
    case 0:
      let isGood = (try? writer.flush()) != nil
      write("flush \(isGood)")
      noteNotices()
      model.noteFlush(isGood: isGood, isVanished: isFolderGone)
      storage.mark(model.promises.count - 1)
    case 1:
      let isGood = (try? writer.sync()) != nil
      write("sync \(isGood)")
      noteNotices()
      model.noteSync(isGood: isGood, isVanished: isFolderGone)
      storage.mark(model.promises.count - 1)
    default: break
    }
    noteNotices()
  }

  /// A gap of the capture's, as after a pause or a sleep.
  private func note(_ cause: GapCause, _ writer: borrowing RecordingWriter) {
    let time = clock.now() - begun
    let gap = Gap(
      cause: cause, count: Int64(below(20)), isLowerBound: oneIn(2), firstTime: time - 1,
      lastTime: time)
    offer(Event(time: time, track: TrackID(rawValue: 0), body: .gap(gap)), to: writer)
  }

  /// Time passes: seconds, hours, a night with the lid closed.
  private func pass(_ writer: borrowing RecordingWriter) {
    let seconds = [1, 60, 7_200, 150_000][below(4)]
    clock.advance(nanoseconds: Int64(1 + below(seconds * 1_000)) * 1_000_000)
    if seconds > 3_600 {
      note(.clockStep, writer)
      offer(input.clock(at: clock.now() - begun), to: writer)
    }
    for _ in 0..<3 {
      tick(writer)
      clock.advance(nanoseconds: Int64(1 + below(4_000)) * 1_000_000)
    }
    tick(writer)
  }

  // MARK: - The disk

  private func changeWeather() {
    change(to: SimulatedWeather.allCases[below(SimulatedWeather.allCases.count)])
  }

  private func change(to weather: SimulatedWeather) {
    self.weather = weather
    write("\(weather)")
    disk.capacity = .max
    disk.makeFolder("/r")
    plan.setChances(weather.chances, seed: random.next())
    switch weather {
    case .full:
      let used = disk.paths.reduce(0) { $0 + (disk.contents($1)?.count ?? 0) }
      disk.capacity = used + below(700)
    case .folderGone:
      // Segments that are closed are not this process's any more: nobody makes them again.
      guard disk.paths == [path], !isFolderGone else { return change(to: .calm) }
      disk.removeFolder("/r")
      isFolderGone = true
      model.noteVanished()
      storage.mark(model.promises.count - 1)
    default: break
    }
  }

  /// Takes what the writer has said since the last time.
  private func noteNotices() {
    let all = notices.all
    let isRetaining =
      options.flushIntervalNanoseconds != nil && options.syncIntervalNanoseconds != nil
    for notice in all[seenNotices...] {
      switch notice {
      case .restored: isFolderGone = false
      case .syncFailed where !isRetaining: model.noteRisk()
      case .segmentFailed(.system(_, let path, EEXIST)):
        problems.append("a file of the writer's own is in its way: \(path ?? "which?")")
      default: break
      }
    }
    seenNotices = all.count
  }

  // MARK: - Who looks on

  private func look(_ writer: borrowing RecordingWriter) {
    guard !isFolderGone else { return }
    let seed: UInt64? = oneIn(2) ? random.next() : nil
    follow(seed)
    guard oneIn(8) else { return }
    if lateFollower == nil { lateFollower = SimulatedFollower(path: path, storage: disk) }
    let isGood = (try? writer.flush()) != nil
    write("live reading, flush \(isGood)")
    noteNotices()
    model.noteFlush(isGood: isGood, isVanished: false)
    storage.mark(model.promises.count - 1)
    let lost = lostCount
    let found = SimulatedReading(path, disk, opening: oneIn(2) ? .scan : .automatic, model: model)
    problems += (found.problems + found.broken(model.now.flushed)).map { "live: \($0)" }
    let count = found.numbers.count + lost
    let offered = model.offered.count + model.refusedCount
    if count != offered { problems.append("live: \(count) read and lost of \(offered)") }
  }

  /// Lets both followers take what is there.
  func follow(_ seed: UInt64?) {
    do {
      try follower.take(failing: seed)
      try lateFollower?.take(failing: seed)
    } catch {
      problems.append("a follower stopped: \(error)")
    }
    for loss in follower.losses + (lateFollower?.losses ?? []) {
      problems.append("a follower of a healthy file saw damage: \(loss)")
    }
  }

  /// Events that the writer has said are lost.
  var lostCount: Int {
    notices.all.reduce(0) {
      if case .lost(let count, _, _) = $1 { return $0 + count }
      return $0
    }
  }

  /// What went wrong since this was asked the last time.
  var newProblems: [String] {
    defer { problems = [] }
    return problems
  }

  /// What a late follower was given; nil where there was none.
  var lateEvents: [Event]? { lateFollower?.events }

  /// The files' own process removed them, and has not made them again.
  var isVanished: Bool { isFolderGone }

  var followedBlockCount: Int { follower.blockCount + (lateFollower?.blockCount ?? 0) }
}
