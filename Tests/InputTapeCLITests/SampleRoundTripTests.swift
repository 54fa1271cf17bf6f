// SPDX-License-Identifier: Apache-2.0
//
// The samples through a recording and back: the same lines, whatever the settings.

import Foundation
import InputTape
import InputTapeInterchange
import InputTapeTestKit
import Testing

@Suite struct SampleRoundTripTests {
  private static let settings: [EncodingSettings] = [
    EncodingSettings(preset: .fast), EncodingSettings(), EncodingSettings(preset: .compact),
    EncodingSettings(compression: .none), EncodingSettings(compression: .deflate(level: nil)),
  ]

  @Test(arguments: settings, [1, 7, 256, 65_536])
  func everyKindComesBack(_ settings: EncodingSettings, _ eventsPerBlock: Int) throws {
    let path = SampleFiles.folder + "/all-kinds.jsonl"
    let text = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let recording = try SampleFiles.record(
      SampleFiles.events(text), settings, eventsPerBlock: eventsPerBlock)
    let reader = try RecordingReader(source: MemorySource(recording))
    let copy = String(decoding: try lines(reader), as: UTF8.self)
    #expect(reader.status.losses.isEmpty)
    #expect(copy == String(decoding: text, as: UTF8.self))
  }

  @Test(arguments: settings)
  func theDesktopComesBack(_ settings: EncodingSettings) throws {
    let group = try SampleFiles.desktop()
    #expect(group.count == 37_285)
    let recording = try SampleFiles.record(group, settings, eventsPerBlock: 65_536)
    let copy = try lines(RecordingReader(source: MemorySource(recording)))
    #expect(copy == SampleFiles.text(group))
  }

  private func lines(_ reader: borrowing RecordingReader) throws -> [UInt8] {
    var batches: [TrackID: EventBatch] = [:]
    try reader.forEachEvent { event in
      batches[event.track, default: EventBatch(track: event.track)].append(event)
    }
    return SampleFiles.text(EventGroup(merging: batches.keys.sorted().compactMap { batches[$0] }))
  }
}
