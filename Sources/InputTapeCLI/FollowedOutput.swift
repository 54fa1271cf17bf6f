// SPDX-License-Identifier: Apache-2.0
//
// `itape cat --follow`: blocks as they come.

import InputTape
import InputTapeInterchange

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Follows a recording until it is closed, or for as long as something comes.
struct FollowedOutput {
  let name: String
  let filter: EventFilter
  /// How long nothing may come, in nanoseconds; nil for ever.
  let patience: Int64?

  /// - Parameter body: is given groups of events; false ends it.
  func run(_ body: (EventGroup) throws -> Bool) throws {
    let follower = RecordingFollower(path: name, filter: filter)
    var lastTime = MonotonicClock.now()
    var reportedCount = 0
    var missingCount = 0
    var isSaid = false
    while true {
      do {
        switch try follower.next() {
        case .block(let runs):
          lastTime = MonotonicClock.now()
          guard try write(runs, body) else { return }
        case .end:
          return try checkLosses(follower)
        default:
          if !isSaid, !SystemFiles.isThere(name) {
            StandardError.say("\(name) is not there yet: waiting for it")
          }
          isSaid = true
          if let patience, MonotonicClock.now() - lastTime > patience {
            try checkLosses(follower)
            throw CommandFailure(
              code: CommandFailure.loss, "\(name): not closed, and nothing has come for a while")
          }
          usleep(20_000)
        }
      } catch {
        throw CommandFailure(error, in: name)
      }
      report(follower, &reportedCount)
      for segment in follower.missingSegments.dropFirst(missingCount) {
        StandardError.say("\(name): segment \(segment) is missing")
      }
      missingCount = follower.missingSegments.count
    }
  }

  private func write(_ runs: OrderedRuns, _ body: (EventGroup) throws -> Bool) throws -> Bool {
    var goesOn = true
    try runs.forEachGroup(eventsPerGroup: 8_192) { group in
      if goesOn { goesOn = try body(group) }
    }
    return goesOn
  }

  private func report(_ follower: RecordingFollower, _ count: inout Int) {
    let losses = follower.losses
    for loss in losses.dropFirst(count) {
      StandardError.say("\(name): \(loss.error)")
    }
    count = losses.count
  }

  private func checkLosses(_ follower: RecordingFollower) throws {
    var words: [String] = []
    if !follower.losses.isEmpty {
      words.append("\(Counted.words(follower.losses.count, "part")) could not be read")
    }
    if !follower.missingSegments.isEmpty {
      let numbers = follower.missingSegments.map(String.init).joined(separator: ", ")
      words.append("missing segments: \(numbers)")
    }
    guard words.isEmpty else {
      throw CommandFailure(
        code: CommandFailure.loss, "\(name): \(words.joined(separator: "; "))")
    }
  }
}
