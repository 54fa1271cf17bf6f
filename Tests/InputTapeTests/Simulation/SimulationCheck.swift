// SPDX-License-Identifier: Apache-2.0
//
// Whether a recording, after its process has ended, is what it promised to be.

import InputTape
import InputTapeTestKit

/// Holds the files of one simulated process against its model.
struct SimulationCheck {
  private let writing: SimulatedWriting
  private(set) var problems: [String] = []
  private(set) var counts = SimulationCounts()

  init(_ writing: SimulatedWriting) { self.writing = writing }

  mutating func run() {
    problems = writing.newProblems
    guard writing.isBegun else { return }
    checkEnd()
    checkKill()
    checkPowerLoss()
  }

  private mutating func note(_ list: [String], _ place: String) {
    problems += list.map { "\(place): \($0)" }
  }

  private func read(
    _ disk: MemoryStorage, _ opening: RecordingReader.Opening = .automatic
  ) -> SimulatedReading {
    SimulatedReading(writing.path, disk, opening: opening, model: writing.model)
  }

  // MARK: - At the end

  private mutating func checkEnd() {
    guard !writing.isVanished else { return }
    let found = read(writing.disk)
    let (model, lost) = (writing.model, writing.lostCount)
    let offered = model.offered.count + model.refusedCount
    note(found.problems + found.broken(model.now.flushed), "end")
    if !found.status.losses.isEmpty || !found.status.missingSegments.isEmpty {
      note(["undamaged files, \(found.status)"], "end")
    }
    let told = found.numbers.count + lost
    if told > offered || writing.isFinished && told != offered {
      note(["\(found.numbers.count) read, \(lost) said to be lost, \(offered) offered"], "end")
    }
    if found.writerGapCount > Int64(lost) {
      note(["gaps count \(found.writerGapCount), notices \(lost)"], "end")
    }
    if writing.isFinished, writing.isCalmAtEnd { checkFinished(found) }
    checkSame(found, writing.disk, "end")
    if writing.below(2) == 0 { checkRecovery(found, writing.disk, "end") }
    checkFollowers(found)
    counts.readable += found.numbers.count
    counts.inGaps += found.writerGapCount
    counts.offered += offered
  }

  /// A recording that was finished on a disk that works says all of itself.
  private mutating func checkFinished(_ found: SimulatedReading) {
    let (model, lost) = (writing.model, writing.lostCount)
    if !found.status.isComplete { note(["\(found.status)"], "finished") }
    if found.writerGapCount != Int64(lost) {
      note(["gaps count \(found.writerGapCount), notices \(lost)"], "finished")
    }
    let causes = Set(model.gapCounts.keys).union(found.gapCounts.keys)
    for cause in causes where !SimulatedModel.writerCauses.contains(cause) {
      let (count, offered) = (found.gapCounts[cause] ?? 0, model.gapCounts[cause] ?? 0)
      if count != offered { note(["gaps of \(cause) count \(count) of \(offered)"], "finished") }
    }
    if found.extraCount != model.extraCount {
      note(["\(found.extraCount) of \(model.extraCount) unknown records"], "finished")
    }
    var files: Set = [writing.path]
    for case .segment(_, let path) in writing.notices.all { files.insert(path) }
    if writing.disk.paths != files.sorted() {
      note(["files \(writing.disk.paths), notices of \(files.sorted())"], "finished")
    }
    guard let statistics = writing.statistics else { return }
    if statistics.writtenEventCount != found.events.count {
      note(["\(statistics.writtenEventCount) written, \(found.events.count) read"], "finished")
    }
    if statistics.lostEventCount + statistics.refusedEventCount != lost {
      note(["\(statistics) for \(lost) lost in notices"], "finished")
    }
  }

  /// Index and scan, reading and verification agree.
  private mutating func checkSame(
    _ found: SimulatedReading, _ disk: MemoryStorage, _ place: String
  ) {
    let scanned = read(disk, .scan)
    if scanned.events != found.events { note(["index and scan give other events"], place) }
    if scanned.status.isComplete != found.status.isComplete {
      note(["index: \(found.status), scan: \(scanned.status)"], place)
    }
    let strict = try? RecordingReader(path: writing.path, mode: .strict, storage: disk)
    if (strict != nil) != (found.isReadable && found.status.isComplete) {
      note(["strict reading and \(found.status) do not agree"], place)
    }
    guard let report = try? RecordingVerifier.verify(path: writing.path, storage: disk) else {
      if found.isReadable { note(["nothing to verify"], place) }
      return
    }
    if report.isSound != found.status.isComplete {
      note(["verification: \(report.problems.prefix(3)), reading: \(found.status)"], place)
    }
    if found.status.losses.isEmpty, report.eventCount != found.events.count {
      note(["\(report.eventCount) verified, \(found.events.count) read"], place)
    }
  }

