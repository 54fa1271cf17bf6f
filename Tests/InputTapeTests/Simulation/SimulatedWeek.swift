// SPDX-License-Identifier: Apache-2.0
//
// A week of recording, from one seed: processes one after another, until the week is over.

import InputTape
import InputTapeTestKit

/// A week from a seed.
enum SimulatedWeek {
  private static let duration: Int64 = 7 * 24 * 3_600 * 1_000_000_000

  /// Simulates a week and checks everything that came of it.
  ///
  /// - Parameter isTold: whether all is printed that happened where something went wrong.
  /// - Returns: figures, and what went wrong.
  static func run(seed: UInt64, isTold: Bool) -> (counts: SimulationCounts, problems: [String]) {
    var random = SeededRandom(seed: seed)
    var counts = SimulationCounts()
    var problems: [String] = []
    var time: Int64 = 0
    while time < duration {
      let writing = SimulatedWriting(seed: random.next(), time: time)
      writing.run(until: duration, stretches: Int.random(in: 1...32, using: &random))
      var check = SimulationCheck(writing)
      check.run()
      if isTold, !check.problems.isEmpty { print(writing.story) }
      problems += check.problems.map { "writer \(counts.lives): \($0)" }
      counts += check.counts
      counts.lives += 1
      counts.finished += writing.isFinished ? 1 : 0
      counts.faults += writing.plan.hitCount
      counts.segments += writing.disk.paths.count
      time = writing.clock.now() + Int64.random(in: 1...(3_600_000_000_000), using: &random)
    }
    counts.weeks = 1
    counts.seconds = time / 1_000_000_000
    counts.violations = problems.count
    return (counts, problems)
  }
}
