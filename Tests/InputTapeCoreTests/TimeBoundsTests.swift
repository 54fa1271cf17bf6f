// SPDX-License-Identifier: Apache-2.0
//
// From when to when the events of a block's sections are.

import Testing

@testable import InputTapeCore

@Suite struct TimeBoundsTests {
  private static let edge = Int64.max

  /// Of them some turn, some go on beyond the largest time as differences modulo 2⁶⁴ tell, and some
  /// are multiples of a unit.
  private static let columns: [[Int64]] = [
    [5], [1, 2, 3], [3, 2, 9, 1, 8], [edge, -edge - 1], [-edge - 1, edge], [-1, 0], [1, -edge - 1],
    [0, edge - 7, -edge, 5], [edge - 2, edge - 1, edge], [-edge, 0, edge], [7, 7, 7],
    (0..<3_000).map { $0 * 8_000_000 }, (0..<3_000).map { $0 * 1_000 + $0 % 7 },
    (0..<3_000).map { ($0 ^ 5) * 1_000_000 }, (0..<3_000).map { edge - 2_999 + $0 },
    (0..<3_000).map { $0 &* (edge / 2_000) &+ 1 }, (0..<3_000).map { -edge + $0 * (edge / 2_999) },
  ]

  private func batch(_ times: [Int64], on track: TrackID) -> EventBatch {
    var batch = EventBatch(track: track)
    for time in times {
      batch.append(
        Event(time: time, track: track, body: .motion(x: Int32(truncatingIfNeeded: time), y: 1)))
    }
    return batch
  }

  @Test(arguments: columns, Preset.allCases)
  func sectionsHaveTheBoundsOfTheirTimes(times: [Int64], preset: Preset) {
    let batch = batch(times, on: .first)
    var settings = EncodingSettings()
    settings.preset = preset
    var sections = EncodedSections()
    sections.append(
      [batch], content: .events, with: SectionEncoder(), settings: settings, classes: [:])
    #expect(sections.timeBounds.first == times.min() && sections.timeBounds.last == times.max())
    sections.append(
      [batch], content: .state, with: SectionEncoder(), settings: settings, classes: [:],
      neighbourCount: 1 << 16)
    #expect(sections.timeBounds.first == times.min() && sections.timeBounds.last == times.max())
    var found = TimeBounds()
    found.add(times.span, areRising: false)
    #expect(found.first == times.min() && found.last == times.max())
  }

  @Test func severalSectionsHaveOnesBounds() {
    let encoder = SectionEncoder()
    var sections = EncodedSections()
    #expect(sections.timeBounds.first == 0 && sections.timeBounds.last == 0)
    let columns: [[Int64]] = [[9, 12, 40], [-3, 8], [50, 2]]
    let batches = columns.enumerated().map { track, times in
      batch(times, on: TrackID(rawValue: UInt16(track)))
    }
    sections.append(
      batches, content: .events, with: encoder, settings: EncodingSettings(), classes: [:])
    #expect(sections.timeBounds.first == -3 && sections.timeBounds.last == 50)
    sections.removeAll()
    #expect(sections.timeBounds.last == 0)
  }
}