  // MARK: - Recovery

  private mutating func checkRecovery(
    _ found: SimulatedReading, _ disk: MemoryStorage, _ place: String
  ) {
    let before = disk.paths.map { disk.contents($0) }
    let names = disk.paths
    let environment = WriterEnvironment(storage: disk)
    var options = WriterOptions()
    options.encoding.preset = .fast
    func recover(_ path: String, _ output: String) -> RecoveryReport? {
      try? RecordingRecovery.recover(
        path: path, to: output, options: options, environment: environment)
    }
    guard let report = recover(writing.path, "/o/1.itape") else {
      if found.isReadable { note(["not recovered: \(found.status)"], place) }
      return
    }
    counts.recoveries += 1
    if names.map({ disk.contents($0) }) != before { note(["the input was touched"], place) }
    if report.isWhole != found.status.isComplete {
      note(["recovery: \(report.status), reading: \(found.status)"], place)
    }
    let again = SimulatedReading("/o/1.itape", disk, model: writing.model)
    note(again.problems, "\(place), recovered")
    if !again.status.isComplete { note(["recovered: \(again.status)"], place) }
    let expected = found.events.count + report.addedGapCount
    if again.numbers.sorted() != found.numbers.sorted() || again.events.count != expected {
      note(["recovered \(again.events.count) of \(expected) events"], place)
    }
    guard recover("/o/1.itape", "/o/2.itape")?.isWhole ?? false,
      disk.contents("/o/2.itape") == disk.contents("/o/1.itape")
    else { return note(["a second recovery gives something else"], place) }
    try? disk.remove("/o/1.itape")
    try? disk.remove("/o/2.itape")
  }

  // MARK: - Followers

  private mutating func checkFollowers(_ found: SimulatedReading) {
    writing.follow(nil)
    note(writing.newProblems, "following")
    counts.followed += writing.followedBlockCount
    func byTrack(_ events: [Event]) -> [TrackID: [Event]] {
      Dictionary(grouping: events, by: \.track)
    }
    let expected = byTrack(found.events)
    let late = writing.lateEvents.map { [$0] } ?? []
    for events in [writing.follower.events] + late {
      note(SimulatedReading.disorder(in: events, writing.model), "following")
      if byTrack(events) != expected {
        note(["followed \(events.count) of \(found.events.count) events"], "following")
      }
    }
    if writing.isFinished, found.status.isComplete, !writing.follower.isAtEnd {
      note(["the end was not seen"], "following")
    }
  }

  // MARK: - Deaths at other moments

  /// The process is killed between two calls, or within one.
  private mutating func checkKill() {
    let calls = writing.storage.calls
    var before = Array(calls[..<writing.below(calls.count + 1)])
    var place = "killed after \(before.count) of \(calls.count) calls"
    if case .write(let file, let position, let bytes)? = before.last, writing.below(2) == 0 {
      before[before.count - 1] = .write(
        file: file, position: position, bytes: Array(bytes.prefix(writing.below(bytes.count))))
      place += ", within the last"
    }
    let crashed = CrashedDisk(before[...])
    let disk = crashed.killed()
    let found = read(disk)
    counts.kills += 1
    note(found.problems, place)
    note(found.broken(writing.model.promises[crashed.acknowledged].flushed), place)
    if !found.status.losses.isEmpty || !found.status.missingSegments.isEmpty {
      note(["undamaged files, \(found.status)"], place)
    }
    if found.numbers.count + Int(found.writerGapCount)
      > writing.model.offered.count + writing.model.refusedCount
    {
      note(["more than was offered"], place)
    }
    if writing.below(3) == 0 { checkSame(found, disk, place) }
    if writing.below(6) == 0 { checkRecovery(found, disk, place) }
  }

  /// The power fails between two calls; what was not synced may be there, in part, or not at all.
  private mutating func checkPowerLoss() {
    let calls = writing.storage.calls
    let count = writing.below(calls.count + 1)
    let crashed = CrashedDisk(calls[..<count])
    let disk = crashed.state(&writing.random)
    let found = read(disk)
    let place = "power lost after \(count) of \(calls.count) calls"
    counts.powerLosses += 1
    note(found.problems, place)
    note(found.broken(writing.model.promises[crashed.acknowledged].synced), place)
    if writing.below(6) == 0 { checkRecovery(found, disk, place) }
  }
}
