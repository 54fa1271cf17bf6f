// SPDX-License-Identifier: Apache-2.0
//
// Arbitrary bytes as a damaged recording of one or more segments: what is recovered is what can be
// read, is sound, and is recovered as itself; what it came from stays as it was.

import InputTape

/// A recovery of a recovery.
public final class RecoverProbe: Probe {
  private static let input = "/r/a.itape"
  private static let output = "/o/a.itape"

  public init() {}

  public func run(_ bytes: [UInt8]) -> Bool {
    let storage = SegmentedInput.storage(bytes, first: Self.input)
    let before = Self.files(storage)
    let found = read(Self.input, storage)
    guard let report = recover(Self.input, storage) else {
      precondition(found == nil, "What can be read cannot be recovered")
      precondition(Self.files(storage) == before, "A recovery that failed left something behind")
      return false
    }
    guard let found, let recovered = storage.contents(Self.output) else {
      preconditionFailure("Something was recovered of what cannot be read")
    }
    try? storage.remove(Self.output)
    precondition(Self.files(storage) == before, "A recovery changed its input")
    check(recovered, report, found)
    return report.isWhole
  }

  private static func files(_ storage: MemoryStorage) -> [String: [UInt8]] {
    Dictionary(
      uniqueKeysWithValues: storage.paths.map { ($0, storage.contents($0) ?? []) })
  }

  /// Whether there is no recording, or no file at all.
  private static func isAboutInput(_ error: FileError) -> Bool {
    switch error {
    case .format: true
    case .system(let operation, let path, _): operation == "open" && path == input
    }
  }

  private func recover(_ path: String, _ storage: MemoryStorage) -> RecoveryReport? {
    var options = WriterOptions()
    options.queueWordCount = 1 << 12
    options.eventsPerBlock = 256
    options.encoding.compression = .none
    do {
      return try RecordingRecovery.recover(
        path: path, to: Self.output, options: options,
        environment: WriterEnvironment(storage: storage))
    } catch {
      precondition(Self.isAboutInput(error), "A recovery failed: \(error)")
      return nil
    }
  }

  /// The events of each track, in its order; nil where there is no recording.
  private func read(_ path: String, _ storage: MemoryStorage) -> [TrackID: [Event]]? {
    do {
      let reader = try RecordingReader(
        path: path, opening: .scan, mode: .salvage, storage: storage)
      var events: [TrackID: [Event]] = [:]
      try reader.forEachEvent { events[$0.track, default: []].append($0) }
      return events
    } catch {
      precondition(Self.isAboutInput(error), "Reading failed: \(error)")
      return nil
    }
  }

  private func check(
    _ recovered: [UInt8], _ report: RecoveryReport, _ found: [TrackID: [Event]]
  ) {
    let storage = MemoryStorage()
    storage.put(recovered, at: Self.input)
    guard let verified = try? RecordingVerifier.verify(path: Self.input, storage: storage),
      verified.isSound
    else { preconditionFailure("What was recovered is not sound") }
    guard let written = read(Self.input, storage) else {
      preconditionFailure("What was recovered cannot be read")
    }
    var addedCount = 0
    for (track, events) in written {
      addedCount += added(to: found[track] ?? [], in: events)
    }
    precondition(found.keys.allSatisfy { written[$0] != nil }, "A track was lost")
    precondition(addedCount == report.addedGapCount, "Gaps were not counted")
    precondition(!report.isWhole || addedCount == 0, "A gap where nothing is missing")
    guard let again = recover(Self.input, storage) else {
      preconditionFailure("What was recovered cannot be recovered")
    }
    precondition(again.isWhole && again.addedGapCount == 0)
    precondition(storage.contents(Self.output) == recovered, "A second recovery changed something")
  }

  /// How many gaps stand between events that must all be there, in their order.
  private func added(to events: [Event], in written: [Event]) -> Int {
    var (next, count) = (0, 0)
    for event in written {
      if next < events.count, event == events[next] {
        next += 1
      } else {
        guard case .gap = event.body else { preconditionFailure("An event that was not there") }
        count += 1
      }
    }
    precondition(next == events.count, "An event was lost")
    return count
  }
}
