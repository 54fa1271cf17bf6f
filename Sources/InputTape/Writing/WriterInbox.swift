// SPDX-License-Identifier: Apache-2.0
//
// What reaches a writer beside the queue of events, without waiting for its files.
//
// Invariant: commands are sorted by the place in the queue that they stand at.

import InputTapeCore

/// Commands, counts of events that were dropped, and notices; each touched with the lock held,
/// which nobody holds while a file is written.
final class WriterInbox: @unchecked Sendable {
  /// Something that takes effect between two events.
  enum Command {
    case track(Track)
    case value(String, String?)
    case metadata(RecordingMetadata)
    case record(RecordType, [UInt8])
    case batches([EventBatch])
  }

  private let monitor = Monitor()
  private var commands: [(place: Int, command: Command)] = []
  private var batchEventCount = 0
  private var dropped = GapTally()
  private var notices: [WriterNotice] = []
  private var isDelivering = false
  /// What the caller has said so far, to measure it before it is written.
  private var announced = RecordingMetadata()
  private var snapshot = WriterStatistics()
  private let handler: (@Sendable (WriterNotice) -> Void)?

  init(handler: (@Sendable (WriterNotice) -> Void)?) { self.handler = handler }

  // MARK: - Commands

  /// Events of batches that wait at once, at most; more are dropped.
  private static let batchEventLimit = 4 * Limits.eventsPerBlock

  func post(_ command: Command, at place: Int) {
    monitor.withLock { commands.append((place, command)) }
  }

  /// Takes batches that wait; false where too many do.
  func post(_ batches: [EventBatch], at place: Int) -> Bool {
    let count = batches.reduce(0) { $0 + $1.count }
    return monitor.withLock {
      guard batchEventCount + count <= Self.batchEventLimit || batchEventCount == 0 else {
        return false
      }
      batchEventCount += count
      commands.append((place, .batches(batches)))
      return true
    }
  }

  func takeCommands() -> [(place: Int, command: Command)] {
    monitor.withLock {
      let taken = commands
      commands = []
      batchEventCount = 0
      return taken
    }
  }

  /// Notes metadata that the caller wants; false where it is beyond the limits.
  func announce(_ command: Command) -> Bool {
    monitor.withLock {
      switch command {
      case .track(let track):
        guard announced.accepts(track) else { return false }
        announced.setTrack(track)
      case .value(let name, let value):
        guard announced.accepts(name, value) else { return false }
        announced[name] = value
      case .metadata(let metadata): announced = metadata
      default: break
      }
      return true
    }
  }

  // MARK: - Events that are dropped

  func drop(_ cause: GapCause, count: Int64 = 1, track: TrackID, first: Int64, last: Int64) {
    let gap = Gap(cause: cause, count: count, firstTime: first, lastTime: last)
    monitor.withLock { dropped.add(gap, on: track) }
  }

  func takeDropped() -> GapTally {
    monitor.withLock {
      defer { dropped.removeAll() }
      return dropped
    }
  }

  // MARK: - Figures and notices

  var statistics: WriterStatistics {
    get { monitor.withLock { snapshot } }
    set { monitor.withLock { snapshot = newValue } }
  }

  func note(_ notice: WriterNotice) {
    guard handler != nil else { return }
    monitor.withLock { notices.append(notice) }
  }

  /// Tells the caller all notices, in order; whoever is at it already tells the newest, too.
  ///
  /// No lock is held while the caller is told.
  func deliver() {
    guard let handler else { return }
    monitor.lock()
    guard !isDelivering else { return monitor.unlock() }
    isDelivering = true
    while !notices.isEmpty {
      let taken = notices
      notices = []
      monitor.unlock()
      for notice in taken { handler(notice) }
      monitor.lock()
    }
    isDelivering = false
    monitor.unlock()
  }
}
