// SPDX-License-Identifier: Apache-2.0
//
// What a reader finds of a simulated recording, and whether it may.

import InputTape
import InputTapeTestKit

/// A recording as it is read, held against what was offered.
struct SimulatedReading {
  private(set) var events: [Event] = []
  private(set) var status = ReadStatus()
  private(set) var extraCount = 0
  private(set) var problems: [String] = []
  private(set) var isReadable = true
  /// The numbers of the events that are there, gaps aside.
  private(set) var numbers: [Int] = []

  init(
    _ path: String, _ disk: MemoryStorage, opening: RecordingReader.Opening = .automatic,
    model: SimulatedModel
  ) {
    do {
      let reader = try RecordingReader(
        path: path, opening: opening, mode: .salvage, storage: disk)
      try reader.forEachEvent { events.append($0) }
      extraCount = try reader.extraRecords().count
      status = reader.status
    } catch {
      isReadable = false
    }
    checkEvents(model)
    if status.losses.isEmpty { checkOrder() }
  }

  /// The gaps that count what is missing, by cause.
  var gapCounts: [GapCause: Int64] {
    var counts: [GapCause: Int64] = [:]
    for case .gap(let gap) in events.map(\.body) { counts[gap.cause, default: 0] += gap.count }
    return counts
  }

  /// What only a writer says is missing.
  var writerGapCount: Int64 {
    gapCounts.filter { SimulatedModel.writerCauses.contains($0.key) }.values.reduce(0, +)
  }

  /// Whether gaps of this cause are only there because somebody offered them.
  private static func isOffered(_ cause: GapCause) -> Bool {
    cause != .unknown && !SimulatedModel.writerCauses.contains(cause)
  }

  /// Nothing is there that was not offered, nothing twice, and each track is in its order.
  private mutating func checkEvents(_ model: SimulatedModel) {
    problems += Self.disorder(in: events, model)
    numbers = events.compactMap(model.number)
    for (cause, count) in gapCounts where Self.isOffered(cause) {
      let offered = model.gapCounts[cause] ?? 0
      if count > offered { problems.append("gaps of cause \(cause) count \(count) of \(offered)") }
    }
  }

  /// What is wrong with a sequence of events that each track should have in its order.
  static func disorder(in events: [Event], _ model: SimulatedModel) -> [String] {
    var problems: [String] = []
    var last: [TrackID: Int] = [:]
    for event in events where event.kind != .gap {
      guard let number = model.number(of: event) else {
        problems.append("read what was not written: \(event)")
        continue
      }
      if number <= last[event.track] ?? -1 {
        problems.append("out of order, or twice: \(event)")
      }
      last[event.track] = number
    }
    return problems
  }

  /// Of the tracks' next events the one with the least time and track comes next.
  private mutating func checkOrder() {
    var queues: [TrackID: [Event]] = [:]
    for event in events { queues[event.track, default: []].append(event) }
    var heads = queues.mapValues { _ in 0 }
    for event in events {
      let next = heads.compactMap { track, head in
        queues[track].flatMap { head < $0.count ? $0[head] : nil }
      }.min { ($0.time, $0.track) < ($1.time, $1.track) }
      guard next == event else {
        problems.append("\(event) comes before \(String(describing: next))")
        return
      }
      heads[event.track, default: 0] += 1
    }
  }

  /// What was promised and is not there.
  func broken(_ promised: [Bool]) -> [String] {
    let found = Set(numbers)
    let missing = promised.indices.filter { promised[$0] && !found.contains($0) }
    guard let first = missing.first else { return [] }
    return ["\(missing.count) events that were acknowledged are missing, from number \(first) on"]
  }
}
