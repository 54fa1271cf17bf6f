// SPDX-License-Identifier: Apache-2.0
//
// What a recording must hold, kept beside it: the events that were offered, and which of them were
// acknowledged when.

import InputTape

/// What was offered to one writer, and what it promised.
struct SimulatedModel {
  /// A moment at which something was promised; the storage's calls have a mark for each.
  struct Promise {
    /// Events that survive the process.
    var flushed: [Bool]
    /// Events that survive a loss of power.
    var synced: [Bool]
  }

  /// All events but gaps, in the order they were offered.
  private(set) var offered: [Event] = []
  private var numbers: [Event: Int] = [:]
  /// Events that the format has no room for.
  private(set) var refusedCount = 0
  /// What gaps of other causes than the writer's counted when they were offered.
  private(set) var gapCounts: [GapCause: Int64] = [:]
  private(set) var extraCount = 0
  private(set) var promises = [Promise(flushed: [], synced: [])]
  private var flushed: [Bool] = []
  private var synced: [Bool] = []
  /// Events up to here have been part of a flush.
  private var flushedCount = 0
  /// Events before this stay in a file whose sync failed.
  private var riskCount = 0

  /// Causes of gaps that only a writer writes.
  static let writerCauses: Set<GapCause> = [.diskFull, .ioError, .syncFailed, .limit]

  mutating func offer(_ event: Event) {
    if case .gap(let gap) = event.body {
      gapCounts[gap.cause, default: 0] += gap.count
      return
    }
    numbers[event] = offered.count
    offered.append(event)
    flushed.append(false)
    synced.append(false)
  }

  mutating func offerRefused() { refusedCount += 1 }

  mutating func offerExtra() { extraCount += 1 }

  func number(of event: Event) -> Int? { numbers[event] }

  // MARK: - Promises

  /// A flush has ended.
  ///
  /// - Parameters:
  ///   - isGood: whether it reported no error: then all events since the last are there.
  ///   - isVanished: whether somebody has removed the files: then nothing is promised.
  mutating func noteFlush(isGood: Bool, isVanished: Bool) {
    if isGood { for number in flushedCount..<offered.count { flushed[number] = true } }
    flushedCount = offered.count
    promises.append(isVanished ? nothing : now)
  }

  /// A sync has ended, which is a flush too.
  mutating func noteSync(isGood: Bool, isVanished: Bool) {
    if isGood {
      for number in flushedCount..<offered.count { flushed[number] = true }
      for number in riskCount..<offered.count where flushed[number] { synced[number] = true }
    }
    noteFlush(isGood: isGood, isVanished: isVanished)
  }

  /// A sync has failed, and what was at risk is not written again.
  mutating func noteRisk() { riskCount = offered.count }

  /// Somebody has removed the files: until they are there again nothing is promised.
  mutating func noteVanished() { promises.append(nothing) }

  private var nothing: Promise {
    let none = [Bool](repeating: false, count: offered.count)
    return Promise(flushed: none, synced: none)
  }

  /// What is promised now.
  var now: Promise { Promise(flushed: flushed, synced: synced) }
}
