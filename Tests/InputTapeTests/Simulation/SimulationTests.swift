// SPDX-License-Identifier: Apache-2.0
//
// Weeks of recording on computers that sleep, fill up, fail and die: nothing acknowledged is lost,
// nothing is read that was not written, and what is missing is said.
//
// `ITAPE_WEEKS` says how many seeds, from 1 on; `ITAPE_WEEK` runs one seed alone.

import Foundation
import Testing

@Suite struct SimulationTests {
  private static func number(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  /// Weeks in which promises were broken, until that was repaired.
  private static let regressions: [UInt64] = [
    953, 1_290, 2_374, 2_504, 4_733, 5_019, 7_022, 7_170, 7_480, 8_018, 8_151, 9_501,
  ]

  private static var seeds: [UInt64] {
    if let seed = number("ITAPE_WEEK") { return [seed] }
    let count = number("ITAPE_WEEKS") ?? 100
    return Array(1...count) + regressions.filter { $0 > count }
  }

  @Test func weeksKeepWhatTheyPromise() {
    var counts = SimulationCounts()
    for seed in Self.seeds {
      let (more, problems) = SimulatedWeek.run(
        seed: seed, isTold: Self.number("ITAPE_WEEK") != nil)
      counts += more
      if !problems.isEmpty {
        Issue.record("ITAPE_WEEK=\(seed): \(problems.prefix(8).joined(separator: "\n  "))")
      }
    }
    print("seeds from \(Self.seeds[0]) on, \(counts.line)")
    #expect(counts.violations == 0)
    #expect(counts.offered > 100 * counts.weeks && counts.faults > 10 * counts.weeks)
  }
}
